/**
 * Prints what PyTorch's side needs of networks: `npx tsx tests/parity/names.ts REF...`. Parameters with the official
 * checkpoint's names, and which nodes rectify and pool; nothing of how nodes are connected.
 */
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { consumersById, inputNode, logitsNode } from '../../src/models/lookup.ts';
import { nodeParameters } from '../../src/models/parameters.ts';

const described = process.argv.slice(2).map((ref) => {
  const { graph } = buildNetwork(ref);
  // timm's names are those of the form that its weights were trained in; the form has the same nodes.
  const { names } = buildNetwork(ref === 'mobilenet-v1-100' ? 'mobilenet-v1?activation=relu6' : ref);
  const official = Object.entries(names).find(([source]) => source !== 'convscope')?.[1];
  const ids = (kind: string): string[] =>
    graph.nodes.filter(({ op }) => op.kind === kind).map(({ id }) => id);
  // A graph with side branches would give them more rectifiers than the logits read.
  if (graph.nodes.some(({ id }) => id !== graph.output && consumersById(graph).get(id)?.length === 0))
    throw new Error(`${ref}: has more outputs than one`);
  return {
    ref,
    input: inputNode(graph).shape,
    logits: logitsNode(graph).id,
    relu: ids('relu'),
    maxPool: ids('maxPool'),
    parameters: graph.nodes.flatMap((node) =>
      nodeParameters(graph, node).map(({ name, shape }) => ({
        node: node.id,
        name,
        shape,
        official: official?.(node, name) ?? null,
      })),
    ),
  };
});
console.log(JSON.stringify(described));

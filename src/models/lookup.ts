import { clipped, ConvScopeError } from './errors.ts';
import type { Graph, Node, Shape } from './graph.ts';

const indices = new WeakMap<Graph, ReadonlyMap<string, Node>>();

/** Every node of a graph by its id; built once a graph. */
export function nodesById(graph: Graph): ReadonlyMap<string, Node> {
  let index = indices.get(graph);
  if (!index) {
    index = new Map(graph.nodes.map((node) => [node.id, node]));
    indices.set(graph, index);
  }
  return index;
}

/** The node with this id. Throws 'unknown-layer' with the ids that look most like it. */
export function nodeById(graph: Graph, id: string): Node {
  const node = nodesById(graph).get(id);
  if (node) return node;
  const near = nearestNames(
    id,
    graph.nodes.map((each) => each.id),
  );
  const layer = clipped(id);
  throw new ConvScopeError('unknown-layer', `There is no layer '${layer}'. Nearest: ${near.join(', ')}.`, {
    layer,
    nearest: near,
  });
}

/** The shapes that a node reads, in the order of its inputs. */
export function inputShapes(graph: Graph, node: Node): readonly Shape[] {
  return node.inputs.map((id) => nodeById(graph, id).shape);
}

const consumerIndices = new WeakMap<Graph, ReadonlyMap<string, readonly Node[]>>();

/** For every node, the nodes that read it, in topological order. */
export function consumersById(graph: Graph): ReadonlyMap<string, readonly Node[]> {
  const known = consumerIndices.get(graph);
  if (known) return known;
  const consumers = new Map<string, Node[]>(graph.nodes.map((node) => [node.id, []]));
  for (const node of graph.nodes) {
    for (const id of new Set(node.inputs)) consumers.get(id)?.push(node);
  }
  consumerIndices.set(graph, consumers);
  return consumers;
}

/** The graph's one input node: it stands first. */
export function inputNode(graph: Graph): Node {
  return graph.nodes[0]!;
}

/**
 * The node whose values are class scores before any softmax: what classification ranks and projection seeds.
 * LeNet-5 of 1998 ends in distances, of which the smallest wins; it has no softmax and this is its RBF node.
 */
export function logitsNode(graph: Graph): Node {
  const output = nodeById(graph, graph.output);
  return output.op.kind === 'softmax' ? nodeById(graph, output.inputs[0]!) : output;
}

/** Longer than every name; an address may have a megabyte in a name's place. */
const longestName = 100;

/** The `count` names nearest to `wanted` by edit distance, case ignored; ties keep the given order. */
export function nearestNames(wanted: string, names: readonly string[], count = 5): string[] {
  const target = wanted.slice(0, longestName).toLowerCase();
  return names
    .map((name, order) => ({ name, order, distance: editDistance(target, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || a.order - b.order)
    .slice(0, count)
    .map(({ name }) => name);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

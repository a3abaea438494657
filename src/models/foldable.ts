import type { Graph, Node, OpKind } from './graph.ts';
import { consumersById, nodesById } from './lookup.ts';

/** A ReLU that a convolution applies to each value as it writes it. */
export type FusedActivation = 'linear' | 'relu' | 'relu6';

/** A layer that runs as one step with the nodes behind it, where nobody looks at what is between them. */
export interface Fold {
  /** The layer that is computed: a convolution, a dense layer, or a normalisation that no convolution can take in. */
  readonly layer: string;
  /** The batch normalisation that goes into a convolution's weights; null where there is none. */
  readonly normalisation: string | null;
  readonly activation: FusedActivation;
  /** Whose activation comes out: the last of the nodes that are folded. */
  readonly last: string;
}

/** How a ReLU is called where it is part of another op; null for a cap that no such op knows. */
export function fusedRelu({ op }: Node): FusedActivation | null {
  if (op.kind !== 'relu') return null;
  return op.cap === undefined ? 'relu' : op.cap === 6 ? 'relu6' : null;
}

/** The nodes that a graph's output depends on, itself included, in topological order. */
export function ancestors(graph: Graph, id: string): readonly Node[] {
  const byId = nodesById(graph);
  const needed = new Set<string>();
  // A list instead of calls: graphs may be thousands of layers deep.
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (needed.has(next)) continue;
    needed.add(next);
    open.push(...(byId.get(next)?.inputs ?? []));
  }
  return graph.nodes.filter((node) => needed.has(node.id));
}

/**
 * What can be folded where only the output is wanted, by the layer that is computed: the normalisation that alone reads a
 * convolution goes into its weights, and the ReLU that alone reads a layer runs with it. Dropout passes its values on at
 * inference and is passed over. A value that two nodes read, or that is the output, ends a fold. Auxiliary heads are no
 * readers: the output does not depend on them.
 */
export function foldable(graph: Graph): ReadonlyMap<string, Fold> {
  const needed = ancestors(graph, graph.output);
  const running = new Set(needed);
  const readers = consumersById(graph);
  const onlyReader = (id: string): Node | null => {
    const [only, ...others] = readers.get(id)!.filter((node) => running.has(node));
    return id !== graph.output && only && others.length === 0 ? only : null;
  };
  const folds = new Map<string, Fold>();
  const inside = new Set<string>();
  for (const node of needed) {
    if (inside.has(node.id) || !heads.has(node.op.kind)) continue;
    const fold = foldFrom(node, onlyReader);
    if (fold.last === node.id) continue;
    folds.set(node.id, fold);
    if (fold.normalisation) inside.add(fold.normalisation);
  }
  return folds;
}

const heads: ReadonlySet<OpKind> = new Set(['conv', 'dense', 'batchNorm']);

function foldFrom(head: Node, onlyReader: (id: string) => Node | null): Fold {
  let normalisation: string | null = null;
  let activation: FusedActivation = 'linear';
  let last = head.id;
  for (let next = onlyReader(last); next; next = onlyReader(last)) {
    const relu = fusedRelu(next);
    const takesIn = head.op.kind === 'conv' && next.op.kind === 'batchNorm' && normalisation === null;
    if (activation === 'linear' && relu) activation = relu;
    else if (activation === 'linear' && takesIn) normalisation = next.id;
    else if (next.op.kind !== 'dropout') break;
    last = next.id;
  }
  return { layer: head.id, normalisation, activation, last };
}

import { ancestors, foldable, fusedRelu, type Fold, type FusedActivation } from '../models/foldable.ts';
import type { Graph, Node, OpOf } from '../models/graph.ts';
import { consumersById, logitsNode, nodesById } from '../models/lookup.ts';

/**
 * How a pass runs. 'kept': every activation can be asked for; 'freed': the output only; 'folded': the output and the
 * logits only, on weights that are folded.
 */
export type Manner = 'kept' | 'freed' | 'folded';

/** One op of a pass, and what runs together with it. */
export interface Step {
  /** Whose activation it makes: the last of the nodes that run together. */
  readonly node: Node;
  /** Whose op is computed: the node itself, the normalisation before a ReLU, the layer of a fold. */
  readonly runs: Node;
  readonly activation: FusedActivation;
  readonly macs: number;
  /** What nobody reads any more when it has run. */
  readonly frees: readonly string[];
}

export interface Plan {
  readonly steps: readonly Step[];
  /** Normalisations that run as part of a ReLU: by themselves only when they are asked for. */
  readonly later: readonly Step[];
}

const plans: Readonly<Record<Manner, WeakMap<Graph, Plan>>> = {
  kept: new WeakMap(),
  freed: new WeakMap(),
  folded: new WeakMap(),
};

/** What a pass runs, in order; found once a graph. */
export function planOf(graph: Graph, manner: Manner): Plan {
  const known = plans[manner].get(graph);
  if (known) return known;
  const plan = makePlan(graph, manner);
  plans[manner].set(graph, plan);
  return plan;
}

function makePlan(graph: Graph, manner: Manner): Plan {
  const byId = nodesById(graph);
  const nodes = manner === 'kept' ? graph.nodes : ancestors(graph, graph.output);
  const folds = manner === 'folded' ? foldable(graph) : joinable(graph, nodes);
  const within = nodesWithin(graph, folds);
  const stepOf = (runs: Node, fold?: Fold): Step => ({
    node: fold ? byId.get(fold.last)! : runs,
    runs,
    activation: fold?.activation ?? 'linear',
    macs: nodeMacs(runs, byId),
    frees: [],
  });
  const steps = nodes.filter(({ id }) => !within.has(id)).map((node) => stepOf(node, folds.get(node.id)));
  if (manner === 'kept') return { steps, later: [...folds.keys()].map((id) => stepOf(byId.get(id)!)) };
  const wanted = manner === 'freed' ? [graph.output] : [graph.output, logitsNode(graph).id];
  return { steps: withFrees(steps, wanted), later: [] };
}

/** Batch normalisations that only a ReLU reads: both run in one pass over memory in place of two. */
function joinable(graph: Graph, nodes: readonly Node[]): ReadonlyMap<string, Fold> {
  const running = new Set(nodes);
  const readers = consumersById(graph);
  const joins = new Map<string, Fold>();
  for (const { id, op } of nodes) {
    if (op.kind !== 'batchNorm' || id === graph.output) continue;
    const [only, ...others] = readers.get(id)!.filter((node) => running.has(node));
    const activation = only && others.length === 0 ? fusedRelu(only) : null;
    if (only && activation) joins.set(id, { layer: id, normalisation: null, activation, last: only.id });
  }
  return joins;
}

/** All but the first node of every fold. */
function nodesWithin(graph: Graph, folds: ReadonlyMap<string, Fold>): ReadonlySet<string> {
  const byId = nodesById(graph);
  const within = new Set<string>();
  for (const { layer, last } of folds.values()) {
    for (let id = last; id !== layer; id = byId.get(id)!.inputs[0]!) within.add(id);
  }
  return within;
}

function withFrees(steps: readonly Step[], wanted: readonly string[]): Step[] {
  const readLater = new Set(wanted);
  return [...steps]
    .reverse()
    .map((step) => {
      const frees = [...new Set(step.runs.inputs)].filter((id) => !readLater.has(id));
      frees.forEach((id) => readLater.add(id));
      return { ...step, frees };
    })
    .reverse();
}

/** Multiply-accumulates of one node, roughly: they decide when a GPU gets a pause. */
export function nodeMacs(node: Node, byId: ReadonlyMap<string, Node>): number {
  const [height, width, channels] = node.shape;
  const source = byId.get(node.inputs[0] ?? '')?.shape ?? node.shape;
  if (node.op.kind === 'dense') return node.op.units * source[0] * source[1] * source[2];
  const outputs = height * width * channels;
  if (node.op.kind !== 'conv') return outputs;
  const { kernel, groups }: OpOf<'conv'> = node.op;
  return (outputs * kernel[0] * kernel[1] * source[2]) / groups;
}

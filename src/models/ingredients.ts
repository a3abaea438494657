import type { BlockKind, Graph, Node, Op } from './graph.ts';
import { nodeById } from './lookup.ts';

/** What a network is made of, as a filter of the list has it. */
export const ingredients = [
  'lrn',
  'batchNorm',
  '1x1',
  'inception',
  'residual',
  'dense',
  'fractal',
  'depthwise',
  'grouped',
  'globalAverage',
  'dropout',
  'auxiliary',
] as const;

export type Ingredient = (typeof ingredients)[number];

const inputChannels = (graph: Graph, node: Node): number => nodeById(graph, node.inputs[0]!).shape[2];

const isConv = (op: Op): op is Extract<Op, { kind: 'conv' }> => op.kind === 'conv';

/** 1x1 convolutions that shortcuts alone have do not make a network one of 1x1: the map must be mixed, not subsampled. */
function mixesChannels({ op, id }: Node): boolean {
  return isConv(op) && op.kernel[0] === 1 && op.kernel[1] === 1 && !/shortcut/.test(id);
}

const found = new WeakMap<Graph, ReadonlySet<Ingredient>>();

/** The ingredients of a graph, in no order; computed once a graph, in time linear in its nodes. */
export function ingredientsOf(graph: Graph): ReadonlySet<Ingredient> {
  const known = found.get(graph);
  if (known) return known;
  const has = (test: (node: Node) => boolean): boolean => graph.nodes.some(test);
  const block = (...kinds: readonly BlockKind[]): boolean =>
    graph.blocks.some(({ kind }) => kinds.includes(kind));
  const tests: Readonly<Record<Ingredient, () => boolean>> = {
    lrn: () => has(({ op }) => op.kind === 'lrn'),
    batchNorm: () => has(({ op }) => op.kind === 'batchNorm'),
    '1x1': () => has(mixesChannels),
    inception: () => block('inception'),
    residual: () => has(({ op }) => op.kind === 'add'),
    dense: () => block('dense'),
    fractal: () => block('fractal'),
    depthwise: () =>
      has((node) => isConv(node.op) && node.op.groups > 1 && node.op.groups === inputChannels(graph, node)),
    grouped: () =>
      has((node) => isConv(node.op) && node.op.groups > 1 && node.op.groups < inputChannels(graph, node)),
    globalAverage: () => has(({ op, shape, inputs }) => averagesWhole(graph, op, shape, inputs)),
    dropout: () => has(({ op }) => op.kind === 'dropout'),
    auxiliary: () => block('auxiliary'),
  };
  const set = new Set(ingredients.filter((each) => tests[each]()));
  found.set(graph, set);
  return set;
}

function averagesWhole(graph: Graph, op: Op, shape: Node['shape'], inputs: readonly string[]): boolean {
  if (op.kind === 'globalAvgPool') return true;
  if (op.kind !== 'avgPool' || shape[0] !== 1 || shape[1] !== 1) return false;
  const [height, width] = nodeById(graph, inputs[0]!).shape;
  return op.kernel[0] === height && op.kernel[1] === width;
}

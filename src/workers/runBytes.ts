import { foldable } from '../models/foldable.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, OpTable, Shape } from '../models/graph.ts';
import { inputShapes } from '../models/lookup.ts';
import type { RunBytes } from '../models/memoryRun.ts';
import { elements } from '../models/shape.ts';
import type { Purpose } from './contract.ts';
import { planOf, type Plan } from './forwardPlan.ts';
import { windowCounts } from './weightsLayoutArrays.ts';

/**
 * What the tensors of a network take, in bytes: exactly what `prepareWeights` makes and what a pass holds (tested), told
 * before anything is fetched. What an op makes and frees within itself is not in it.
 */
export function runBytes(graph: Graph, purpose: Purpose): RunBytes {
  const layers = layerValues(graph, purpose === 'answers');
  const plan = planOf(graph, purpose === 'answers' ? 'folded' : 'kept');
  let weights = 0;
  let kernels = 0;
  let largest = { bytes: 0, node: '' };
  for (const node of graph.nodes) {
    const { values, kernel } = layers.get(node.id) ?? nothing;
    const [input = node.shape] = inputShapes(graph, node);
    // A dense layer is cut by units, and a row of one unit cannot be.
    const whole = node.op.kind === 'conv' ? kernel : node.op.kind === 'dense' ? elements(input) : 0;
    const bytes = 4 * Math.max(whole, elements(node.shape));
    weights += 4 * values;
    kernels += 4 * kernel;
    if (bytes > largest.bytes) largest = { bytes, node: node.id };
  }
  return { weights, kernels, activations: activationBytes(plan), largest };
}

const bytesOf = ({ shape }: Node): number => 4 * elements(shape);

/** The most that is held at once; of a pass that keeps everything, all, with what is made only when somebody looks. */
function activationBytes({ steps, later }: Plan): number {
  const held = new Map<string, number>();
  let now = 0;
  let most = 0;
  for (const { node, frees } of steps) {
    held.set(node.id, bytesOf(node));
    now += bytesOf(node);
    most = Math.max(most, now);
    for (const id of frees) now -= held.get(id) ?? 0;
  }
  return most + later.reduce((sum, { node }) => sum + bytesOf(node), 0);
}

/** Float32 values of a layer's tensors; `kernel`: of them those that XNNPACK packs when the layer runs. */
interface LayerValues {
  readonly values: number;
  readonly kernel: number;
}

interface Held {
  readonly node: Node;
  readonly input: Shape;
  /** A normalisation is folded into this convolution. */
  readonly normalised: boolean;
}

const nothing: LayerValues = { values: 0, kernel: 0 };

function layerValues(graph: Graph, folded: boolean): ReadonlyMap<string, LayerValues> {
  const folds = folded ? foldable(graph) : new Map<string, { readonly normalisation: string | null }>();
  const within = new Set([...folds.values()].map(({ normalisation }) => normalisation));
  const found = new Map<string, LayerValues>();
  for (const node of graph.nodes) {
    if (within.has(node.id)) continue;
    const [input = node.shape] = inputShapes(graph, node);
    const normalised = (folds.get(node.id)?.normalisation ?? null) !== null;
    found.set(node.id, dispatch(table, node.op, { node, input, normalised }));
  }
  return found;
}

const convolution = (kernel: number, rest: number): LayerValues => ({ values: kernel + rest, kernel });
const none = (): LayerValues => nothing;

/** The layers of `weightsLayout.ts`, counted. */
const table: OpTable<[Held], LayerValues> = {
  input: none,
  conv: (op, { input, normalised }) => {
    const strided = op.stride[0] > 1 || op.stride[1] > 1;
    // A stride and a dilation together: zeros between the taps.
    const along = (axis: 0 | 1) =>
      strided ? (op.kernel[axis] - 1) * op.dilation[axis] + 1 : op.kernel[axis];
    const kernel = along(0) * along(1) * (input[2] / op.groups) * op.filters;
    return convolution(kernel, op.bias || normalised ? op.filters : 0);
  },
  dense: (op, { input }) => ({ values: op.units * elements(input) + (op.bias ? op.units : 0), kernel: 0 }),
  maxPool: none,
  avgPool: (op, { node, input }) => {
    const inside = windowCounts(op, input, node.shape, [0, 0, 0, 0]);
    const counted = windowCounts(op, input, node.shape, op.counted);
    const corrected = counted.some((count, i) => count !== inside[i]);
    const taps = op.kernel[0] * op.kernel[1] * node.shape[2];
    // Its window's kernel is for the way back only.
    return { values: (corrected ? 2 : 1) * elements(node.shape) + taps, kernel: 0 };
  },
  globalAvgPool: none,
  batchNorm: (_op, { node }) => convolution(node.shape[2], node.shape[2]),
  lrn: (_op, { node }) => {
    const band = node.shape[2] ** 2;
    // One band for the way back, one with the factor for the way forth.
    return { values: 2 * band + node.shape[2], kernel: band };
  },
  relu: none,
  sigmoid: none,
  tanh: none,
  subsample: (op, { node }) => convolution(op.kernel[0] * op.kernel[1] * node.shape[2], node.shape[2]),
  rbf: (op, { input }) => ({ values: op.units * elements(input), kernel: 0 }),
  dropout: none,
  add: none,
  mean: none,
  concat: none,
  channelPad: none,
  softmax: none,
};

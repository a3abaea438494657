import {
  addN,
  clipByValue,
  clone,
  concat,
  conv2d,
  div,
  pad as padTensor,
  pow,
  reshape,
  rsqrt,
  scalar,
  sqrt,
  square,
  squaredDifference,
  sum,
} from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { FusedActivation } from '../models/foldable.ts';
import type { Node, OpOf, OpTable, Shape } from '../models/graph.ts';
import {
  add,
  avgPooling,
  convolution,
  maxPooling,
  mul,
  relu,
  relu6,
  sigmoid,
  softmax,
  tanh,
} from './forwardKernels.ts';
import type { Programs } from './forwardPrograms.ts';
import { wasmDense } from './wasmDense.ts';
import { addressOf, emptyTensor, wasmKernels } from './wasmKernels.ts';
import type { ConvLayer, GraphWeights } from './weightsLayout.ts';

/** What a row needs beside its op. Activations are `[1, height, width, channels]`. */
export interface ForwardContext {
  readonly node: Node;
  readonly inputs: readonly Tensor4D[];
  readonly weights: GraphWeights;
  readonly programs: Programs;
  /** What convolutions, dense layers and normalisations apply to each value that they write. Left out: nothing. */
  readonly activation?: FusedActivation;
}

export function batched([height, width, channels]: Shape): [number, number, number, number] {
  return [1, height, width, channels];
}

function only({ node, inputs }: ForwardContext): Tensor4D {
  const [x] = inputs;
  if (!x || inputs.length !== 1) {
    throw new ConvScopeError(
      'graph-invalid',
      `${node.id}: ${node.op.kind} needs one input, got ${inputs.length}.`,
    );
  }
  return x;
}

const flat = (x: Tensor4D): Tensor2D => reshape(x, [1, x.size]);

/** All values as the channels of one pixel. */
const asPixel = (x: Tensor4D): Tensor4D => (x.shape[3] === x.size ? x : reshape(x, [1, 1, 1, x.size]));

/** Runs a convolution layer: full and depthwise by tfjs, groups by the backend's own program. */
export function runConv(
  x: Tensor4D,
  layer: ConvLayer,
  output: Shape,
  programs: Programs,
  activation: FusedActivation = 'linear',
): Tensor4D {
  if (layer.mode === 'grouped') return activated(programs.groupedConv(x, layer, output), activation);
  return convolution(x, layer.kernels[0] as Tensor4D, layer.bias, layer, activation);
}

const activated = (x: Tensor4D, activation: FusedActivation): Tensor4D =>
  activation === 'linear' ? x : activation === 'relu' ? relu(x) : relu6(x);

const times = (x: Tensor4D, factor: number): Tensor4D => (factor === 1 ? x : mul(x, scalar(factor)));

/** amplitude * tanh(slope * x). tfjs's tanh on wasm takes one value after the other, our own kernel four. */
function scaledTanh({ slope, amplitude }: OpOf<'tanh'>, x: Tensor4D): Tensor4D {
  const kernels = x.size < 4 ? null : wasmKernels();
  if (!kernels) return times(tanh(times(x, slope)), amplitude);
  const y = emptyTensor<Tensor4D>(x.shape);
  kernels.scaledTanh(addressOf(x), addressOf(y), 4 * x.size, slope, amplitude);
  return y;
}

/** The row of every op whose layer is a convolution. */
const convRow = (_op: unknown, c: ForwardContext): Tensor4D =>
  runConv(only(c), c.weights.layer(c.node, 'conv'), c.node.shape, c.programs, c.activation);

/** s = k + (alpha or alpha/size) * sum over the window of a^2. */
export function lrnDenominator(op: OpOf<'lrn'>, x: Tensor4D, band: Tensor4D): Tensor4D {
  const factor = op.alphaOverSize ? op.alpha / op.size : op.alpha;
  return add(mul(conv2d(square(x), band, 1, 'valid'), scalar(factor)), scalar(op.k));
}

/** s^-beta for positive s; roots are much faster than a general power on wasm. */
export function negativePower(s: Tensor4D, beta: number): Tensor4D {
  if (beta !== 0.5 && beta !== 0.75) return pow(s, scalar(-beta));
  const root: Tensor4D = rsqrt(s);
  return beta === 0.5 ? root : mul(root, sqrt(root));
}

/** Forward pass, one row an op: activations in, the node's activation out. Call inside `tidy`. */
export const forwardTable: OpTable<[ForwardContext], Tensor4D> = {
  input: (_op, { node }) => {
    throw new ConvScopeError('graph-invalid', `${node.id}: an input is given, not computed.`);
  },
  conv: convRow,
  dense: (op, c) => {
    const layer = c.weights.layer(c.node, 'dense');
    const x = only(c);
    const units = wasmDense(x, layer) ?? reshape(c.programs.dense(flat(x), layer), [1, 1, 1, op.units]);
    return activated(units, c.activation ?? 'linear');
  },
  maxPool: (op, c) => maxPooling(only(c), op),
  avgPool: (op, c) => {
    const { correction } = c.weights.layer(c.node, 'average');
    const pooled = avgPooling(only(c), op);
    return correction ? mul(pooled, correction) : pooled;
  },
  globalAvgPool: (_op, c) => {
    const x = only(c);
    return avgPooling(x, { kernel: [x.shape[1], x.shape[2]], stride: [1, 1], pad: [0, 0, 0, 0] });
  },
  batchNorm: convRow,
  lrn: (op, c) => c.programs.lrn(only(c), op, c.weights.layer(c.node, 'lrn')),
  relu: ({ cap }, c) => {
    if (cap === undefined) return relu(only(c));
    return cap === 6 ? relu6(only(c)) : clipByValue(only(c), 0, cap);
  },
  sigmoid: (_op, c) => sigmoid(only(c)),
  tanh: (op, c) => scaledTanh(op, only(c)),
  subsample: convRow,
  rbf: (op, c) => {
    const { prototypes } = c.weights.layer(c.node, 'rbf');
    return reshape(sum(squaredDifference(prototypes, flat(only(c))), 1), [1, 1, 1, op.units]);
  },
  dropout: (_op, c) => clone(only(c)),
  add: (_op, c) => joined(c),
  mean: (_op, c) => div(joined(c), scalar(c.inputs.length)),
  concat: (_op, c) => (c.inputs.length === 1 ? clone(only(c)) : concat([...c.inputs], 3)),
  channelPad: (op, c) =>
    padTensor(only(c), [
      [0, 0],
      [0, 0],
      [0, 0],
      [op.before, op.after],
    ]),
  softmax: (_op, c) => {
    const x = only(c);
    const y = softmax(asPixel(x));
    return x.shape[3] === x.size ? y : reshape(y, x.shape);
  },
};

function joined({ node, inputs }: ForwardContext): Tensor4D {
  const [a, b] = inputs;
  if (!a) throw new ConvScopeError('graph-invalid', `${node.id}: ${node.op.kind} needs an input.`);
  if (!b) return clone(a);
  return inputs.length === 2 ? add(a, b) : addN([...inputs]);
}

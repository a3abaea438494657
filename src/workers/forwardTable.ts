import {
  add,
  addN,
  avgPool,
  clipByValue,
  clone,
  concat,
  conv2d,
  div,
  fused,
  getBackend,
  maxPool,
  mul,
  pad as padTensor,
  pow,
  relu,
  relu6,
  reshape,
  rsqrt,
  scalar,
  sigmoid,
  softmax,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  tanh,
} from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { FusedActivation } from '../models/foldable.ts';
import type { Node, OpOf, OpTable, Pad, Shape } from '../models/graph.ts';
import type { Programs } from './forwardPrograms.ts';
import type { ConvLayer, DenseLayer, GraphWeights } from './weightsLayout.ts';

/** What a row needs beside its op. Activations are `[1, height, width, channels]`. */
export interface ForwardContext {
  readonly node: Node;
  readonly inputs: readonly Tensor4D[];
  readonly weights: GraphWeights;
  readonly programs: Programs;
  /** What convolutions, dense layers and normalisations apply to each value that they write. Left out: nothing. */
  readonly activation?: FusedActivation;
}

/** tfjs's explicit padding of NHWC; a single number would pad 1x7 kernels wrongly. */
export function explicitPad([top, bottom, left, right]: Pad): [
  [number, number],
  [number, number],
  [number, number],
  [number, number],
] {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
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

/** Runs a convolution layer: full and depthwise by tfjs, groups by the backend's own program. */
export function runConv(
  x: Tensor4D,
  layer: ConvLayer,
  output: Shape,
  programs: Programs,
  activation: FusedActivation = 'linear',
): Tensor4D {
  if (layer.mode === 'grouped') return activated(programs.groupedConv(x, layer, output), activation);
  const [filter] = layer.kernels as [Tensor4D];
  const strides = layer.stride as [number, number];
  const dilations = layer.dilation as [number, number];
  const pad = explicitPad(layer.pad);
  const bias = layer.bias ?? undefined;
  if (layer.mode === 'full') return fused.conv2d({ x, filter, strides, pad, dilations, bias, activation });
  // The kernels take explicit padding; only the type of the depthwise functions leaves it out.
  const depthwisePad = pad as unknown as number;
  return fused.depthwiseConv2d({ x, filter, strides, pad: depthwisePad, dilations, bias, activation });
}

const activated = (x: Tensor4D, activation: FusedActivation): Tensor4D =>
  activation === 'linear' ? x : activation === 'relu' ? relu(x) : relu6(x);

/** A dense layer as the 1x1 convolution of one pixel that has all inputs as its channels. */
function packedDense(
  x: Tensor4D,
  { kernel, bias }: NonNullable<DenseLayer['packed']>,
  activation: FusedActivation,
): Tensor4D {
  const pixel: Tensor4D = x.shape[3] === x.size ? x : reshape(x, [1, 1, 1, x.size]);
  return fused.conv2d({
    ...{ x: pixel, filter: kernel, strides: 1, pad: 'valid', activation },
    ...(bias && { bias }),
  });
}

const times = (x: Tensor4D, factor: number): Tensor4D => (factor === 1 ? x : mul(x, scalar(factor)));

const twice = (x: Tensor4D, factor: number): Tensor4D =>
  factor === 1 ? add(x, x) : mul(x, scalar(2 * factor));

/**
 * amplitude * tanh(slope * x). tfjs's tanh on wasm takes one value after the other and XNNPACK's sigmoid many at a time:
 * tanh(x) = 2 sigmoid(2x) - 1, off by 2e-7 at most, is three times as fast from some thousand values on.
 */
function scaledTanh({ slope, amplitude }: OpOf<'tanh'>, x: Tensor4D): Tensor4D {
  if (getBackend() !== 'wasm' || x.size < 1000) return times(tanh(times(x, slope)), amplitude);
  return sub(twice(sigmoid(twice(x, slope)), amplitude), scalar(amplitude));
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
    const activation = c.activation ?? 'linear';
    if (layer.packed) return packedDense(only(c), layer.packed, activation);
    const units = c.programs.dense(flat(only(c)), layer);
    return activated(reshape(units, [1, 1, 1, op.units]), activation);
  },
  maxPool: (op, c) =>
    maxPool(only(c), op.kernel as [number, number], op.stride as [number, number], explicitPad(op.pad)),
  avgPool: (op, c) => {
    const { correction } = c.weights.layer(c.node, 'average');
    const pooled = avgPool(
      only(c),
      op.kernel as [number, number],
      op.stride as [number, number],
      explicitPad(op.pad),
    );
    return correction ? mul(pooled, correction) : pooled;
  },
  globalAvgPool: (_op, c) => {
    const x = only(c);
    return avgPool(x, [x.shape[1], x.shape[2]], 1, 'valid');
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
  softmax: (_op, c) => reshape(softmax(flat(only(c))), batched(c.node.shape)),
};

function joined({ node, inputs }: ForwardContext): Tensor4D {
  const [a, b] = inputs;
  if (!a) throw new ConvScopeError('graph-invalid', `${node.id}: ${node.op.kind} needs an input.`);
  if (!b) return clone(a);
  return inputs.length === 2 ? add(a, b) : addN([...inputs]);
}

import { getBackend, keep, tensor1d, tensor2d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, OpOf, OpTable, Pair, Shape } from '../models/graph.ts';
import {
  arrangeConvKernel,
  arrangeDenseWeight,
  channelBand,
  stackKernels,
  windowCounts,
} from './weightsLayoutArrays.ts';
import { GraphWeights, tensorsOf } from './weightsLayoutLayers.ts';
import type { ConvLayer, Layer } from './weightsLayoutLayers.ts';
import { asMemoryError, checkTensorBytes, largestTensorBytes } from './weightsLayoutLimits.ts';

export { GraphWeights };
export type { ConvLayer, DenseLayer, Layer } from './weightsLayoutLayers.ts';

/** One parameter as its checkpoint stores it (PyTorch's axis order). */
export interface RawParameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** By `${nodeId}/${parameter}`. */
export type RawWeights = ReadonlyMap<string, RawParameter>;

export interface PrepareHooks {
  /** Awaited between nodes; reject to cancel. */
  readonly checkpoint?: () => void | Promise<void>;
  /** 0..1. */
  readonly onFraction?: (fraction: number) => void;
  /** The largest tensor to make, in bytes; left out: what the device allows. */
  readonly largestBytes?: number;
}

interface Source {
  readonly node: Node;
  readonly inputShape: Shape;
  readonly raw: RawWeights;
  readonly largestBytes: number;
}

/**
 * Raw checkpoint arrays (conv OIHW, LeNet's table compact, dense `[units, C*H*W]`) to tensors in the run's layout.
 * Nothing is folded: batch normalisation stays a node of its own, so that every activation can be looked at.
 * Throws 'weights-missing' or 'weights-mismatch' naming the parameter, 'out-of-memory' naming the node and its size.
 */
export async function prepareWeights(
  graph: Graph,
  raw: RawWeights,
  hooks: PrepareHooks = {},
): Promise<GraphWeights> {
  const shapes = new Map(graph.nodes.map((node) => [node.id, node.shape]));
  const layers = new Map<string, Layer>();
  const { largestBytes = largestTensorBytes() } = hooks;
  const weights = new GraphWeights(layers);
  try {
    for (const [index, node] of graph.nodes.entries()) {
      await hooks.checkpoint?.();
      const first = node.inputs[0];
      const inputShape = (first === undefined ? undefined : shapes.get(first)) ?? node.shape;
      // Inside a tidy, a layer that fails halfway leaves no tensor behind.
      tidy(() => {
        const layer = dispatch(layerTable, node.op, { node, inputShape, raw, largestBytes });
        if (!layer) return;
        tensorsOf(layer).forEach((tensor) => keep(tensor));
        layers.set(node.id, layer);
      });
      hooks.onFraction?.((index + 1) / graph.nodes.length);
    }
  } catch (error) {
    weights.dispose();
    throw asMemoryError(error, 'the weights');
  }
  return weights;
}

const none = (): null => null;

const layerTable: OpTable<[Source], Layer | null> = {
  input: none,
  conv: (op, source) => {
    const { node, inputShape } = source;
    const perGroup = inputShape[2] / op.groups;
    const connections = op.table
      ? op.table.reduce((sum, maps) => sum + maps.length, 0)
      : op.filters * perGroup;
    const values = take(source, 'weight', connections * op.kernel[0] * op.kernel[1]);
    const bias = op.bias ? tensor1d(take(source, 'bias', op.filters)) : null;
    return convLayer(node.id, op, inputShape[2], values, bias);
  },
  dense: (op, source) => {
    const inputs = source.inputShape[0] * source.inputShape[1] * source.inputShape[2];
    const values = take(source, 'weight', op.units * inputs);
    const rows = arrangeDenseWeight(values, op.units, source.inputShape);
    const perShard = Math.min(op.units, Math.floor(source.largestBytes / (inputs * 4)));
    checkTensorBytes(source.node.id, inputs * 4, source.largestBytes);
    const shards = [];
    for (let first = 0; first < op.units; first += perShard) {
      const units = Math.min(perShard, op.units - first);
      const block = rows.subarray(first * inputs, (first + units) * inputs);
      shards.push({ weight: tensor2d(block, [units, inputs]), first, units });
    }
    const bias = op.bias ? tensor2d(take(source, 'bias', op.units), [1, op.units]) : null;
    return { kind: 'dense', shards, bias };
  },
  maxPool: none,
  avgPool: (op, { node, inputShape }) => {
    const [height, width, channels] = node.shape;
    const inside = windowCounts(op, inputShape, node.shape, [0, 0, 0, 0]);
    const counted = windowCounts(op, inputShape, node.shape, op.counted);
    const spread = (value: (index: number) => number) =>
      tensor4d(
        Float32Array.from({ length: height * width * channels }, (_, i) => value(Math.floor(i / channels))),
        [1, height, width, channels],
      );
    const same = counted.every((count, i) => count === inside[i]);
    return {
      kind: 'average',
      correction: same ? null : spread((i) => (inside[i] ?? 0) / (counted[i] ?? 1)),
      inverseCount: spread((i) => 1 / (counted[i] ?? 1)),
      window: perChannel(new Float32Array(channels).fill(1), null, op.kernel, op.stride, op.pad),
    };
  },
  globalAvgPool: none,
  batchNorm: (op, source) => {
    const channels = source.node.shape[2];
    const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((name) =>
      take(source, name, channels),
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    const scale = gamma.map((g, c) => g / Math.sqrt((variance[c] ?? 0) + op.epsilon));
    const shift = beta.map((b, c) => b - (mean[c] ?? 0) * (scale[c] ?? 0));
    return perChannel(scale, shift, [1, 1], [1, 1], [0, 0, 0, 0]);
  },
  lrn: (op, { node }) => {
    const channels = node.shape[2];
    return {
      kind: 'lrn',
      band: tensor4d(channelBand(channels, op.size), [1, 1, channels, channels]),
    };
  },
  relu: none,
  sigmoid: none,
  tanh: none,
  subsample: (op, source) => {
    const channels = source.node.shape[2];
    const coefficient = take(source, 'weight', channels);
    return perChannel(coefficient, take(source, 'bias', channels), op.kernel, op.stride, [0, 0, 0, 0]);
  },
  rbf: (op, source) => {
    const inputs = source.inputShape[0] * source.inputShape[1] * source.inputShape[2];
    const values = take(source, 'weight', op.units * inputs);
    return { kind: 'rbf', prototypes: tensor2d(values, [op.units, inputs]) };
  },
  dropout: none,
  add: none,
  mean: none,
  concat: none,
  channelPad: none,
  softmax: none,
};

function convLayer(
  id: string,
  op: OpOf<'conv'>,
  channels: number,
  values: Float32Array,
  bias: Tensor1D | null,
): ConvLayer {
  const { groups, stride, pad } = op;
  const mode = groups === 1 ? 'full' : groups === channels ? 'depthwise' : 'grouped';
  // tfjs refuses a stride and a dilation together: zeros between the taps say the same thing.
  const strided = stride[0] > 1 || stride[1] > 1;
  const dilated = op.dilation[0] > 1 || op.dilation[1] > 1;
  const spread: Pair = strided && dilated ? op.dilation : [1, 1];
  const split = arrangeConvKernel(op, channels, values, spread, mode);
  const arranged = getBackend() === 'webgpu' ? [stackKernels(split)] : split;
  for (const { shape } of arranged)
    checkTensorBytes(
      id,
      shape.reduce((a, b) => a * b, 4),
    );
  return {
    kind: 'conv',
    mode,
    groups,
    kernels: arranged.map((part) => tensor4d(part.values, part.shape)),
    bias,
    kernel: [(op.kernel[0] - 1) * spread[0] + 1, (op.kernel[1] - 1) * spread[1] + 1],
    stride,
    pad,
    dilation: strided && dilated ? [1, 1] : op.dilation,
    cache: new Map(),
  };
}

/** A depthwise convolution whose taps are all the channel's one coefficient. */
function perChannel(
  scale: Float32Array,
  shift: Float32Array | null,
  kernel: Pair,
  stride: Pair,
  pad: ConvLayer['pad'],
): ConvLayer {
  const taps = kernel[0] * kernel[1];
  const channels = scale.length;
  const values = Float32Array.from({ length: taps * channels }, (_, i) => scale[i % channels] ?? 0);
  return {
    kind: 'conv',
    mode: 'depthwise',
    groups: channels,
    kernels: [tensor4d(values, [kernel[0], kernel[1], channels, 1])],
    bias: shift && tensor1d(shift),
    kernel,
    stride,
    pad,
    dilation: [1, 1],
    cache: new Map(),
  };
}

function take({ node, raw }: Source, name: string, length: number): Float32Array {
  const parameter = raw.get(`${node.id}/${name}`);
  if (!parameter) {
    throw new ConvScopeError(
      'weights-missing',
      `${node.id}/${name}: the weights do not hold this parameter.`,
      {
        parameter: `${node.id}/${name}`,
      },
    );
  }
  if (parameter.values.length !== length) {
    throw new ConvScopeError(
      'weights-mismatch',
      `${node.id}/${name}: needs ${length} values, got ${parameter.values.length} (${parameter.shape.join('x')}).`,
      { parameter: `${node.id}/${name}` },
    );
  }
  return parameter.values;
}

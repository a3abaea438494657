import { getBackend, tensor1d, tensor2d, tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { foldable } from '../models/foldable.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, OpOf, OpTable, Pair, Shape } from '../models/graph.ts';
import { nodeById } from '../models/lookup.ts';
import { nodeParameters, parameterSize } from '../models/parameters.ts';
import { elements } from '../models/shape.ts';
import {
  arrangeDenseWeight,
  channelBand,
  ConvArrangement,
  stackKernels,
  windowCounts,
} from './weightsLayoutArrays.ts';
import type { ConvMode } from './weightsLayoutArrays.ts';
import { GraphWeights } from './weightsLayoutLayers.ts';
import type { ConvLayer, DenseLayer, Layer } from './weightsLayoutLayers.ts';
import { denseFromHalves, kernelFromHalves } from './weightsLayoutHalves.ts';
import { asMemoryError, checkTensorBytes, largestTensorBytes } from './weightsLayoutLimits.ts';
import { giveBack, Made } from './weightsLayoutUpload.ts';
import { arraysSource, NodeParameters } from './weightsSource.ts';
import type { ParameterSource, RawWeights } from './weightsSource.ts';

export { GraphWeights };
export type { ConvLayer, DenseLayer, Layer } from './weightsLayoutLayers.ts';
export type { ParameterSource, RawParameter, RawWeights } from './weightsSource.ts';

export interface PrepareHooks {
  /** Awaited between nodes and pieces of large ones; reject to cancel. */
  readonly checkpoint?: () => void | Promise<void>;
  /** The part of all values that has been read, 0..1. */
  readonly onFraction?: (fraction: number) => void;
  /** The largest tensor to make, in bytes; left out: what the device allows. */
  readonly largestBytes?: number;
  /** For answers only: batch normalisations go into the convolutions that they alone read (`foldable`). Default false. */
  readonly folded?: boolean;
}

/**
 * A parameter is read, arranged and uploaded in pieces of at most this many bytes, a dense layer is cut into shards of
 * at most as many: what loading needs beside the weights themselves is a few of them.
 */
export const pieceBytes = 8 * 2 ** 20;

interface Source {
  readonly node: Node;
  readonly inputShape: Shape;
  readonly parameters: NodeParameters;
  /** Of the normalisation that is folded into this convolution. */
  readonly folded: { readonly op: OpOf<'batchNorm'>; readonly parameters: NodeParameters } | null;
  readonly largestBytes: number;
  readonly made: Made;
}

/**
 * Checkpoint parameters (conv OIHW, LeNet's table compact, dense `[units, C*H*W]`), read one after the other, to
 * tensors in the run's layout. Batch normalisation stays a node of its own, so that every activation can be looked at,
 * unless the weights are to be folded: then each goes into its convolution's pieces as these are read.
 * Throws 'weights-missing' or 'weights-mismatch' naming the parameter, 'out-of-memory' naming the node and its size,
 * and what the source's `read` throws; the tensors made so far are then freed.
 */
export async function prepareWeights(
  graph: Graph,
  weights: ParameterSource | RawWeights,
  hooks: PrepareHooks = {},
): Promise<GraphWeights> {
  const source = weights instanceof Map ? arraysSource(weights) : (weights as ParameterSource);
  const shapes = new Map(graph.nodes.map((node) => [node.id, node.shape]));
  const layers = new Map<string, Layer>();
  const { largestBytes = largestTensorBytes(), folded = false } = hooks;
  const prepared = new GraphWeights(layers, folded);
  const normalisations = folded ? foldedNormalisations(graph) : new Map<string, Node>();
  const within = new Set(normalisations.values());
  const total = graph.nodes
    .flatMap((node) => nodeParameters(graph, node))
    .reduce((sum, p) => sum + parameterSize(p), 0);
  let read = 0;
  const onRead = async (values: number) => {
    read += values;
    hooks.onFraction?.(Math.min(1, read / total));
    await hooks.checkpoint?.();
  };
  for (const node of graph.nodes) {
    if (within.has(node)) continue;
    const made = new Made();
    try {
      await hooks.checkpoint?.();
      const first = node.inputs[0];
      const inputShape = (first === undefined ? undefined : shapes.get(first)) ?? node.shape;
      const parameters = new NodeParameters(node, source, onRead);
      const normalisation = normalisations.get(node.id);
      const context: Source = {
        ...{ node, inputShape, parameters, largestBytes, made },
        folded: normalisation
          ? {
              op: normalisation.op as OpOf<'batchNorm'>,
              parameters: new NodeParameters(normalisation, source, onRead),
            }
          : null,
      };
      const layer = await dispatch(layerTable, node.op, context);
      if (layer) layers.set(node.id, layer);
    } catch (error) {
      made.dispose();
      prepared.dispose();
      throw asMemoryError(error, node.id);
    }
  }
  hooks.onFraction?.(1);
  return prepared;
}

/** By convolution: the normalisation that is folded into it. */
function foldedNormalisations(graph: Graph): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const { layer, normalisation } of foldable(graph).values()) {
    if (normalisation) found.set(layer, nodeById(graph, normalisation));
  }
  return found;
}

/** A batch normalisation at inference is `scale * x + shift`, channel by channel. */
async function scaleAndShift({ epsilon }: OpOf<'batchNorm'>, parameters: NodeParameters, channels: number) {
  const gamma = await parameters.all('weight', channels);
  const beta = await parameters.all('bias', channels);
  const mean = await parameters.all('running_mean', channels);
  const variance = await parameters.all('running_var', channels);
  const scale = gamma.map((g, c) => g / Math.sqrt((variance[c] ?? 0) + epsilon));
  const shift = beta.map((b, c) => b - (mean[c] ?? 0) * (scale[c] ?? 0));
  return { scale, shift };
}

const none = (): null => null;

const layerTable: OpTable<[Source], Layer | null | Promise<Layer>> = {
  input: none,
  conv: (op, source) => convLayer(op, source),
  dense: (op, source) => denseLayer(op, source),
  maxPool: none,
  avgPool: (op, { node, inputShape, made }) => {
    const [height, width, channels] = node.shape;
    const inside = windowCounts(op, inputShape, node.shape, [0, 0, 0, 0]);
    const counted = windowCounts(op, inputShape, node.shape, op.counted);
    const spread = (value: (index: number) => number) =>
      made.own(
        tensor4d(
          Float32Array.from({ length: height * width * channels }, (_, i) => value(Math.floor(i / channels))),
          [1, height, width, channels],
        ),
      );
    const same = counted.every((count, i) => count === inside[i]);
    return {
      kind: 'average',
      correction: same ? null : spread((i) => (inside[i] ?? 0) / (counted[i] ?? 1)),
      inverseCount: spread((i) => 1 / (counted[i] ?? 1)),
      window: perChannel(made, new Float32Array(channels).fill(1), null, op.kernel, op.stride, op.pad),
    };
  },
  globalAvgPool: none,
  batchNorm: async (op, { node, parameters, made }) => {
    const { scale, shift } = await scaleAndShift(op, parameters, node.shape[2]);
    return perChannel(made, scale, shift, [1, 1], [1, 1], [0, 0, 0, 0]);
  },
  lrn: (op, { node, made }) => {
    const channels = node.shape[2];
    const factor = op.alphaOverSize ? op.alpha / op.size : op.alpha;
    const values = channelBand(channels, op.size);
    const kernel = (weights: Float32Array) => made.own(tensor4d(weights, [1, 1, channels, channels]));
    return {
      kind: 'lrn',
      band: kernel(values),
      denominator: {
        kernel: kernel(values.map((one) => one * factor)),
        k: made.own(tensor1d(new Float32Array(channels).fill(op.k))),
      },
    };
  },
  relu: none,
  sigmoid: none,
  tanh: none,
  subsample: async (op, { node, parameters, made }) => {
    const channels = node.shape[2];
    const coefficient = await parameters.all('weight', channels);
    const bias = await parameters.all('bias', channels);
    return perChannel(made, coefficient, bias, op.kernel, op.stride, [0, 0, 0, 0]);
  },
  rbf: async (op, { inputShape, parameters, made }) => {
    const inputs = elements(inputShape);
    const values = await parameters.all('weight', op.units * inputs);
    return { kind: 'rbf', prototypes: made.own(tensor2d(values, [op.units, inputs])) };
  },
  dropout: none,
  add: none,
  mean: none,
  concat: none,
  channelPad: none,
  softmax: none,
};

const unspread: Pair = [1, 1];

async function convLayer(op: OpOf<'conv'>, source: Source): Promise<ConvLayer> {
  const { inputShape, parameters, folded, made } = source;
  const { groups, stride, pad } = op;
  const fold = folded && (await scaleAndShift(folded.op, folded.parameters, op.filters));
  const channels = inputShape[2];
  const mode = groups === 1 ? 'full' : groups === channels ? 'depthwise' : 'grouped';
  // tfjs refuses a stride and a dilation together: zeros between the taps say the same thing.
  const strided = stride[0] > 1 || stride[1] > 1;
  const dilated = op.dilation[0] > 1 || op.dilation[1] > 1;
  const spread: Pair = strided && dilated ? op.dilation : unspread;
  const halves =
    fold || op.table || spread !== unspread ? null : await kernelFromHalves(op, source, mode, pieceBytes);
  const kernels = halves ? [halves] : await arrangedKernels(op, source, mode, spread, fold?.scale);
  const stored = op.bias ? await parameters.all('bias', op.filters) : null;
  const shifted = fold ? fold.shift.map((s, f) => s + (stored?.[f] ?? 0) * (fold.scale[f] ?? 0)) : stored;
  const bias = shifted && made.own(tensor1d(shifted));
  return {
    kind: 'conv',
    mode,
    groups,
    kernels,
    bias,
    kernel: [(op.kernel[0] - 1) * spread[0] + 1, (op.kernel[1] - 1) * spread[1] + 1],
    stride,
    pad,
    dilation: strided && dilated ? [1, 1] : op.dilation,
    cache: new Map(),
  };
}

/** A convolution's kernels, arranged by the processor. */
async function arrangedKernels(
  op: OpOf<'conv'>,
  { node, inputShape: [, , channels], parameters, made }: Source,
  mode: ConvMode,
  spread: Pair,
  scale: Float32Array | undefined,
): Promise<Tensor4D[]> {
  const arrangement = new ConvArrangement(op, channels, spread, mode, scale);
  // A connection table's filters have different lengths: they are one row, and small.
  const connections = op.table?.reduce((sum, maps) => sum + maps.length, 0);
  const rows = connections === undefined ? op.filters : 1;
  const rowLength = (connections ?? channels / op.groups) * op.kernel[0] * op.kernel[1];
  await parameters.inPieces('weight', rows, rowLength, pieceBytes, (values) => {
    arrangement.add(values);
    parameters.release(values);
  });
  const split = arrangement.parts;
  const arranged = getBackend() === 'webgpu' ? [stackKernels(split)] : split;
  for (const { shape } of arranged) checkTensorBytes(node.id, elements(shape) * 4);
  const kernels = arranged.map((part) => made.own(tensor4d(part.values, part.shape)));
  new Set([...split, ...arranged]).forEach((part) => giveBack(part.values));
  return kernels;
}

async function denseLayer(op: OpOf<'dense'>, source: Source): Promise<DenseLayer> {
  const { node, inputShape, parameters, largestBytes, made } = source;
  const inputs = elements(inputShape);
  const { units } = op;
  checkTensorBytes(node.id, inputs * 4, largestBytes);
  const shards: DenseLayer['shards'][number][] = [];
  const shardBytes = Math.min(pieceBytes, largestBytes);
  const halved = await denseFromHalves(op, source, shardBytes);
  if (halved) shards.push(...halved);
  else {
    await parameters.inPieces('weight', units, inputs, shardBytes, (values, first, count) => {
      const rows = arrangeDenseWeight(values, count, inputShape);
      shards.push({ weight: made.own(tensor2d(rows, [count, inputs])), first, units: count });
      if (rows !== values) giveBack(rows);
      parameters.release(values);
    });
  }
  const stored = op.bias ? await parameters.all('bias', units) : null;
  return { kind: 'dense', shards, bias: stored && made.own(tensor2d(stored, [1, units])) };
}

/** A depthwise convolution whose taps are all the channel's one coefficient. */
function perChannel(
  made: Made,
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
    kernels: [made.own(tensor4d(values, [kernel[0], kernel[1], channels, 1]))],
    bias: shift && made.own(tensor1d(shift)),
    kernel,
    stride,
    pad,
    dilation: [1, 1],
    cache: new Map(),
  };
}

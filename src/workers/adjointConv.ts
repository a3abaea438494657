import {
  clone,
  concat,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  gather,
  getBackend,
  keep,
  pad as padTensor,
  reshape,
  slice,
  split,
  tensor1d,
  tensor4d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Pad, Pair, Shape } from '../models/graph.ts';
import type { Corner } from './adjointRegion.ts';
import { explicitPad } from './forwardKernels.ts';
import { scatterColumns, scatterDepthwise } from './adjointScatter.ts';
import type { ConvLayer } from './weightsLayout.ts';

/**
 * The transpose of a convolution on cpu, wasm and webgl, of `[signals, height, width, filters]`. Whole maps and stride 1:
 * a forward convolution with the flipped, channel-swapped kernel (wasm's own backprop kernel is 8-13 times slower).
 * Larger strides: on webgl the backend's kernel; else, and for windows, matrix products and a scatter, which waste
 * nothing on inserted zeros and, unlike wasm's convolutions, need not pack the kernel anew for every padding.
 */
export async function plainConvAdjoint(
  signal: Tensor4D,
  layer: ConvLayer,
  input: Shape,
  pads: readonly Corner[] | null,
): Promise<Tensor4D> {
  if (layer.mode === 'depthwise') return depthwiseAdjoint(signal, layer, input, pads);
  if (layer.mode === 'full') return fullAdjoint(signal, layer, 0, input, pads);
  const perGroup: Shape = [input[0], input[1], input[2] / layer.groups];
  const parts: Tensor4D[] = [];
  const signals: Tensor4D[] = split(signal, layer.groups, 3);
  try {
    for (const [group, part] of signals.entries())
      parts.push(await fullAdjoint(part, layer, group, perGroup, pads));
    return concat(parts, 3);
  } finally {
    [...signals, ...parts].forEach((tensor) => tensor.dispose());
  }
}

const unitStride = ({ stride }: ConvLayer): boolean => stride[0] === 1 && stride[1] === 1;

async function fullAdjoint(
  signal: Tensor4D,
  layer: ConvLayer,
  group: number,
  input: Shape,
  pads: readonly Corner[] | null,
): Promise<Tensor4D> {
  if (!pads && unitStride(layer)) return flippedConv(signal, layer, group, input);
  if (getBackend() === 'webgl') return builtInAdjoint(signal, layer, layer.kernels[group] as Tensor4D, input);
  return columnsAdjoint(signal, layer, group, input, pads ?? samePads(signal, layer));
}

/** The layer's own padding for every signal: what a whole map has. */
export function samePads(signal: Tensor4D, { pad }: ConvLayer): Corner[] {
  return Array.from({ length: signal.shape[0] }, () => [pad[0], pad[2]]);
}

/** The kernel `[1, 1, filters, taps*channels]` whose product with a signal is each position's share for every tap. */
export function columnsOf(layer: ConvLayer, group: number): Tensor4D {
  return cached(layer, `columns${group}`, () => {
    const kernel = layer.kernels[group] as Tensor4D;
    const [kh, kw, channels, filters] = kernel.shape;
    const row = kh * kw * channels;
    return reshape(transpose(reshape(kernel, [row, filters])), [1, 1, filters, row]);
  }) as Tensor4D;
}

/** Shares that are made at once: as many as stay in the processor's cache until they are added up. */
const sharesAtOnce = 2 ** 19;

async function columnsAdjoint(
  signal: Tensor4D,
  layer: ConvLayer,
  group: number,
  input: Shape,
  pads: readonly Corner[],
): Promise<Tensor4D> {
  const columns = columnsOf(layer, group);
  const [signals, height, width, filters] = signal.shape;
  const size = input[0] * input[1] * input[2];
  const sums = new Float32Array(signals * size);
  const out = pads.map((_, which) => sums.subarray(which * size, (which + 1) * size));
  const rows = Math.max(1, Math.floor(sharesAtOnce / (width * columns.shape[3])));
  const all = reshape(signal, [1, signals * height, width, filters]) as Tensor4D;
  try {
    for (let first = 0; first < signals * height; first += rows) {
      const count = Math.min(rows, signals * height - first);
      const shares = tidy(() =>
        conv2d(slice(all, [0, first, 0, 0], [1, count, width, filters]), columns, 1, 'valid'),
      );
      const values = await shares.data<'float32'>();
      shares.dispose();
      addRows(values, layer, pads, { first, count, height, width, input }, out);
    }
    return tensor4d(sums, [signals, ...input]);
  } finally {
    all.dispose();
  }
}

/** Adds up the shares of some rows, counted through all signals: the rows of several may have come together. */
function addRows(
  shares: Float32Array,
  layer: ConvLayer,
  pads: readonly Corner[],
  {
    first,
    count,
    height,
    width,
    input,
  }: Record<'first' | 'count' | 'height' | 'width', number> & {
    readonly input: Shape;
  },
  out: readonly Float32Array[],
): void {
  const rowShares = shares.length / count;
  for (let at = first; at < first + count;) {
    const which = Math.floor(at / height);
    const row = at - which * height;
    const end = Math.min(first + count, (which + 1) * height);
    const [top, left] = pads[which] as Corner;
    const part = shares.subarray((at - first) * rowShares, (end - first) * rowShares);
    const pad = [top - row * layer.stride[0], 0, left, 0] as const;
    scatterColumns(part, { ...layer, pad }, [end - at, width], input, out[which] as Float32Array);
    at = end;
  }
}

/** tfjs's own transpose; it knows no dilation, and a layer with a stride has none (weightsLayout spreads its kernel). */
function builtInAdjoint(signal: Tensor4D, layer: ConvLayer, kernel: Tensor4D, input: Shape): Tensor4D {
  return conv2dTranspose(
    signal,
    kernel,
    [signal.shape[0], ...input],
    layer.stride as [number, number],
    explicitPad(layer.pad),
  );
}

/** Stride 1: correlate with the flipped kernel, inputs and outputs swapped, over the complementary padding. */
export function flippedConv(signal: Tensor4D, layer: ConvLayer, group: number, input: Shape): Tensor4D {
  const kernel = layer.kernels[group] as Tensor4D;
  const flipped = cached(layer, `flipped${group}`, () => transpose(turned(kernel), [0, 1, 3, 2]));
  const pads = explicitPad(complementaryPad(layer, input, [signal.shape[1], signal.shape[2]]));
  return conv2d(signal, flipped as Tensor4D, 1, pads, 'NHWC', layer.dilation as [number, number]);
}

async function depthwiseAdjoint(
  signal: Tensor4D,
  layer: ConvLayer,
  input: Shape,
  pads: readonly Corner[] | null,
): Promise<Tensor4D> {
  const [kernel] = layer.kernels as [Tensor4D];
  const multiplier = kernel.shape[3];
  const [signals, height, width] = signal.shape;
  const pad = complementaryPad(layer, input, [height, width]);
  if (!pads && multiplier === 1 && pad.every((side) => side >= 0)) {
    const flipped = cached(layer, 'flipped', () => turned(kernel));
    return tidy(() => {
      const dilations = layer.dilation as [number, number];
      // The kernels take explicit padding; only this function's type leaves it out.
      const pads = explicitPad(pad) as unknown as number;
      return depthwiseConv2d(spreadOut(signal, layer), flipped as Tensor4D, 1, pads, 'NHWC', dilations);
    });
  }
  const [values, taps] = await Promise.all([signal.data(), kernel.data()]);
  const size = input[0] * input[1] * input[2];
  const out = new Float32Array(signals * size);
  for (const [which, [top, left]] of (pads ?? samePads(signal, layer)).entries()) {
    scatterDepthwise(
      values.subarray((which * values.length) / signals, ((which + 1) * values.length) / signals),
      taps,
      { ...layer, pad: [top, 0, left, 0] },
      [height, width],
      input,
      multiplier,
      out.subarray(which * size, (which + 1) * size),
    );
  }
  return tensor4d(out, [signals, ...input]);
}

/** `stride - 1` rows and columns of zeros after every row and column; cheap as two paddings of a matrix. */
function spreadOut(signal: Tensor4D, { stride }: ConvLayer): Tensor4D {
  const [signals, height, width, channels] = signal.shape;
  const columns = padTensor(reshape(signal, [signals * height * width, channels]), [
    [0, 0],
    [0, (stride[1] - 1) * channels],
  ]);
  const row = width * stride[1] * channels;
  const rows = padTensor(reshape(columns, [signals * height, row]), [
    [0, 0],
    [0, (stride[0] - 1) * row],
  ]);
  return reshape(rows, [signals, height * stride[0], width * stride[1], channels]);
}

/** The kernel flipped vertically and horizontally: its taps in reverse order (`reverse` takes 72 ms for this on wasm). */
function turned(kernel: Tensor4D): Tensor4D {
  const taps = kernel.shape[0] * kernel.shape[1];
  if (taps === 1) return clone(kernel);
  const backwards = Int32Array.from({ length: taps }, (_, i) => taps - 1 - i);
  return reshape(gather(reshape(kernel, [taps, -1]), tensor1d(backwards, 'int32')), kernel.shape);
}

/**
 * The padding with which the flipped kernel, over a signal that `spreadOut` spread, gives the input's size back.
 * Negative where a stride leaves input positions unread at the end.
 */
function complementaryPad({ kernel, stride, dilation, pad }: ConvLayer, input: Shape, output: Pair): Pad {
  const top = dilation[0] * (kernel[0] - 1) - pad[0];
  const left = dilation[1] * (kernel[1] - 1) - pad[2];
  return [top, input[0] + pad[0] - output[0] * stride[0], left, input[1] + pad[2] - output[1] * stride[1]];
}

/** A tensor derived from the layer's kernel, made once and freed with the weights. */
export function cached(layer: ConvLayer, key: string, make: () => Tensor): Tensor {
  const known = layer.cache.get(key);
  if (known) return known;
  const made = tidy(() => keep(make()));
  layer.cache.set(key, made);
  return made;
}

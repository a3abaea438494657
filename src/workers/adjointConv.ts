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
  split,
  tensor1d,
  tensor4d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Pad, Pair, Shape } from '../models/graph.ts';
import { explicitPad } from './forwardTable.ts';
import { scatterColumns, scatterDepthwise } from './adjointScatter.ts';
import type { ConvLayer } from './weightsLayout.ts';

/**
 * The transpose of a convolution on cpu, wasm and webgl. Stride 1: a forward convolution with the flipped, channel-
 * swapped kernel (wasm's own backprop kernel is 8-13 times slower). Larger strides: on webgl the backend's kernel;
 * on cpu and wasm one matrix product and a scatter, which wastes nothing on inserted zeros.
 */
export async function plainConvAdjoint(signal: Tensor4D, layer: ConvLayer, input: Shape): Promise<Tensor4D> {
  if (layer.mode === 'depthwise') return depthwiseAdjoint(signal, layer, input);
  if (layer.mode === 'full') return fullAdjoint(signal, layer, 0, input);
  const perGroup: Shape = [input[0], input[1], input[2] / layer.groups];
  const parts: Tensor4D[] = [];
  const signals: Tensor4D[] = split(signal, layer.groups, 3);
  try {
    for (const [group, part] of signals.entries())
      parts.push(await fullAdjoint(part, layer, group, perGroup));
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
): Promise<Tensor4D> {
  if (unitStride(layer)) return flippedConv(signal, layer, group, input);
  const kernel = layer.kernels[group] as Tensor4D;
  if (getBackend() === 'webgl') return builtInAdjoint(signal, layer, kernel, input);
  const [kh, kw, channels, filters] = kernel.shape;
  const columns = cached(layer, `columns${group}`, () =>
    reshape(transpose(reshape(kernel, [kh * kw * channels, filters])), [1, 1, filters, kh * kw * channels]),
  );
  const spread = conv2d(signal, columns as Tensor4D, 1, 'valid');
  try {
    const values = await spread.data();
    return tensor4d(scatterColumns(values, layer, [signal.shape[1], signal.shape[2]], input), [1, ...input]);
  } finally {
    spread.dispose();
  }
}

/** tfjs's own transpose; it knows no dilation, and a layer with a stride has none (weightsLayout spreads its kernel). */
function builtInAdjoint(signal: Tensor4D, layer: ConvLayer, kernel: Tensor4D, input: Shape): Tensor4D {
  return conv2dTranspose(
    signal,
    kernel,
    [1, ...input],
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

async function depthwiseAdjoint(signal: Tensor4D, layer: ConvLayer, input: Shape): Promise<Tensor4D> {
  const [kernel] = layer.kernels as [Tensor4D];
  const multiplier = kernel.shape[3];
  const pad = complementaryPad(layer, input, [signal.shape[1], signal.shape[2]]);
  if (multiplier === 1 && pad.every((side) => side >= 0)) {
    const flipped = cached(layer, 'flipped', () => turned(kernel));
    return tidy(() => {
      const dilations = layer.dilation as [number, number];
      // The kernels take explicit padding; only this function's type leaves it out.
      const pads = explicitPad(pad) as unknown as number;
      return depthwiseConv2d(spreadOut(signal, layer), flipped as Tensor4D, 1, pads, 'NHWC', dilations);
    });
  }
  const [values, taps] = await Promise.all([signal.data(), kernel.data()]);
  const output = [signal.shape[1], signal.shape[2]] as const;
  return tensor4d(scatterDepthwise(values, taps, layer, output, input, multiplier), [1, ...input]);
}

/** `stride - 1` rows and columns of zeros after every row and column; cheap as two paddings of a matrix. */
function spreadOut(signal: Tensor4D, { stride }: ConvLayer): Tensor4D {
  const [, height, width, channels] = signal.shape;
  const columns = padTensor(reshape(signal, [height * width, channels]), [
    [0, 0],
    [0, (stride[1] - 1) * channels],
  ]);
  const row = width * stride[1] * channels;
  const rows = padTensor(reshape(columns, [height, row]), [
    [0, 0],
    [0, (stride[0] - 1) * row],
  ]);
  return reshape(rows, [1, height * stride[0], width * stride[1], channels]);
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

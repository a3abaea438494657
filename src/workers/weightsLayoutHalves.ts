import { getBackend } from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Node, OpOf, Shape } from '../models/graph.ts';
import type { ConvMode } from './weightsLayoutArrays.ts';
import type { DenseLayer } from './weightsLayoutLayers.ts';
import { checkTensorBytes } from './weightsLayoutLimits.ts';
import type { Made } from './weightsLayoutUpload.ts';
import type { NodeParameters } from './weightsSource.ts';

/**
 * On webgpu weights go up in half precision, as files store them, and are widened and arranged there: half the bytes, and
 * nothing for the processor to decode. The values are those of the other backends, bit by bit.
 */

interface Source {
  readonly node: Node;
  readonly inputShape: Shape;
  readonly parameters: NodeParameters;
  readonly made: Made;
}

/** Below so many values, 64 KB, a step more on the device costs more than the bytes that it saves. */
const leastValues = 2 ** 14;

const isWorth = (values: number): boolean => getBackend() === 'webgpu' && values >= leastValues;

/** A convolution's kernel; null where it is small, or not stored in half precision. */
export async function kernelFromHalves(
  op: OpOf<'conv'>,
  { node, inputShape: [, , channels], parameters, made }: Source,
  mode: ConvMode,
  pieceBytes: number,
): Promise<Tensor4D | null> {
  const [kh, kw] = op.kernel;
  const inputs = channels / op.groups;
  const rowLength = inputs * kh * kw;
  if (!isWorth(op.filters * rowLength)) return null;
  const { emptyTensor, uploadHalves } = await import('./webgpu/weightPrograms.ts');
  checkTensorBytes(node.id, op.filters * rowLength * 4);
  // A depthwise kernel lies as one group of many filters of one channel.
  const groups = mode === 'grouped' ? op.groups : 1;
  const filters = op.filters / groups;
  const shape =
    mode === 'depthwise' ? [kh, kw, channels, op.filters / channels] : [groups * kh, kw, inputs, filters];
  const order = {
    sizes: [groups, filters, inputs, kh * kw],
    steps: [kh * kw * inputs * filters, 1, filters, inputs * filters],
  } as const;
  const found: Tensor4D[] = [];
  await parameters.halvesInPieces('weight', op.filters, rowLength, pieceBytes, (halves, first) => {
    const kernel = found[0] ?? made.own(emptyTensor<Tensor4D>(shape));
    found[0] = kernel;
    uploadHalves(kernel, halves, first * rowLength, order);
  });
  return found[0] ?? null;
}

/** A dense layer's shards; null where it is small, or not stored in half precision. */
export async function denseFromHalves(
  { units }: OpOf<'dense'>,
  { inputShape: [height, width, channels], parameters, made }: Source,
  shardBytes: number,
): Promise<DenseLayer['shards'] | null> {
  const inputs = height * width * channels;
  if (!isWorth(units * inputs)) return null;
  const { emptyTensor, uploadHalves } = await import('./webgpu/weightPrograms.ts');
  const shards: DenseLayer['shards'][number][] = [];
  await parameters.halvesInPieces('weight', units, inputs, shardBytes, (halves, first, count) => {
    const weight = made.own(emptyTensor<Tensor2D>([count, inputs]));
    const sizes = [1, count, channels, height * width] as const;
    uploadHalves(weight, halves, 0, { sizes, steps: [0, inputs, 1, channels] });
    shards.push({ weight, first, units: count });
  });
  return shards.length > 0 ? shards : null;
}

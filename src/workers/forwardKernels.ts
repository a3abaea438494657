import { engine } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { FusedActivation } from '../models/foldable.ts';
import type { Pad } from '../models/graph.ts';
import type { ConvLayer } from './weightsLayout.ts';

type Attributes = Parameters<ReturnType<typeof engine>['runKernel']>[2];

/**
 * Runs a kernel of the current backend. tfjs's ops check again what the graph has proved, and leave a way back for
 * gradients that nobody takes: of a fused convolution's 4.7 microseconds beside its products these are 2.5.
 */
function run(name: string, inputs: Readonly<Record<string, Tensor | undefined>>, attributes?: Attributes) {
  // Kernels take the absence of a bias; only the type of the map leaves it out.
  return engine().runKernel<Tensor4D>(name, inputs as NamedTensorMap, attributes);
}

type ExplicitPad = [[number, number], [number, number], [number, number], [number, number]];

/** By a layer's own padding: every pass asks for the same. */
const pads = new WeakMap<Pad, ExplicitPad>();

/** tfjs's explicit padding of NHWC; a single number would pad 1x7 kernels wrongly. */
export function explicitPad(pad: Pad): ExplicitPad {
  const known = pads.get(pad);
  if (known) return known;
  const [top, bottom, left, right] = pad;
  const made: ExplicitPad = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  pads.set(pad, made);
  return made;
}

/** A full or depthwise convolution with bias and activation. */
export function convolution(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor | null,
  { mode, stride, pad, dilation }: Pick<ConvLayer, 'mode' | 'stride' | 'pad' | 'dilation'>,
  activation: FusedActivation,
): Tensor4D {
  return run(
    mode === 'depthwise' ? 'FusedDepthwiseConv2D' : 'FusedConv2D',
    bias ? { x, filter, bias } : { x, filter },
    {
      strides: stride as [number, number],
      dilations: dilation as [number, number],
      pad: explicitPad(pad),
      dataFormat: 'NHWC',
      activation,
    },
  );
}

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pad: Pad;
}

const windowOf = ({ kernel, stride, pad }: Window): Attributes => ({
  filterSize: kernel as [number, number],
  strides: stride as [number, number],
  pad: explicitPad(pad),
});

export const maxPooling = (x: Tensor4D, window: Window): Tensor4D => run('MaxPool', { x }, windowOf(window));
/** The average of the positions inside the input: padding is not counted. */
export const avgPooling = (x: Tensor4D, window: Window): Tensor4D => run('AvgPool', { x }, windowOf(window));

export const relu = (x: Tensor4D): Tensor4D => run('Relu', { x });
export const relu6 = (x: Tensor4D): Tensor4D => run('Relu6', { x });
export const sigmoid = (x: Tensor4D): Tensor4D => run('Sigmoid', { x });
export const tanh = (x: Tensor4D): Tensor4D => run('Tanh', { x });
/** The second may be a scalar or of another shape that repeats. */
export const add = (a: Tensor4D, b: Tensor): Tensor4D => run('Add', { a, b });
export const mul = (a: Tensor4D, b: Tensor): Tensor4D => run('Multiply', { a, b });
/** Over the channels. */
export const softmax = (logits: Tensor4D): Tensor4D => run('Softmax', { logits }, { dim: 3 });

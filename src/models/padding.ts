import type { Pad, Pair } from './graph.ts';
import { windowCount } from './shape.ts';

/** One amount for both axes, or `[vertical, horizontal]`. */
export type Size = number | Pair;

/** 'same' is TensorFlow's: output size ceil(input / stride), the odd row at the end. Four numbers are a `Pad`. */
export type Padding = 'same' | Size | Pad;

export function pair(size: Size): Pair {
  return typeof size === 'number' ? [size, size] : size;
}

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
}

/** Makes a padding explicit for an input of this height and width. */
export function resolvePadding(padding: Padding, size: Pair, window: Window): Pad {
  if (padding === 'same') {
    const [top, bottom] = samePadding(size[0], window, 0);
    const [left, right] = samePadding(size[1], window, 1);
    return [top, bottom, left, right];
  }
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (padding.length === 2) return [padding[0], padding[0], padding[1], padding[1]];
  return padding;
}

function samePadding(size: number, { kernel, stride, dilation }: Window, axis: 0 | 1): Pair {
  const windows = Math.ceil(size / stride[axis]);
  const reach = (windows - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1;
  const total = Math.max(reach - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/**
 * Turns a ceil-mode pooling into the floor-mode one with the same windows by enlarging the padding at the end.
 * PyTorch's rule (and Caffe's): a last window that would start beyond the input and its leading padding is dropped.
 */
export function resolveCeilMode([top, bottom, left, right]: Pad, size: Pair, window: Window): Pad {
  const grown = (axis: 0 | 1, before: number, after: number): number => {
    const kernel = window.kernel[axis];
    const stride = window.stride[axis];
    let windows = Math.ceil((size[axis] + before + after - kernel) / stride) + 1;
    if ((windows - 1) * stride >= size[axis] + before) windows -= 1;
    if (windows === windowCount(size[axis], kernel, stride, before + after)) return after;
    return (windows - 1) * stride + kernel - size[axis] - before;
  };
  return [top, grown(0, top, bottom), left, grown(1, left, right)];
}

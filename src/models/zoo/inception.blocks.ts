import type { GraphBuilder, Value } from '../build.ts';
import type { Size } from '../padding.ts';

/** One convolution of a branch: its name, its maps, and its kernel; `valid` and `stride` where it shrinks the map. */
export type Step = readonly [name: string, filters: number, kernel: Size, shrinks?: 'valid' | 'stride2'];

/** Convolution without bias, batch normalisation, ReLU: every convolution of Inception v3 and v4. */
export function convBnRelu(b: GraphBuilder, from: Value, [name, filters, kernel, shrinks]: Step): Value {
  const [height, width] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const x = b.conv(name, from, filters, kernel, {
    stride: shrinks === 'stride2' ? 2 : 1,
    pad: shrinks === undefined ? [(height - 1) / 2, (width - 1) / 2] : 0,
    bias: false,
  });
  return b.relu(`${name}_relu`, b.batchNorm(`${name}_bn`, x, { epsilon: 1e-3 }));
}

/** Convolutions one after another. */
export function chain(b: GraphBuilder, from: Value, ...steps: readonly Step[]): Value {
  return steps.reduce((x, step) => convBnRelu(b, x, step), from);
}

/** 1x7 and 7x1 in place of 7x7, 1x3 and 3x1 in place of 3x3: vertical by horizontal. */
export const row7: Size = [1, 7];
export const column7: Size = [7, 1];
export const row3: Size = [1, 3];
export const column3: Size = [3, 1];

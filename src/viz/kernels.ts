import type { Kernels } from '../workers/contract.ts';
import { displayRgba, displayScale } from './display.ts';

/** Kernels as small pictures: all by one scale, zero the same grey everywhere. */
export interface KernelImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 3: the weights of red, green and blue as a colour; 1: grey. */
  readonly depth: 1 | 3;
  /** The largest |weight| of the layer, shown as full contrast. */
  readonly s: number;
  /** RGBA of kernel `i`, row-major. */
  readonly rgba: (i: number) => Uint8ClampedArray<ArrayBuffer>;
}

/** Pictures of a layer's kernels, or null where they do not read pixels: only depth 3 (RGB) and 1 (grey) are colours. */
export function kernelImages(kernels: Kernels): KernelImages | null {
  const [height, width, depth] = kernels.shape;
  if (depth !== 1 && depth !== 3) return null;
  const size = height * width * depth;
  const { s } = displayScale(kernels.values);
  return {
    count: kernels.count,
    height,
    width,
    depth,
    s,
    rgba: (i) => displayRgba(kernels.values.subarray(i * size, (i + 1) * size), depth, s),
  };
}

import type { Pixels } from '../models/preprocessing.ts';

/** Rows and columns of a picture, first and last included; it may reach past the border. */
export interface PixelBox {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** What a picture shows past the network's border: zero, which is this grey in every projection. */
export const outsideGrey = 128;

export function boxSize(box: PixelBox): { width: number; height: number } {
  return { width: box.right - box.left + 1, height: box.bottom - box.top + 1 };
}

export function wholeBox(width: number, height: number): PixelBox {
  return { top: 0, left: 0, bottom: height - 1, right: width - 1 };
}

export function sameBox(a: PixelBox, b: PixelBox): boolean {
  return a.top === b.top && a.left === b.left && a.bottom === b.bottom && a.right === b.right;
}

/** The part of a picture in a box; rows and columns past the border are grey. */
export function cropPixels(source: Pixels, box: PixelBox): Pixels {
  const { width, height } = boxSize(box);
  const data = new Uint8ClampedArray(width * height * 4).fill(outsideGrey);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  const left = Math.max(0, box.left);
  const right = Math.min(source.width - 1, box.right);
  for (let y = Math.max(0, box.top); y <= Math.min(source.height - 1, box.bottom) && left <= right; y += 1) {
    const row = source.data.subarray((y * source.width + left) * 4, (y * source.width + right + 1) * 4);
    data.set(row, ((y - box.top) * width + left - box.left) * 4);
  }
  return { width, height, data };
}

/** The values `[height, width, channels]` of a volume inside a clipped box, in the same order. */
export function cropValues(
  values: Float32Array,
  width: number,
  channels: number,
  box: PixelBox,
): Float32Array<ArrayBuffer> {
  const size = boxSize(box);
  const cropped = new Float32Array(size.width * size.height * channels);
  for (let y = 0; y < size.height; y += 1) {
    const start = ((box.top + y) * width + box.left) * channels;
    cropped.set(values.subarray(start, start + size.width * channels), y * size.width * channels);
  }
  return cropped;
}

/** Where `inner` lies in `frame`, as fractions of the frame: for an outline drawn over a scaled picture. */
export function boxWithin(
  inner: PixelBox,
  frame: PixelBox,
): { left: number; top: number; width: number; height: number } {
  const size = boxSize(frame);
  const part = boxSize(inner);
  return {
    left: (inner.left - frame.left) / size.width,
    top: (inner.top - frame.top) / size.height,
    width: part.width / size.width,
    height: part.height / size.height,
  };
}

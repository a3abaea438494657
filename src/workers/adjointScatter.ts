import type { Shape } from '../models/graph.ts';
import type { ConvLayer } from './weightsLayout.ts';

type Geometry = Pick<ConvLayer, 'kernel' | 'stride' | 'pad' | 'dilation'>;

/** First and end output index whose tap `k` falls inside `size` input positions. */
function outputRange(
  geometry: Geometry,
  axis: 0 | 1,
  tap: number,
  size: number,
  outputs: number,
): [number, number] {
  const offset = tap * geometry.dilation[axis] - geometry.pad[axis * 2];
  const stride = geometry.stride[axis];
  const first = Math.max(0, Math.ceil(-offset / stride));
  const end = Math.min(outputs, Math.floor((size - 1 - offset) / stride) + 1);
  return [first, end];
}

/**
 * `columns` holds, for every output position, its contribution to each tap and input channel
 * (`[outputs, kh*kw*channels]`); adds them up in `out`, onto the input positions that the taps read.
 */
export function scatterColumns(
  columns: ArrayLike<number>,
  geometry: Geometry,
  [outHeight, outWidth]: readonly [number, number],
  [height, width, channels]: Shape,
  out: Float32Array,
): void {
  const { kernel, stride, pad, dilation } = geometry;
  const row = kernel[0] * kernel[1] * channels;
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      const from = (oy * outWidth + ox) * row;
      for (let ky = 0; ky < kernel[0]; ky++) {
        const y = oy * stride[0] + ky * dilation[0] - pad[0];
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const x = ox * stride[1] + kx * dilation[1] - pad[2];
          if (x < 0 || x >= width) continue;
          const target = (y * width + x) * channels;
          const source = from + (ky * kernel[1] + kx) * channels;
          for (let c = 0; c < channels; c++) {
            out[target + c] = (out[target + c] as number) + (columns[source + c] as number);
          }
        }
      }
    }
  }
}

/** The transpose of a depthwise convolution, added up in `out`; `taps` is `[kh, kw, channels, multiplier]`. */
export function scatterDepthwise(
  signal: ArrayLike<number>,
  taps: ArrayLike<number>,
  geometry: Geometry,
  [outHeight, outWidth]: readonly [number, number],
  [height, width, channels]: Shape,
  multiplier: number,
  out: Float32Array,
): void {
  const { kernel, stride, pad, dilation } = geometry;
  for (let ky = 0; ky < kernel[0]; ky++) {
    const [firstRow, endRow] = outputRange(geometry, 0, ky, height, outHeight);
    for (let kx = 0; kx < kernel[1]; kx++) {
      const [firstColumn, endColumn] = outputRange(geometry, 1, kx, width, outWidth);
      const tap = (ky * kernel[1] + kx) * channels * multiplier;
      for (let oy = firstRow; oy < endRow; oy++) {
        const y = oy * stride[0] + ky * dilation[0] - pad[0];
        for (let ox = firstColumn; ox < endColumn; ox++) {
          const x = ox * stride[1] + kx * dilation[1] - pad[2];
          const target = (y * width + x) * channels;
          const source = (oy * outWidth + ox) * channels * multiplier;
          // One tap a channel is by far the most common case, and its loop has no inner one.
          if (multiplier === 1) {
            for (let c = 0; c < channels; c++) {
              const share = (signal[source + c] as number) * (taps[tap + c] as number);
              out[target + c] = (out[target + c] as number) + share;
            }
            continue;
          }
          for (let c = 0; c < channels; c++) {
            let sum = out[target + c] as number;
            for (let m = 0; m < multiplier; m++) {
              const at = c * multiplier + m;
              sum += (signal[source + at] as number) * (taps[tap + at] as number);
            }
            out[target + c] = sum;
          }
        }
      }
    }
  }
}

/**
 * Adds to `out` the rows of a `[units, out.length]` matrix, each times its factor. Rows whose factor is 0 are never
 * read: of a logit's signal that is all but one, behind a ReLU often more than half.
 */
export function addWeightedRows(matrix: Float32Array, factors: ArrayLike<number>, out: Float32Array): void {
  const length = out.length;
  const active: number[] = [];
  for (let unit = 0; unit < factors.length; unit++) if (factors[unit] !== 0) active.push(unit);
  // Four rows at a time, so that `out` is read and written a quarter as often.
  for (let at = 0; at < active.length; at += 4) {
    const rows = active.slice(at, at + 4);
    // A missing row repeats the first one with the factor 0.
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => (rows[i] ?? (rows[0] as number)) * length) as Quad;
    const [fa, fb, fc, fd] = [0, 1, 2, 3].map((i) =>
      i < rows.length ? (factors[rows[i] as number] ?? 0) : 0,
    ) as Quad;
    for (let i = 0; i < length; i++) {
      out[i] =
        (out[i] as number) +
        fa * (matrix[a + i] as number) +
        fb * (matrix[b + i] as number) +
        fc * (matrix[c + i] as number) +
        fd * (matrix[d + i] as number);
    }
  }
}

type Quad = [number, number, number, number];

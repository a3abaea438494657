/**
 * How a projection becomes pixels (`tests/display`): u8 = rint(128 + 127 clip(v/s, -1, 1)), one s for all
 * channels, so that zero is the same grey in every picture. Never min-max: zero would move.
 */

export interface DisplayScale {
  /** The magnitude that is shown as full contrast; 0 when there is nothing to show. */
  readonly s: number;
  /** Fraction of the values beyond s, shown as if they were s. */
  readonly clippedShare: number;
  /** Every value is zero (or none is finite): say so instead of amplifying noise. */
  readonly allZero: boolean;
}

/** The scale at a percentile of |v| (100: the largest), interpolated linearly between order statistics as NumPy does. */
export function displayScale(values: ArrayLike<number>, percentile = 100): DisplayScale {
  const s = percentile >= 100 ? largestMagnitude(values) : percentileMagnitude(values, percentile);
  if (!(s > 0)) return { s: 0, clippedShare: 0, allZero: largestMagnitude(values) === 0 };
  let clipped = 0;
  for (let i = 0; i < values.length; i += 1) if (Math.abs(values[i]!) / s > 1) clipped += 1;
  return { s, clippedShare: clipped / values.length, allZero: false };
}

/** One value as a byte's real number, before rounding; 128 is zero. */
export function displayLevel(value: number, s: number): number {
  if (!(s > 0)) return 128;
  return 128 + 127 * Math.min(1, Math.max(-1, value / s));
}

/** Display bytes in the order of `values`. A clamped array rounds half to even when written: NumPy's rint. */
export function displayBytes(values: ArrayLike<number>, s: number): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i += 1) bytes[i] = displayLevel(values[i]!, s);
  return bytes;
}

/** Signed values `[height, width, 3 or 1]` as RGBA bytes; one channel is shown as grey. */
export function displayRgba(
  values: ArrayLike<number>,
  channels: number,
  s: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = values.length / channels;
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let i = 0; i < pixels; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      rgba[i * 4 + c] = displayLevel(values[i * channels + Math.min(c, channels - 1)]!, s);
    }
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

function percentileMagnitude(values: ArrayLike<number>, percentile: number): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values, Math.abs).sort();
  const rank = (percentile / 100) * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (rank - below);
}

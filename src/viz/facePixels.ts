import type { Volume } from '../models/graph.ts';
import { sequentialLut } from './ramps.ts';
import type { RampTheme } from './ramps.ts';

/** One layer's mean activation: rows of values. */
export interface FaceValues {
  readonly height: number;
  readonly width: number;
  readonly values: Volume['values'];
}

/** The pixels of a face in the sequential ramp, from its smallest value to its largest. RGBA. */
export function facePixels(
  { height, width, values }: FaceValues,
  theme: RampTheme,
): Uint8ClampedArray<ArrayBuffer> {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const lut = sequentialLut(theme);
  const pixels = new Uint32Array(height * width);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = lut[Math.round(((values[i] ?? low) - low) * scale)] ?? 0;
  return new Uint8ClampedArray(pixels.buffer);
}

import type { Volume } from '../models/graph.ts';
import type { DiagramBox, Rect } from './diagramTypes.ts';
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

/** How far a map may be stretched to fill its box before a picture stops being recognisable. */
const MOST_STRETCH = 5;

/** Where the map goes on a box's front: all of it, unless that would distort the picture too much. */
export function faceRoom(box: DiagramBox): Rect {
  const natural = box.shape[1] / box.shape[0];
  const width = Math.min(box.width, box.height * natural * MOST_STRETCH);
  const height = Math.min(box.height, (box.width / natural) * MOST_STRETCH);
  return {
    x: box.x + (box.width - width) / 2,
    y: box.y + (box.height - height) / 2,
    width,
    height,
  };
}

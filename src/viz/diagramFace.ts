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

/** How far a map may be squeezed to show all of itself on its box's front; beyond that its edges are cut. */
const MOST_SQUEEZE = 2;
/** A photo is known to the eye: it keeps its proportion. */
const isPhoto = (box: DiagramBox): boolean => box.group === 'output' && box.form === 'tensor';

/** The part of a map (its sides are 1) that its box's front shows: all of it, or its middle where it would be squeezed too much. */
export function faceView(box: DiagramBox): Rect {
  const front = (box.width / box.height) * (box.shape[0] / box.shape[1]);
  const squeeze = isPhoto(box) ? 1 : MOST_SQUEEZE;
  const width = Math.min(1, front * squeeze);
  const height = Math.min(1, squeeze / front);
  return { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
}

import type { Shape } from '../models/graph.ts';
import type { MapStats } from './contract.ts';

/** Small pictures of activations by area averaging: every value counts, none is skipped. */

export interface Thumbnails {
  readonly height: number;
  readonly width: number;
  /** One plane after the other (channel-major). */
  readonly planes: Float32Array<ArrayBuffer>;
}

/** The size whose longer side is `px`, in proportion; never larger than the source, never less than 1. */
export function thumbnailSize(height: number, width: number, px: number): readonly [number, number] {
  const scale = Math.min(1, px / Math.max(height, width));
  return [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))];
}

/** Where a source row (or column) falls: up to two targets, with its share of each target's area. */
interface Share {
  readonly target: number;
  readonly weight: number;
}

function shares(source: number, target: number): readonly (readonly Share[])[] {
  const ratio = target / source;
  return Array.from({ length: source }, (_, i) => {
    const from = i * ratio;
    const to = (i + 1) * ratio;
    const parts: Share[] = [];
    // A sliver below a millionth comes from rounding, not from the picture.
    for (let t = Math.floor(from + 1e-6); t < to - 1e-6; t++) {
      parts.push({ target: t, weight: Math.min(to, t + 1) - Math.max(from, t) });
    }
    return parts;
  });
}

/** Row-major height, width, channel in; planes of `[height, width]` no larger than `px` a side out. */
export function thumbnails(values: Float32Array, [height, width, channels]: Shape, px: number): Thumbnails {
  const [rows, columns] = thumbnailSize(height, width, px);
  const planes = new Float32Array(rows * columns * channels);
  const plane = rows * columns;
  const ys = shares(height, rows);
  const xs = shares(width, columns);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      for (const row of ys[y]!) {
        for (const column of xs[x]!) {
          const weight = row.weight * column.weight;
          let to = row.target * columns + column.target;
          for (let c = 0; c < channels; c++, to += plane) planes[to] = planes[to]! + weight * values[at + c]!;
        }
      }
    }
  }
  return { height: rows, width: columns, planes };
}

/** Smallest, largest and mean value of every channel, and where the largest is (first in row-major order). */
export function channelStats(values: Float32Array, [height, width, channels]: Shape): MapStats[] {
  const min = new Float32Array(channels).fill(Infinity);
  const max = new Float32Array(channels).fill(-Infinity);
  const total = new Float64Array(channels);
  const where = new Int32Array(channels);
  const area = height * width;
  for (let position = 0, at = 0; position < area; position++) {
    for (let c = 0; c < channels; c++, at++) {
      const value = values[at]!;
      total[c] = total[c]! + value;
      if (value < min[c]!) min[c] = value;
      if (value > max[c]!) {
        max[c] = value;
        where[c] = position;
      }
    }
  }
  return Array.from({ length: channels }, (_, c) => ({
    min: min[c]!,
    max: max[c]!,
    mean: total[c]! / area,
    y: Math.floor(where[c]! / width),
    x: where[c]! % width,
  }));
}

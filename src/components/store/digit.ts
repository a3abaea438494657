import type { Pixels } from '../../models/preprocessing.ts';

type Point = readonly [x: number, y: number];

const sidePx = 140;
const penPx = 7;

/** A four as three strokes of the pen, in a square of `sidePx`. */
const strokes: readonly (readonly [Point, Point])[] = [
  [
    [48, 28],
    [38, 78],
  ],
  [
    [38, 78],
    [98, 76],
  ],
  [
    [84, 30],
    [82, 118],
  ],
];

/** The digit that a digit network opens with until somebody draws one: dark ink on white, without a canvas. */
export function firstDigit(): Pixels {
  const data = new Uint8ClampedArray(sidePx * sidePx * 4);
  for (let y = 0; y < sidePx; y++) {
    for (let x = 0; x < sidePx; x++) {
      const nearest = Math.min(...strokes.map(([from, to]) => distance([x, y], from, to)));
      const ink = Math.min(Math.max(penPx + 0.5 - nearest, 0), 1);
      data.set([255 * (1 - ink), 255 * (1 - ink), 255 * (1 - ink), 255], (y * sidePx + x) * 4);
    }
  }
  return { width: sidePx, height: sidePx, data };
}

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const t = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

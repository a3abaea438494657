import { concat, pad as padTensor, slice } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { windowOf, type FieldBox } from '../models/field.ts';
import type { Node, Op, Shape } from '../models/graph.ts';

/** First row and column of a window in its map. */
export type Corner = readonly [top: number, left: number];

/**
 * Where the signals of a batch lie in one node's maps: a window each, all of one size, all inside the map. A signal is
 * zero outside its window, so that only the window is computed with.
 */
export interface Region {
  readonly height: number;
  readonly width: number;
  readonly corners: readonly Corner[];
}

/** A window that is at least this part of its map is taken whole: whole maps have the quicker programs. */
const nearlyAll = 0.75;

export function wholeRegion([height, width]: Shape, signals: number): Region {
  return { height, width, corners: Array.from({ length: signals }, () => [0, 0]) };
}

export function isWhole(region: Region, [height, width]: Shape): boolean {
  return region.height === height && region.width === width;
}

/**
 * The region of every node of a walk from `path[0]` down, whose region is `seed`: what the windows above it read, of all
 * its readers together. `path` is in reverse topological order. Without `crops` all maps are whole.
 */
export function planRegions(
  path: readonly Node[],
  shapes: ReadonlyMap<string, Shape>,
  seed: Region,
  crops: boolean,
): Map<string, Region> {
  const signals = seed.corners.length;
  const regions = new Map<string, Region>();
  const reads = new Map<string, readonly FieldBox[]>();
  for (const { id, op, inputs, shape } of path) {
    const read = reads.get(id);
    const region = !read ? seed : crops ? regionAround(read, shape) : wholeRegion(shape, signals);
    regions.set(id, region);
    for (const input of inputs) {
      const boxes = readBoxes(op, region, shapes.get(input) ?? shape);
      const known = reads.get(input);
      reads.set(input, known ? known.map((box, i) => around(box, boxes[i] as FieldBox)) : boxes);
    }
  }
  return regions;
}

/** What the windows of an op read of an input when they stand on the positions of a region; inside the input. */
function readBoxes(op: Op, { height, width, corners }: Region, input: Shape): FieldBox[] {
  const window = windowOf(op);
  if (!window) return corners.map(() => ({ top: 0, left: 0, bottom: input[0] - 1, right: input[1] - 1 }));
  const { kernel, stride, pad, dilation } = window;
  const line = (axis: 0 | 1, first: number, count: number): [number, number] => {
    const start = first * stride[axis] - pad[axis * 2]!;
    const end = start + (count - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1);
    return [between(start, 0, input[axis] - 1), between(end, 0, input[axis] - 1)];
  };
  return corners.map((corner) => {
    const [top, bottom] = line(0, corner[0], height);
    const [left, right] = line(1, corner[1], width);
    return { top, left, bottom, right };
  });
}

/** Windows of one size around the boxes; those of the border are moved into the map. */
function regionAround(boxes: readonly FieldBox[], shape: Shape): Region {
  const height = Math.max(...boxes.map(({ top, bottom }) => bottom - top + 1));
  const width = Math.max(...boxes.map(({ left, right }) => right - left + 1));
  if (height * width >= nearlyAll * shape[0] * shape[1]) return wholeRegion(shape, boxes.length);
  const corners = boxes.map(({ top, left }): Corner => [
    Math.min(top, shape[0] - height),
    Math.min(left, shape[1] - width),
  ]);
  return { height, width, corners };
}

function around(a: FieldBox, b: FieldBox): FieldBox {
  return {
    top: Math.min(a.top, b.top),
    left: Math.min(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

function between(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/**
 * `make` of the parts of one map that lie under the windows, `[signals, height, width, channels]`; of a whole map it is
 * one for all signals, for tfjs to broadcast. Made before the cut where that is less work. Call inside `tidy`.
 */
export function patches(
  map: Tensor4D,
  region: Region,
  make: (part: Tensor4D) => Tensor4D = (part) => part,
): Tensor4D {
  const [, height, width, channels] = map.shape;
  if (isWhole(region, [height, width, channels])) return make(map);
  const cut = (x: Tensor4D): Tensor4D => {
    const parts = region.corners.map(([top, left]) =>
      slice(x, [0, top, left, 0], [1, region.height, region.width, channels]),
    );
    return parts.length === 1 ? (parts[0] as Tensor4D) : concat(parts, 0);
  };
  const overlaps = region.corners.length * region.height * region.width > height * width;
  return overlaps ? cut(make(map)) : make(cut(map));
}

/** Signals in the windows `from` as signals in the windows `to` around them; unchanged where they have that size. Call inside `tidy`. */
export function placed(signals: Tensor4D, from: Region, to: Region): Tensor4D {
  if (signals.shape[1] === to.height && signals.shape[2] === to.width) return signals;
  const tops = from.corners.map(([top], i) => top - (to.corners[i] as Corner)[0]);
  const lefts = from.corners.map(([, left], i) => left - (to.corners[i] as Corner)[1]);
  const place = (part: Tensor4D, top: number, left: number): Tensor4D =>
    padTensor(part, [
      [0, 0],
      [top, to.height - from.height - top],
      [left, to.width - from.width - left],
      [0, 0],
    ]);
  const alike = [tops, lefts].every((list) => list.every((offset) => offset === list[0]));
  if (alike) return place(signals, tops[0] ?? 0, lefts[0] ?? 0);
  const [, ...size] = signals.shape;
  const parts = tops.map((top, i) =>
    place(slice(signals, [i, 0, 0, 0], [1, ...size]), top, lefts[i] as number),
  );
  return concat(parts, 0);
}

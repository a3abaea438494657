import type { GraphDifference } from '../models/difference.ts';
import type { DiagramGeometry, Rect } from './diagramTypes.ts';
import { ANSWER_PX, centred, MOST_TALLNESS } from './diagramView.ts';
import type { DrawingView, Room } from './diagramView.ts';

/** Places along two drawings that stand for each other, `[x, x]` in their own units, rising in both. */
export type Anchors = readonly (readonly [number, number])[];

/** Where the boxes of two drawings stand for each other: the longest chain of pairs that runs forwards in both. */
export function anchorsOf(
  first: DiagramGeometry,
  second: DiagramGeometry,
  { pairs }: Pick<GraphDifference, 'pairs'>,
): Anchors {
  const [middles, others] = [middlesOf(first), middlesOf(second)];
  const places: (readonly [number, number])[] = [];
  for (const pair of pairs) {
    const [x, y] = [
      middles.get(first.boxOf.get(pair.first) ?? ''),
      others.get(second.boxOf.get(pair.second) ?? ''),
    ];
    if (x !== undefined && y !== undefined) places.push([x, y]);
  }
  return risingChain([...places].sort(([a, c], [b, d]) => a - b || c - d));
}

/** The middle of every box by its id. */
function middlesOf({ boxes }: DiagramGeometry): ReadonlyMap<string, number> {
  return new Map(boxes.map(({ id, x, width }) => [id, x + width / 2]));
}

/** The longest subsequence that rises in both, of places in the order of the first. */
function risingChain(places: Anchors): Anchors {
  const ends: number[] = [];
  const before: (number | null)[] = [];
  places.forEach(([x, y], i) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const [endX, endY] = places[ends[middle]!]!;
      if (endX < x && endY < y) low = middle + 1;
      else high = middle;
    }
    before[i] = ends[low - 1] ?? null;
    ends[low] = i;
  });
  const chain: (readonly [number, number])[] = [];
  for (let at = ends.at(-1) ?? null; at !== null; at = before[at] ?? null) chain.unshift(places[at]!);
  return chain;
}

/** The place in the other drawing that a place in this one stands for: between two anchors in proportion, outside alike. */
export function counterpart(anchors: Anchors, x: number, way: 'forwards' | 'backwards'): number {
  const [from, to] = way === 'forwards' ? ([0, 1] as const) : ([1, 0] as const);
  const after = anchors.findIndex((anchor) => anchor[from] >= x);
  const right = anchors[after < 0 ? anchors.length - 1 : after];
  if (right === undefined) return x;
  const left = after < 1 ? undefined : anchors[after - 1];
  if (left === undefined) return right[to] + x - right[from];
  const part = (x - left[from]) / (right[from] - left[from]);
  return left[to] + part * (right[to] - left[to]);
}

/** The view that shows in `room` what `view` shows in `ownRoom`: same scale, the same layer in the middle. */
export function followingView(
  view: DrawingView,
  ownRoom: Room,
  place: (x: number) => number,
  room: Room,
): DrawingView {
  const middle = (ownRoom.width / 2 - view.x) / view.k;
  return {
    k: view.k,
    x: room.width / 2 - place(middle) * view.k,
    y: view.y + (room.height - ownRoom.height) / 2,
  };
}

interface Shown {
  readonly geometry: DiagramGeometry;
  readonly room: Room;
}
const EDGE_PX = 12;

/**
 * Where the first drawing stands so that it and the other, which follows it by `place`, are both seen as `own` would show
 * them: whole and as large as their rooms allow, or from their beginning where `own` shows no more.
 */
export function sharedHome(
  shown: Shown,
  other: Shown,
  place: (x: number) => number,
  own: (geometry: DiagramGeometry, room: Room) => DrawingView,
): DrawingView {
  // A line of both is as high as the higher one, so that neither is cut.
  const [up, down] = [
    Math.min(shown.geometry.bounds.y, other.geometry.bounds.y),
    Math.max(...[shown, other].map(({ geometry: { bounds } }) => bounds.y + bounds.height)),
  ];
  const stretched = ({ geometry, room }: Shown): Shown => ({
    geometry: { ...geometry, bounds: { ...geometry.bounds, y: up, height: down - up } },
    room,
  });
  const [a, b] = [stretched(shown), stretched(other)];
  const most = Math.min(own(a.geometry, a.room).k, own(b.geometry, b.room).k);
  const { bounds } = a.geometry;
  // The middle of the room is some place of the drawing.
  const middles = Array.from({ length: STEPS + 1 }, (_, step) => bounds.x + (bounds.width * step) / STEPS);
  const largest = middles.map((x) => Math.min(most, largestAbout(a, x), largestAbout(b, place(x))));
  const k = Math.max(...largest);
  const each = [a, b].every(({ geometry, room }) => geometry.bounds.width * most < room.width);
  const whole = each || k >= most * LEAST_OF_OWN;
  const good = middles.filter((x, i) =>
    whole ? largest[i]! > k * 0.999 : Math.min(startAt(a, x, most), startAt(b, place(x), most)) >= 0,
  );
  // Of places that are equally good the middle one shows a whole drawing, the last one fills the room from the beginning.
  const middle = good[whole ? good.length >> 1 : good.length - 1] ?? bounds.x;
  const scale = whole ? k : most;
  return { k: scale, x: a.room.width / 2 - middle * scale, y: centred(a.geometry, a.room, scale).y };
}
const STEPS = 120;
/** Drawings whose layers stand apart need a little less than each would on its own; with less than this they do not fit. */
const LEAST_OF_OWN = 0.7;

/** How far (px) the beginning of a drawing is from the edge of its room when this place is in the middle; positive: inside. */
function startAt({ geometry: { bounds }, room }: Shown, middle: number, k: number): number {
  return room.width / 2 - EDGE_PX - (middle - bounds.x) * k;
}

/** The largest scale at which a drawing with this place in the middle of its room is not cut at either side. */
function largestAbout({ geometry: { bounds }, room }: Shown, middle: number): number {
  const half = room.width / 2 - EDGE_PX;
  const left = half / Math.max(1, middle - bounds.x);
  const right = (half - ANSWER_PX) / Math.max(1, bounds.x + bounds.width - middle);
  return Math.min(left, right);
}

/**
 * How tall two drawings of one scale are drawn, 1 to `MOST_TALLNESS`, so that both fill the height of their rooms when both are
 * seen whole. Takes each drawing's bounds at tallness 1 and at the most: between them its height grows in proportion.
 */
export function sharedTallness(
  drawings: readonly (readonly [own: Rect, tallest: Rect])[],
  room: Room,
): number {
  if (room.width === 0) return 1;
  const k = Math.min(1, ...drawings.map(([own]) => (room.width - ANSWER_PX) / own.width));
  const fitting = drawings.map(([own, tallest]) => {
    const grows = (tallest.height - own.height) / (MOST_TALLNESS - 1);
    return 1 + (room.height / k - LABELS_PX / k - own.height) / grows;
  });
  return Math.min(MOST_TALLNESS, Math.max(1, Math.floor(Math.min(...fitting) * 10) / 10));
}
/** Names below the main line, and some air. */
const LABELS_PX = 90;

import { overlap, type Box } from './chartTypes.ts';

export interface Labelled {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly r: number;
  /** Size of its text. */
  readonly width: number;
  readonly height: number;
  /** Placed first, and farther away where there is no room near. */
  readonly first: boolean;
}

export interface PlacedName {
  readonly id: string;
  readonly box: Box;
  /** From the mark to a text that does not stand beside it. */
  readonly leader: boolean;
}

/** Directions round a mark, best first. */
const around: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
];
const near = 3;
const far = [14, 26, 40, 58] as const;

/**
 * Names beside marks: none over another, none outside the plot, and over other marks only where nothing is free. A
 * name without a place is left out; `taken` is room that other texts have; those that come first may stand farther off, on a leader.
 */
export function placeNames(
  marks: readonly Labelled[],
  plot: Box,
  taken: readonly Box[] = [],
): readonly PlacedName[] {
  const placed: PlacedName[] = [];
  const full = [...taken];
  const order = [...marks].sort((a, b) => Number(b.first) - Number(a.first) || b.r - a.r);
  for (const mark of order) {
    const distances = mark.first ? [near, ...far] : [near];
    const free = distances.flatMap((distance) =>
      around
        .map((direction) => ({ box: boxAt(mark, direction, distance), leader: distance > near }))
        .filter(({ box }) => inside(box, plot) && !full.some((other) => overlap(box, other))),
    );
    const costs = free.map(({ box, leader }) => covered(box, mark, marks) + (leader ? 0.5 : 0));
    const least = Math.min(...costs);
    const best = free[costs.indexOf(least)];
    // An unimportant name must not hide marks: it is in the card of its own mark anyway.
    if (best && (mark.first || least === 0)) {
      placed.push({ id: mark.id, ...best });
      full.push(best.box);
    }
  }
  return placed;
}

function boxAt(mark: Labelled, [dx, dy]: readonly [number, number], distance: number): Box {
  const { width, height, r } = mark;
  const reach = (dx !== 0 && dy !== 0 ? r * Math.SQRT1_2 : r) + distance;
  return {
    x: mark.x + dx * reach - (dx === 0 ? width / 2 : dx < 0 ? width : 0),
    y: mark.y + dy * reach - (dy === 0 ? height / 2 : dy < 0 ? height : 0),
    width,
    height,
  };
}

const inside = (box: Box, plot: Box) =>
  box.x >= plot.x &&
  box.y >= plot.y &&
  box.x + box.width <= plot.x + plot.width &&
  box.y + box.height <= plot.y + plot.height;

/** How many other marks a name lies over; the middle of a mark, where small ones are, counts. */
function covered(box: Box, self: Labelled, marks: readonly Labelled[]): number {
  return marks.filter((mark) => {
    if (mark === self) return false;
    const core = Math.min(mark.r, 6);
    return overlap(box, { x: mark.x - core, y: mark.y - core, width: 2 * core, height: 2 * core });
  }).length;
}

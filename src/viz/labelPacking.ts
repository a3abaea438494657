/** A text that wants to stand in the middle of something: px along a row. */
export interface Wish {
  readonly middle: number;
  readonly width: number;
  /** How far from there it may be moved, to either side. */
  readonly give: number;
}

/**
 * The middles of texts in one row between two walls, in their given order: none closer than `spacing` to the next, none
 * moved farther than it may be, and together as near to their wishes as can be. Null where there is no such row.
 */
export function packRow(
  wishes: readonly Wish[],
  left: number,
  right: number,
  spacing: number,
): readonly number[] | null {
  const first = wishes[0];
  if (first === undefined) return [];
  // Distances between middles are fixed by the widths: what is left is a sequence that never falls.
  const offset: number[] = [];
  wishes.forEach(({ width }, i) => {
    const before = wishes[i - 1];
    offset.push(before === undefined ? 0 : (offset[i - 1] ?? 0) + (before.width + width) / 2 + spacing);
  });
  const earliest: number[] = [];
  wishes.forEach(({ middle, width, give }, i) => {
    const wall = left + width / 2 - (offset[i] ?? 0);
    earliest.push(Math.max(middle - give - (offset[i] ?? 0), earliest[i - 1] ?? wall, wall));
  });
  const latest = new Array<number>(wishes.length);
  for (let i = wishes.length - 1; i >= 0; i--) {
    const { middle, width, give } = wishes[i] ?? first;
    const wall = right - width / 2 - (offset[i] ?? 0);
    latest[i] = Math.min(middle + give - (offset[i] ?? 0), latest[i + 1] ?? wall, wall);
    if ((latest[i] ?? 0) < (earliest[i] ?? 0) - TOLERANCE) return null;
  }
  const nearest = isotonic(wishes.map(({ middle }, i) => middle - (offset[i] ?? 0)));
  // The middle one of three sequences that never fall never falls either.
  return wishes.map((_, i) => {
    const within = Math.min(latest[i] ?? 0, Math.max(earliest[i] ?? 0, nearest[i] ?? 0));
    return within + (offset[i] ?? 0);
  });
}

const TOLERANCE = 1e-6;

/** The sequence that never falls and is nearest to `values` in squares (pool adjacent violators). */
export function isotonic(values: readonly number[]): readonly number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (let last = pools.at(-1); last !== undefined; last = pools.at(-1)) {
      if (last.sum / last.count <= pool.sum / pool.count) break;
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
}

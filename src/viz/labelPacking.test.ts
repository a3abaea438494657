import { describe, expect, it } from 'vitest';
import { isotonic, packRow } from './labelPacking.ts';
import type { Wish } from './labelPacking.ts';

const wish = (middle: number, width: number, give = 100): Wish => ({ middle, width, give });

describe('texts in a row', () => {
  it('stay where they want to be while there is room', () => {
    expect(packRow([wish(20, 10), wish(60, 30), wish(90, 20)], 0, 200, 4)).toEqual([20, 60, 90]);
  });
  it('share what is missing: neighbours of equal right move by the same', () => {
    expect(packRow([wish(50, 20), wish(60, 20)], 0, 200, 4)).toEqual([43, 67]);
  });
  it('stay between the walls, and leave the rest where it was', () => {
    expect(packRow([wish(5, 20), wish(80, 20), wish(99, 20)], 0, 100, 4)).toEqual([10, 66, 90]);
  });
  it('do not stand where one would have to move farther than it may', () => {
    expect(packRow([wish(50, 20, 6), wish(60, 20, 6)], 0, 200, 4)).toBeNull();
    expect(packRow([wish(50, 20, 7), wish(60, 20, 7)], 0, 200, 4)).toEqual([43, 67]);
    expect(packRow([wish(50, 20, 0), wish(60, 20)], 0, 200, 4)).toEqual([50, 74]);
    expect(packRow([wish(50, 60), wish(50, 60)], 0, 100, 4)).toBeNull();
  });
  it('are as near to their wishes as any row on a fine grid, and never overlap', () => {
    const wishes = [wish(12, 10, 9), wish(16, 8, 20), wish(22, 12, 6), wish(40, 6, 20)];
    const cost = (middles: readonly number[]) =>
      middles.reduce((sum, middle, i) => sum + (middle - wishes[i]!.middle) ** 2, 0);
    const allowed = (middles: readonly number[]) =>
      middles.every((middle, i) => {
        const { width, give } = wishes[i]!;
        const before = i === 0 ? 0 : middles[i - 1]! + wishes[i - 1]!.width / 2 + 2;
        return (
          middle - width / 2 >= before - 1e-9 &&
          middle + width / 2 <= 60 &&
          Math.abs(middle - wishes[i]!.middle) <= give + 1e-9
        );
      });
    const found = packRow(wishes, 0, 60, 2)!;
    expect(allowed(found)).toBe(true);
    let best = Infinity;
    const steps = Array.from({ length: 61 }, (_, i) => i);
    for (const a of steps)
      for (const b of steps) {
        if (b < a + 11) continue;
        for (const c of steps) if (allowed([a, b, c, 40])) best = Math.min(best, cost([a, b, c, 40]));
      }
    expect(cost(found)).toBeLessThanOrEqual(best + 1e-9);
  });
  it('may be none', () => {
    expect(packRow([], 0, 10, 4)).toEqual([]);
  });
});

describe('the nearest sequence that never falls', () => {
  it('pools what falls and leaves the rest', () => {
    expect(isotonic([1, 2, 3])).toEqual([1, 2, 3]);
    expect(isotonic([1, 5, 3, 4])).toEqual([1, 4, 4, 4]);
    expect(isotonic([3, 2, 1])).toEqual([2, 2, 2]);
  });
});

import { describe, expect, it } from 'vitest';
import { scaleTicks, valueRange } from './scale.ts';

describe('the range that a colour stands for', () => {
  it('starts at zero where nothing is negative', () => {
    expect(valueRange(0, 3.2)).toEqual({ low: 0, high: 3.2, signed: false });
    expect(valueRange(1, 3.2).low).toBe(0);
  });

  it('is symmetric around zero where something is', () => {
    expect(valueRange(-4, 1)).toEqual({ low: -4, high: 4, signed: true });
    expect(valueRange(-1, 4)).toEqual({ low: -4, high: 4, signed: true });
  });

  it('is empty for a dead layer', () => {
    expect(valueRange(0, 0)).toEqual({ low: 0, high: 0, signed: false });
  });
});

describe('ticks of a scale bar', () => {
  it('has the exact ends and round values between them', () => {
    const ticks = scaleTicks({ low: 0, high: 8.37, signed: false });
    expect(ticks.map((t) => t.value)).toEqual([0, 2, 4, 6, 8.37]);
    expect(ticks.at(-1)).toEqual({ value: 8.37, at: 1 });
  });

  it('has zero in the middle of a signed bar', () => {
    expect(scaleTicks({ low: -2.3, high: 2.3, signed: true })).toContainEqual({ value: 0, at: 0.5 });
  });

  it('keeps labels apart from the ends', () => {
    const inner = scaleTicks({ low: 0, high: 1.01, signed: false }, 10).slice(1, -1);
    expect(inner.length).toBeGreaterThan(0);
    for (const { at } of inner) expect(Math.min(at, 1 - at)).toBeGreaterThanOrEqual(0.18);
  });

  it('has one tick when the range is empty', () => {
    expect(scaleTicks({ low: 0, high: 0, signed: false })).toEqual([{ value: 0, at: 0 }]);
  });
});

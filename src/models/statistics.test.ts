import { describe, expect, it } from 'vitest';
import { quartilesOf } from './statistics.ts';

describe('the quartiles of some values', () => {
  it('are values, whatever their order, where their places are whole', () => {
    expect(quartilesOf([5, 1, 4, 2, 3])).toEqual({ lower: 2, median: 3, upper: 4 });
    expect(quartilesOf([9])).toEqual({ lower: 9, median: 9, upper: 9 });
  });

  it('lie between two neighbours where they are not, as with numpy.percentile', () => {
    expect(quartilesOf([1, 2, 3, 4])).toEqual({ lower: 1.75, median: 2.5, upper: 3.25 });
  });

  it('leave the values as they were', () => {
    const values = [3, 1, 2];
    quartilesOf(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('are of numbers and not of their digits', () => {
    expect(quartilesOf([100, 20, 3]).median).toBe(20);
  });

  it('are no numbers without values', () => {
    expect(quartilesOf([])).toEqual({ lower: NaN, median: NaN, upper: NaN });
  });
});

import { describe, expect, it } from 'vitest';
import { middle } from './statistics.ts';

describe('the middle of some values', () => {
  it('is one of them, with the quartiles, whatever their order', () => {
    expect(middle([5, 1, 4, 2, 3])).toEqual({ low: 2, median: 3, high: 4 });
    expect(middle([9])).toEqual({ low: 9, median: 9, high: 9 });
  });

  it('leaves the values as they were', () => {
    const values = [3, 1, 2];
    middle(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('sorts numbers and not their digits', () => {
    expect(middle([100, 20, 3]).median).toBe(20);
  });

  it('is no number without values', () => {
    expect(middle([]).median).toBeNaN();
  });
});

import { ticks } from 'd3-array';

/** A labelled place on a scale bar: its value and where it stands, 0 at the low end and 1 at the high end. */
export interface ScaleTick {
  readonly value: number;
  readonly at: number;
}

/** What a colour means: values from `low` to `high`; signed ranges are symmetric, so that zero stays the background. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
  readonly signed: boolean;
}

/** The range of values with this minimum and maximum: [0, max] without negative values, else [-m, m]. */
export function valueRange(min: number, max: number): ValueRange {
  if (min >= 0) return { low: 0, high: Math.max(0, max), signed: false };
  const m = Math.max(-min, max);
  return { low: -m, high: m, signed: true };
}

/** Both ends exactly, and between them round values that keep `clearance` (a fraction of the bar) from either end. */
export function scaleTicks(range: ValueRange, count = 3, clearance = 0.18): readonly ScaleTick[] {
  const { low, high } = range;
  if (!(high > low)) return [{ value: low, at: 0 }];
  const inner = ticks(low, high, count)
    .map((value) => ({ value, at: (value - low) / (high - low) }))
    .filter(({ at }) => at >= clearance && at <= 1 - clearance);
  return [{ value: low, at: 0 }, ...inner, { value: high, at: 1 }];
}

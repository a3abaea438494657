/** A quantity along an axis. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

interface ScaleOptions {
  readonly kind: 'linear' | 'log';
  readonly values: readonly number[];
  readonly from: number;
  readonly to: number;
  /** Room at both ends, as a part of the whole. */
  readonly pad?: number;
  /** Where the axis begins whatever the values are. */
  readonly zero?: boolean;
  /** Only whole numbers are ticks: there is no year 2012.5. */
  readonly whole?: boolean;
  /** How many ticks there is room for. */
  readonly most?: number;
}

/** A scale that holds all values, with round ticks. A log scale needs values above zero. */
export function makeScale({
  kind,
  values,
  from,
  to,
  pad = 0.06,
  zero = false,
  whole = false,
  most = 8,
}: ScaleOptions): Scale {
  const log = kind === 'log';
  const into = (value: number) => (log ? Math.log10(value) : value);
  const known = values.length > 0 ? values.map(into) : [0, 1];
  let low = zero ? 0 : Math.min(...known);
  let high = Math.max(...known);
  const room = (high - low || (log ? 0.5 : Math.max(1, Math.abs(high) * 0.1))) * pad;
  if (!zero) low -= high === low ? room / pad / 2 : room;
  high += high === low ? room / pad / 2 : room;
  const ticks = log ? logTicks(low, high, most) : linearTicks(low, high, most, whole);
  return { at: (value) => from + ((into(value) - low) / (high - low)) * (to - from), ticks };
}

function linearTicks(low: number, high: number, most: number, whole: boolean): readonly number[] {
  const rough = Math.max((high - low) / most, whole ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Decades; with 2 and 5 between them, or every second decade, by the room that there is. */
function logTicks(low: number, high: number, most: number): readonly number[] {
  const decades = Array.from(
    { length: Math.ceil(high) - Math.floor(low) + 1 },
    (_, i) => Math.floor(low) + i,
  );
  const within = (each: number) => Math.log10(each) >= low && Math.log10(each) <= high;
  for (const parts of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = decades.flatMap((decade) => parts.map((part) => part * 10 ** decade)).filter(within);
    if (ticks.length <= most) return ticks;
  }
  return decades
    .filter((_, i) => i % 2 === 0)
    .map((decade) => 10 ** decade)
    .filter(within);
}

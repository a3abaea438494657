/** Half of the values lie between the low and the high quartile. */
export interface Middle {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The quartiles of some values, each of them one of the values (nearest rank); NaN without any. */
export function middle(values: readonly number[]): Middle {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)] ?? NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Half of the values lie between the lower and the upper quartile. */
export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** Median and quartiles of some values, interpolated between neighbours (numpy's default); NaN without any. */
export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? NaN;
    return below + (place % 1) * (sorted[Math.ceil(place)]! - below);
  };
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) };
}

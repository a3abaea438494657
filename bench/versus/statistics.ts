/** The quartiles of some values: half of them lie between the low and the high one. */
export function middle(values: readonly number[]): { low: number; median: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)] ?? NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Pairs of one round divided: what slows the machine for a while slows both. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  if (above.length !== below.length) throw new Error('every round has one time of each');
  return above.map((value, i) => value / below[i]!);
}

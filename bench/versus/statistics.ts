/** The quartiles that the page gives too. */
export { quartilesOf } from '../../src/models/statistics.ts';

/** Pairs of one round divided: what slows the machine for a while slows both. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  if (above.length !== below.length) throw new Error('every round has one time of each');
  return above.map((value, i) => value / below[i]!);
}

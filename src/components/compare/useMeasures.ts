import type { Measures } from '../../models/compare.ts';
import { useFacts, useWantedFacts } from '../networks/useFacts.ts';

export interface Measured {
  readonly name: string;
  readonly measures: Measures;
}

/** Names and measures of these networks as they become known: their graphs are built off the page's thread. */
export function useMeasures(refs: readonly string[]): ReadonlyMap<string, Measured> {
  useWantedFacts(refs);
  return useFacts((s) => s.facts);
}

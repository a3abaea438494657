import { useMemo } from 'react';
import { firstComparison, measures, type Comparison, type Measures } from '../../models/compare.ts';
import type { Network } from '../../models/network.ts';
import { buildNetwork } from '../../models/zoo/index.ts';
import { toFailure } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import type { Failure } from '../store/types.ts';

export interface Compared {
  /** As the address names it. */
  readonly ref: string;
  readonly network: Network;
  readonly measures: Measures;
}

export interface Unknown {
  readonly ref: string;
  readonly failure: Failure;
}

/** The comparison of the address with its networks built; what does not exist apart, with the reason. */
export function useCompared(): {
  readonly comparison: Comparison;
  readonly networks: readonly Compared[];
  readonly unknown: readonly Unknown[];
} {
  const comparison = useStore((s) => s.compare) ?? firstComparison;
  const { nets } = comparison;
  return useMemo(() => {
    const networks: Compared[] = [];
    const unknown: Unknown[] = [];
    for (const ref of nets) {
      try {
        const network = buildNetwork(ref);
        networks.push({ ref, network, measures: measures(network) });
      } catch (error) {
        unknown.push({ ref, failure: toFailure(error) });
      }
    }
    return { comparison, networks, unknown };
  }, [comparison, nets]);
}

/** The network that ratios refer to: the chosen one, or the first. */
export function baselineOf(comparison: Comparison, networks: readonly Compared[]): Compared | null {
  return networks.find(({ ref }) => ref === comparison.base) ?? networks[0] ?? null;
}

import { useDeferredValue, useMemo } from 'react';
import { firstComparison, measures, type Comparison, type Measures } from '../../models/compare.ts';
import type { Network } from '../../models/network.ts';
import { buildNetwork, parseReference } from '../../models/zoo/index.ts';
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
  /** The visited settings that exist, oldest first. */
  readonly trace: readonly string[];
  readonly unknown: readonly Unknown[];
} {
  const comparison = useStore((s) => s.compare) ?? firstComparison;
  // An axis that changes builds nothing anew; what is added is built after what answers at once.
  const nets = useDeferredValue(comparison.nets);
  const { trace } = comparison;
  const found = useMemo(() => {
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
    return { networks, unknown };
  }, [nets]);
  const walk = useMemo(() => {
    const known: string[] = [];
    const unknown: Unknown[] = [];
    for (const ref of trace) {
      try {
        known.push(parseReference(ref).ref);
      } catch (error) {
        unknown.push({ ref, failure: toFailure(error) });
      }
    }
    return { known, unknown };
  }, [trace]);
  return {
    comparison,
    networks: found.networks,
    trace: walk.known,
    unknown: [...found.unknown, ...walk.unknown],
  };
}

/** The network that ratios refer to: the chosen one, or the first. */
export function baselineOf(base: string | null, networks: readonly Compared[]): Compared | null {
  return networks.find(({ ref }) => ref === base) ?? networks[0] ?? null;
}

import { useMemo } from 'react';
import { networkTiming, type NetworkTiming } from '../../viz/layerTiming.ts';
import type { LayerTimes } from '../../workers/contract.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import type { Store } from '../store/types.ts';
import { buildNetwork } from '../zoo.ts';

/** The measurement of the network that is open; null where it has not been measured in this visit. */
export function useLayerTimes(): LayerTimes | null {
  return useStore(timesOf);
}

/** The measured times of the network that is open, beside its work. */
export function useTiming(): NetworkTiming | null {
  const times = useLayerTimes();
  return useMemo(() => (times ? networkTiming(buildNetwork(times.ref).graph, times) : null), [times]);
}

const timesOf = ({ layerTimes, network }: Store): LayerTimes | null => {
  const times = lastValue(layerTimes);
  return times?.ref === network ? times : null;
};

/** Whether other weights answer since, or something else computes. */
export function useIsStale(): boolean {
  return useStore((state) => {
    const times = timesOf(state);
    const weights = lastValue(state.weights);
    const backend = lastValue(state.backend);
    if (!times || !weights || !backend) return false;
    return (
      times.weightsName !== weights.weightsName ||
      times.backend !== backend.backend ||
      times.threads !== backend.threads
    );
  });
}

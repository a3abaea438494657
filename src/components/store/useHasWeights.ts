import { lastValue } from './requests.ts';
import { weightsFor } from '../zoo.ts';
import { keptFor, useShelf } from './shelf.ts';
import { useStore } from './store.ts';

/** Whether a network can answer: it has bundled weights, kept ones, or a file of the user's own was given for it. */
export function useHasWeights(): boolean {
  const network = useStore((s) => s.network);
  const manifest = useStore((s) => lastValue(s.manifest));
  // Not the request itself: while weights arrive it changes many times a second, and with it all that is asked here.
  const asked = useStore((s) => s.weights.state !== 'idle');
  const kept = useShelf((s) => keptFor(s.items, network).length > 0);
  // Until the list of weights is here nobody knows; nothing is said of missing weights then.
  const bundled = manifest === null || weightsFor(manifest.weights, network) !== undefined;
  return bundled || kept || asked;
}

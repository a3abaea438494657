import { lastValue } from './requests.ts';
import { useStore } from './store.ts';

/** Whether the chosen network can answer: it has bundled weights, or a file of the user's own was given for it. */
export function useHasWeights(): boolean {
  const network = useStore((s) => s.network);
  const manifest = useStore((s) => lastValue(s.manifest));
  const weights = useStore((s) => s.weights);
  // Until the list of weights is here nobody knows; nothing is said of missing weights then.
  const bundled = manifest?.weights.some((entry) => entry.network === network) ?? true;
  return bundled || weights.state !== 'idle';
}

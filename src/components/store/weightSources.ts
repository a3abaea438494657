import type { StoreApi } from 'zustand/vanilla';
import type { Engine, WeightSource } from '../../workers/contract.ts';
import { weightsFor } from '../zoo.ts';
import { lastValue, toFailure } from './requests.ts';
import type { ShelfStore } from './shelf.ts';
import type { Store } from './types.ts';

export interface WeightSources {
  /** What answers for a network: a file of this visit, one kept on this device, the page's own; null: nothing. */
  of(ref: string): Promise<WeightSource | null>;
  /** Loads a file into the network that it fits; where it fits none, the current one's refusal lists what is wrong. */
  take(file: File): Promise<void>;
  /** The file of this visit that answers for a network. */
  own(ref: string): File | null;
  /** Whether the page comes with weights for it. */
  isBundled(ref: string): boolean;
  /** Another choice was made for a network: a file of this visit no longer answers for it. */
  forget(ref: string): void;
}

interface WeightsHost {
  readonly store: StoreApi<Store>;
  readonly engine: Engine;
  readonly shelf: Pick<ShelfStore, 'weightsFor'>;
  /** Loads the weights of the chosen network anew. */
  reload(): Promise<void>;
}

/** Whose weights a network answers with. */
export function createWeightSources({ store, engine, shelf, reload }: WeightsHost): WeightSources {
  const files = new Map<string, File>();
  const bundled = (ref: string): boolean =>
    weightsFor(lastValue(store.getState().manifest)?.weights ?? [], ref) !== undefined;
  store.subscribe(({ weights, network }, before) => {
    if (weights === before.weights || weights.state !== 'failed') return;
    // A file that cannot be used would stand in the way of those that can.
    if (/^(weights-|file-)/.test(weights.failure.code)) files.delete(network);
  });
  return {
    own: (ref) => files.get(ref) ?? null,
    isBundled: bundled,
    forget: (ref) => void files.delete(ref),
    async of(ref) {
      const file = files.get(ref);
      if (file) return { kind: 'file', name: file.name, file };
      // The page's own weights wait for nobody: the shelf is asked only where they are not wanted, or not there.
      const kept = await shelf.weightsFor(ref, bundled(ref));
      if (kept) return { kind: 'kept', id: kept.id };
      return bundled(ref) ? { kind: 'bundled' } : null;
    },
    async take(file) {
      const { network, chooseNetwork } = store.getState();
      const previous = lastValue(store.getState().weights);
      store.setState({ weights: { state: 'busy', progress: null, previous } });
      try {
        const fitting = await engine.fittingNetworks(file.name, file);
        const ref = fitting.includes(network) ? network : fitting[0];
        if (ref === undefined) await engine.load(network, { kind: 'file', name: file.name, file });
        if (store.getState().network !== network) return;
        files.set(ref ?? network, file);
        if (ref !== undefined && ref !== network) chooseNetwork(ref);
        else await reload();
      } catch (error) {
        store.setState({ weights: { state: 'failed', failure: toFailure(error), previous } });
      }
    },
  };
}

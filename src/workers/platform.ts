import type { Pixels } from '../models/preprocessing.ts';
import type { BackendHost } from './backend.ts';
import type { WeightEntry, WeightManifest } from './contract.ts';
import type { FetchedWeights, FetchHooks } from './weights.fetch.ts';

/** What the engine needs of the place where it runs: a browser's worker, or Node. */
export interface Platform {
  readonly backends: BackendHost;
  readManifest(signal: AbortSignal): Promise<WeightManifest>;
  /** A bundled file's bytes, checked against size and hash of its entry. */
  readWeights(entry: WeightEntry, manifest: WeightManifest, hooks: FetchHooks): Promise<FetchedWeights>;
  decode(image: Blob): Promise<Pixels>;
}

import type { Pixels } from '../models/preprocessing.ts';
import type { BackendHost } from './backend.ts';
import type { WeightEntry, WeightManifest } from './contract.ts';
import type { ByteSource } from './readers/tensorFile.ts';
import type { ShelfItem } from './shelf.contract.ts';
import type { FetchedWeights, FetchHooks } from './weights.fetch.ts';

/** What the shelf knows of a file, and its bytes. */
export interface KeptFile {
  readonly item: ShelfItem;
  readonly source: ByteSource;
}

/** What the engine needs of the place where it runs: a browser's worker, or Node. */
export interface Platform {
  readonly backends: BackendHost;
  /** The device's memory, in bytes; null where the platform does not tell. */
  readonly memoryBytes: number | null;
  readManifest(signal: AbortSignal): Promise<WeightManifest>;
  /** A bundled file, checked against size and hash of its entry. */
  readWeights(entry: WeightEntry, manifest: WeightManifest, hooks: FetchHooks): Promise<FetchedWeights>;
  /** A whole file of the shelf. Throws 'kept-missing' where it is not there any more. */
  openKept(id: string): Promise<KeptFile>;
  decode(image: Blob): Promise<Pixels>;
}

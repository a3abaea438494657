/**
 * The shelf of weights that are kept on this device: what the page knows of it. It lives in a worker of its own, so
 * that a download goes on while the engine computes; the engine reads what stands on it as 'kept' weights.
 */

/** Where a file on the shelf came from. */
export type ShelfOrigin =
  | { readonly kind: 'published'; readonly id: string; readonly url: string }
  | { readonly kind: 'file'; readonly name: string };

export interface ShelfItem {
  /** The catalogue's id, or 'file:' and the SHA-256 of a file of the user's own. */
  readonly id: string;
  /** The zoo's reference of the network that it was checked against. */
  readonly network: string;
  readonly origin: ShelfOrigin;
  readonly state: 'partial' | 'whole';
  /** Of the file as published; what has arrived of it while it is partial. */
  readonly totalBytes: number;
  readonly loadedBytes: number;
  /** What it takes on this device: less than `totalBytes` where it is kept as float16. */
  readonly keptBytes: number;
  readonly dtype: 'F16' | 'as-published';
  /** Tensors that hold values beyond float16 and were kept as float32 all the same; left out: none. */
  readonly wideTensors?: readonly string[];
  /** What the file does otherwise beside its weights, in sentences: an ONNX file's pools that round otherwise. */
  readonly differs?: readonly string[];
  /** Milliseconds since 1970. */
  readonly keptAt: number;
  /** 'device': survives the visit; 'memory': the browser refuses storage, so it goes with the page. */
  readonly place: 'device' | 'memory';
}

export interface ShelfRoom {
  readonly usedBytes: number;
  /** What the browser grants the page; null where it does not tell. */
  readonly quotaBytes: number | null;
  /** Whether the browser promised not to evict it. */
  readonly persisted: boolean;
}

export interface ShelfProgress {
  /** The item's; of a file of the user's own, whose hash is not known yet, 'file:' and its name. */
  readonly id: string;
  readonly phase: 'connect' | 'download' | 'verify' | 'convert';
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /**
   * Why what had arrived was thrown away and the file begun again: the server cannot send parts, it has another file
   * now, or what was put together from several connections had another SHA-256.
   */
  readonly restarted?: 'no-ranges' | 'changed' | 'damaged';
}

export type ShelfEvent =
  | { readonly kind: 'progress'; readonly progress: ShelfProgress }
  /** Something was added or removed, here or in another tab. */
  | { readonly kind: 'changed'; readonly items: readonly ShelfItem[] };

export interface Shelf {
  list(): Promise<readonly ShelfItem[]>;
  room(): Promise<ShelfRoom>;
  /**
   * Fetches a published file, goes on where an earlier attempt ended, checks size, SHA-256 and every tensor against
   * the network, and keeps it (`dtype` 'F16': half the room). Rejects with 'cancelled' when paused; what has arrived stays.
   */
  get(id: string, options?: { readonly dtype?: ShelfItem['dtype'] }): Promise<ShelfItem>;
  /** Ends a download; what has arrived stays for the next `get`. */
  pause(id: string): Promise<void>;
  /** Keeps a file of the user's own that fits this network. */
  keep(file: File, network: string): Promise<ShelfItem>;
  /** Deletes a file, or what has arrived of one. */
  remove(id: string): Promise<void>;
  /** Asks the browser not to evict what is kept; whether it agreed. */
  persist(): Promise<boolean>;
  listen(onEvent: ((event: ShelfEvent) => void) | null): Promise<void>;
}

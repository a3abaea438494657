import { ConvScopeError } from '../models/errors.ts';
import type { LoadedNetwork, WeightEntry, WeightManifest } from './contract.ts';
import { parseManifest } from '../models/manifest.ts';
import { createSha256 } from './sha256.ts';

/**
 * Brings weight files from the host that served the page: with progress, checked against the manifest, kept. A file is
 * a Blob from its arrival on: browsers keep large ones on the disk, and it is read piece by piece.
 */

/** Keeps files between visits by their hash; nothing in it is trusted without checking the hash again. */
export interface WeightStore {
  get(sha256: string): Promise<Blob | null>;
  /** Null where the file was kept, else why it was not. */
  put(sha256: string, file: Blob): Promise<NonNullable<LoadedNetwork['notCached']> | null>;
  /** Lets one tab of the page at a time bring a file; the others find it kept when their turn comes. */
  inTurn<T>(sha256: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Forgets all but these. */
  keepOnly(hashes: readonly string[]): Promise<void>;
}

export interface FetchedWeights {
  readonly file: Blob;
  readonly fromCache: boolean;
  readonly notCached?: LoadedNetwork['notCached'];
}

export interface FetchHooks {
  readonly signal: AbortSignal;
  onBytes(loadedBytes: number, totalBytes: number): void;
  onVerify(): void;
}

function unreachable(file: string, detail: string): ConvScopeError {
  return new ConvScopeError(
    'weights-unreachable',
    `${file} could not be fetched: ${detail}. Check the connection to the server that serves this page, and try again.`,
    { file, detail },
  );
}

export function missing(file: string, detail: string): ConvScopeError {
  return new ConvScopeError(
    'weights-missing',
    `${file} is not there: ${detail}. The folder weights/ must stand beside the page with all its files; ` +
      'copy it from the repository, or load a file of your own.',
    { file, detail },
  );
}

/** Asks for a file and refuses what is not one: many hosts answer a wrong address with a page, some even with 200. */
async function request(
  url: string,
  file: string,
  fetcher: typeof fetch,
  signal: AbortSignal,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetcher(url, { signal, cache: 'no-cache' });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable(file, error instanceof Error ? error.message : String(error));
  }
  if (response.status === 404 || response.status === 410)
    throw missing(file, `the server says ${response.status}`);
  if (!response.ok)
    throw unreachable(file, `the server says ${response.status} ${response.statusText}`.trim());
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw missing(file, 'the server answers with a web page in its place');
  }
  return response;
}

export async function fetchManifest(
  base: string,
  signal: AbortSignal,
  fetcher: typeof fetch = fetch,
): Promise<WeightManifest> {
  const response = await request(`${base}manifest.json`, 'manifest.json', fetcher, signal);
  return parseManifest(await response.text());
}

/** Bytes that are hashed, or gathered on arrival, at a time. */
const pieceBytes = 4 * 2 ** 20;

async function sha256Of(file: Blob): Promise<string> {
  const hash = await createSha256();
  for (let at = 0; at < file.size; at += pieceBytes) {
    hash.update(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()));
  }
  return hash.hex();
}

/**
 * Checks a file's bytes against its manifest entry. Throws 'weights-missing' for a web page or an LFS pointer,
 * 'weights-truncated' for too few bytes, 'weights-corrupt' for too many or other ones.
 */
export async function verifyWeights(content: Blob, entry: WeightEntry): Promise<void> {
  const { file } = entry;
  const { size } = content;
  if (size !== entry.bytes) {
    const start = (await content.slice(0, 64).text()).trimStart().toLowerCase();
    if (start.startsWith('<!doctype') || start.startsWith('<html'))
      throw missing(file, 'a web page is in its place');
    if (start.startsWith('version https://git-lfs')) throw missing(file, 'only its Git LFS pointer is there');
  }
  if (size < entry.bytes) {
    throw new ConvScopeError(
      'weights-truncated',
      `${file} ends too early: ${size} of ${entry.bytes} bytes arrived. Load it again; if that does not ` +
        'help, the file on the server is incomplete and must be copied again.',
      { file, expectedBytes: entry.bytes, bytes: size },
    );
  }
  if (size > entry.bytes || (await sha256Of(content)) !== entry.sha256) {
    throw new ConvScopeError(
      'weights-corrupt',
      `${file} is damaged: its ${size > entry.bytes ? 'size' : 'SHA-256'} is not the one that the manifest ` +
        'states. Load it again; if that does not help, the file on the server must be copied again.',
      { file },
    );
  }
}

/**
 * From the store where its hash still agrees, else from the server; kept for the next visit where there is room. Two tabs
 * that open at the same time fetch it once.
 */
export async function fetchWeights(
  entry: WeightEntry,
  manifest: WeightManifest,
  base: string,
  store: WeightStore,
  hooks: FetchHooks,
  fetcher: typeof fetch = fetch,
): Promise<FetchedWeights> {
  const kept = await keptWeights(entry, store, hooks);
  if (kept) return kept;
  return store.inTurn(entry.sha256, hooks.signal, async () => {
    const brought = await keptWeights(entry, store, hooks);
    if (brought) return brought;
    const response = await request(base + entry.file, entry.file, fetcher, hooks.signal);
    const file = await readBody(response, entry, hooks);
    hooks.onVerify();
    await verifyWeights(file, entry);
    const notCached = await store.put(entry.sha256, file);
    await store.keepOnly(manifest.weights.map((weights) => weights.sha256));
    return { file, fromCache: false, ...(notCached && { notCached }) };
  });
}

async function keptWeights(
  entry: WeightEntry,
  store: WeightStore,
  hooks: FetchHooks,
): Promise<FetchedWeights | null> {
  const kept = await store.get(entry.sha256);
  if (!kept) return null;
  hooks.onBytes(kept.size, entry.bytes);
  hooks.onVerify();
  // A damaged copy is no reason to fail: the server has the file.
  const intact = await verifyWeights(kept, entry).then(
    () => true,
    () => false,
  );
  return intact ? { file: kept, fromCache: true } : null;
}

/** Reads the body piece by piece; a body that is larger than announced is left where that shows. */
async function readBody(response: Response, entry: WeightEntry, hooks: FetchHooks): Promise<Blob> {
  const gathered: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  let loaded = 0;
  // Many small pieces would be as many objects; a Blob takes them out of this thread's memory.
  const gather = () => {
    gathered.push(new Blob(pieces));
    pieces = [];
    waiting = 0;
  };
  hooks.onBytes(0, entry.bytes);
  const reader = response.body?.getReader();
  if (!reader) throw unreachable(entry.file, 'the answer has no body');
  try {
    while (loaded <= entry.bytes) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      waiting += value.length;
      loaded += value.length;
      if (waiting >= pieceBytes) gather();
      hooks.onBytes(Math.min(loaded, entry.bytes), entry.bytes);
    }
  } catch (error) {
    if (hooks.signal.aborted) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw unreachable(entry.file, `the connection broke after ${loaded} bytes (${detail})`);
  } finally {
    reader.cancel().catch(() => undefined);
  }
  gather();
  return new Blob(gathered);
}

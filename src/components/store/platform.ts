import { get, update } from 'idb-keyval';
import { ConvScopeError } from '../../models/errors.ts';
import { checkFileSize, MAX_FILE_BYTES } from '../../models/imageHeader.ts';
import type { WeightManifest } from '../../workers/contract.ts';
import { explainAbsence } from './absence.ts';
import type { Failure, Preferences } from './types.ts';

/** A picture of the user's own as it is kept on this machine. */
export interface KeptImage {
  readonly id: string;
  readonly name: string;
  readonly blob: Blob;
}

/** Everything that the store needs of a browser, so that it runs in Node with a fake one. */
export interface PagePlatform {
  manifest(): Promise<WeightManifest>;
  sample(name: string): Promise<Blob>;
  fetchImage(url: string): Promise<Blob>;
  /** Rejects with 'storage-full' where there is no room or no storage. */
  keepImage(image: KeptImage): Promise<void>;
  keptImage(id: string): Promise<KeptImage | null>;
  readPreferences(): Partial<Preferences>;
  writePreferences(preferences: Preferences): void;
  query(): string;
  pushQuery(query: string): void;
  replaceQuery(query: string): void;
  onPop(listener: () => void): void;
  /** Says why code of the page did not come; other failures stay as they are. */
  explain(failure: Failure): Promise<Failure>;
  /** BCP 47 names, the user's most wanted language first. */
  languages(): readonly string[];
}

/** The pictures that were used last, newest first: each tab finds its own again, and so does a step back. */
const imagesKey = 'convscope:images';
const mostImages = 8;
const preferencesKey = 'convscope:preferences';

/** The real thing: fetch, IndexedDB, localStorage, history. */
export function browserPlatform(): PagePlatform {
  return {
    async manifest() {
      const file = 'weights/manifest.json';
      const response = await fetch(file).catch(() => null);
      if (!response?.ok) {
        throw new ConvScopeError('weights-unreachable', `The list of weights (${file}) could not be read.`, {
          file,
          status: response?.status ?? 0,
        });
      }
      try {
        return (await response.json()) as WeightManifest;
      } catch {
        // A static host that answers every path with its index page ends here.
        throw new ConvScopeError('weights-format', `${file} is not JSON.`, { file });
      }
    },
    sample: (name) => fetchPicture(`samples/${encodeURIComponent(name)}`, name),
    // Somebody else's server learns neither who asks nor from which page.
    fetchImage: (url) => fetchPicture(url, url, { credentials: 'omit', referrerPolicy: 'no-referrer' }),
    async keepImage(image) {
      try {
        await keepBeside(image, mostImages).catch(() => keepBeside(image, 1));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new ConvScopeError('storage-full', `The picture could not be kept: ${reason}`, { reason });
      }
    },
    async keptImage(id) {
      try {
        return (await get<readonly KeptImage[]>(imagesKey))?.find((image) => image.id === id) ?? null;
      } catch {
        // Storage is off in some private windows: there is no kept picture then, which is what the caller asks.
        return null;
      }
    },
    readPreferences() {
      try {
        return JSON.parse(localStorage.getItem(preferencesKey) ?? '{}') as Partial<Preferences>;
      } catch {
        return {};
      }
    },
    writePreferences(preferences) {
      try {
        localStorage.setItem(preferencesKey, JSON.stringify(preferences));
      } catch {
        // Preferences that cannot be kept still hold for this visit.
      }
    },
    query: () => location.search,
    pushQuery: (query) => history.pushState(null, '', query),
    replaceQuery: (query) => history.replaceState(null, '', query),
    onPop: (listener) => window.addEventListener('popstate', listener),
    explain: explainAbsence,
    languages: () => navigator.languages,
  };
}

/** In one transaction: two tabs may keep pictures at the same time. */
const keepBeside = (image: KeptImage, most: number): Promise<void> =>
  update<readonly KeptImage[]>(imagesKey, (kept = []) =>
    [image, ...kept.filter(({ id }) => id !== image.id)].slice(0, most),
  );

async function fetchPicture(url: string, name: string, init: RequestInit = {}): Promise<Blob> {
  const unreachable = (status: number) =>
    new ConvScopeError(
      'image-unreachable',
      `${name} could not be fetched${status ? ` (HTTP ${status})` : ''}.`,
      { name, url, status },
    );
  const response = await fetch(url, init).catch(() => null);
  if (!response?.ok || !response.body) throw unreachable(response?.status ?? 0);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  // What an address gives may never end: it is read up to the size of a picture that is looked at.
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read().catch(() => {
      throw unreachable(response.status);
    });
    if (done) return new Blob(pieces);
    pieces.push(value);
    bytes += value.length;
    if (bytes > MAX_FILE_BYTES) void reader.cancel().catch(() => undefined);
    checkFileSize(bytes, name);
  }
}

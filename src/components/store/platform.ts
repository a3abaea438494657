import { get, update } from 'idb-keyval';
import { clipped, ConvScopeError } from '../../models/errors.ts';
import { checkFileSize, MAX_FILE_BYTES } from '../../models/imageFile.ts';
import { parseManifest } from '../../models/manifest.ts';
import type { WeightManifest } from '../../workers/contract.ts';
import { explainAbsence } from './absence.ts';
import { preferencesOf } from './preferences.ts';
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
/** Of an address that is named in a sentence; a `data:` address may have megabytes. */
const longestAddress = 200;
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
      const text = await response.text().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new ConvScopeError('weights-unreachable', `${file} did not arrive whole: ${reason}`, {
          file,
          status: response.status,
        });
      });
      // A static host that answers every path with its index page ends here.
      return parseManifest(text);
    },
    sample: (name) => fetchPicture(`samples/${encodeURIComponent(name)}`, name),
    // Somebody else's server learns neither who asks nor from which page.
    fetchImage: (url) =>
      fetchPicture(url, clipped(url, longestAddress), { credentials: 'omit', referrerPolicy: 'no-referrer' }),
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
        return keptImages(await get(imagesKey)).find((image) => image.id === id) ?? null;
      } catch {
        // Storage is off in some private windows: there is no kept picture then, which is what the caller asks.
        return null;
      }
    },
    readPreferences() {
      try {
        return preferencesOf(JSON.parse(localStorage.getItem(preferencesKey) ?? '{}'));
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
  update<unknown>(imagesKey, (kept) =>
    [image, ...keptImages(kept).filter(({ id }) => id !== image.id)].slice(0, most),
  );

/** Whatever storage holds: another version of this page, or another page of the same origin, may have written it. */
const keptImages = (kept: unknown): readonly KeptImage[] =>
  Array.isArray(kept) ? kept.filter(isKeptImage) : [];

const isKeptImage = (value: unknown): value is KeptImage => {
  const { id, name, blob } = (value ?? {}) as Partial<Record<keyof KeptImage, unknown>>;
  return typeof id === 'string' && typeof name === 'string' && blob instanceof Blob;
};

async function fetchPicture(url: string, name: string, init: RequestInit = {}): Promise<Blob> {
  const unreachable = (status: number) =>
    new ConvScopeError(
      'image-unreachable',
      `${name} could not be fetched${status ? ` (HTTP ${status})` : ''}.`,
      { name, url: clipped(url, longestAddress), status },
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

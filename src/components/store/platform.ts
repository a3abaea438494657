import { get, set } from 'idb-keyval';
import { ConvScopeError } from '../../models/errors.ts';
import type { WeightManifest } from '../../workers/contract.ts';
import type { Preferences } from './types.ts';

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
  keptImage(): Promise<KeptImage | null>;
  readPreferences(): Partial<Preferences>;
  writePreferences(preferences: Preferences): void;
  query(): string;
  pushQuery(query: string): void;
  replaceQuery(query: string): void;
  onPop(listener: () => void): void;
  /** BCP 47 names, the user's most wanted language first. */
  languages(): readonly string[];
}

const imageKey = 'convscope:image';
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
    fetchImage: (url) => fetchPicture(url, url),
    async keepImage(image) {
      try {
        await set(imageKey, image);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new ConvScopeError('storage-full', `The picture could not be kept: ${reason}`, { reason });
      }
    },
    async keptImage() {
      try {
        return (await get<KeptImage>(imageKey)) ?? null;
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
    languages: () => navigator.languages,
  };
}

async function fetchPicture(url: string, name: string): Promise<Blob> {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) {
    const status = response?.status ?? 0;
    throw new ConvScopeError(
      'image-unreachable',
      `${name} could not be fetched${status ? ` (HTTP ${status})` : ''}.`,
      { name, url, status },
    );
  }
  return response.blob();
}

import type { WeightStore } from './weights.fetch.ts';

/**
 * Weight files kept in the browser's Cache Storage by their SHA-256. Where there is none (plain http, private
 * windows) or no room is left, the engine goes on without it and says so.
 */
const cacheName = 'convscope-weights-1';

/** A key is a request; the reserved domain makes it clear that nobody is ever asked for it. */
const keyOf = (sha256: string): string => `https://weights.invalid/${sha256}`;

export function browserWeightStore(): WeightStore {
  const open = async (): Promise<Cache | null> => {
    try {
      return await globalThis.caches.open(cacheName);
    } catch {
      return null;
    }
  };
  return {
    async get(sha256) {
      try {
        const response = await (await open())?.match(keyOf(sha256));
        return (await response?.blob()) ?? null;
      } catch {
        // An unreadable cache is an empty one: the file comes from the server.
        return null;
      }
    },
    async put(sha256, file) {
      const cache = await open();
      if (!cache) return 'storage-missing';
      try {
        await cache.put(
          keyOf(sha256),
          new Response(file, { headers: { 'content-type': 'application/octet-stream' } }),
        );
        return null;
      } catch (error) {
        const full = error instanceof DOMException && error.name === 'QuotaExceededError';
        return full ? 'storage-full' : 'storage-missing';
      }
    },
    async inTurn(sha256, signal, work) {
      // Pages over plain http have no locks, and no Cache Storage that tabs could share either.
      const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
      return locks ? locks.request(`${cacheName}/${sha256}`, { signal }, work) : work();
    },
    async keepOnly(hashes) {
      try {
        const cache = await open();
        const wanted = new Set(hashes.map(keyOf));
        const stale = (await cache?.keys())?.filter((request) => !wanted.has(request.url)) ?? [];
        await Promise.all(stale.map((request) => cache?.delete(request)));
      } catch {
        // Old files that cannot be removed do no harm.
      }
    },
  };
}

import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserWeightStore } from './cache.ts';

/** Enough of Cache Storage; `refuse` is what `put` throws. */
function fakeCaches(refuse?: DOMException) {
  const files = new Map<string, Response>();
  const cache = {
    match: async (key: string) => files.get(key)?.clone(),
    put: async (key: string, response: Response) => {
      if (refuse) throw refuse;
      files.set(key, response);
    },
    keys: async () => [...files.keys()].map((url) => ({ url })),
    delete: async ({ url }: { url: string }) => files.delete(url),
  };
  vi.stubGlobal('caches', { open: async () => cache });
  return files;
}
afterEach(() => vi.unstubAllGlobals());

const file = new Blob([new Uint8Array([1, 2, 3])]);

describe('the cache of weights', () => {
  it('gives back what it was given, and forgets what nobody names any more', async () => {
    const files = fakeCaches();
    const store = browserWeightStore();
    expect(await store.get('aa')).toBeNull();
    expect(await store.put('aa', file)).toBeNull();
    expect(await store.put('bb', file)).toBeNull();
    await store.keepOnly(['bb', 'cc']);
    expect(await store.get('aa')).toBeNull();
    expect([...new Uint8Array(await (await store.get('bb'))!.arrayBuffer())]).toEqual([1, 2, 3]);
    expect(files.size).toBe(1);
  });

  it('says when the storage is full', async () => {
    fakeCaches(new DOMException('no room', 'QuotaExceededError'));
    expect(await browserWeightStore().put('aa', file)).toBe('storage-full');
  });

  it('says when it cannot be written', async () => {
    fakeCaches(new DOMException('private window', 'SecurityError'));
    expect(await browserWeightStore().put('aa', file)).toBe('storage-missing');
  });

  it('is empty where the browser has none', async () => {
    vi.stubGlobal('caches', undefined);
    const store = browserWeightStore();
    expect(await store.get('aa')).toBeNull();
    expect(await store.put('aa', file)).toBe('storage-missing');
    await store.keepOnly([]);
  });
});

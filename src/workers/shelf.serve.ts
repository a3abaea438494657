import type { PublishedWeights } from '../models/published.ts';
import { openChannel, type ShelfMessage } from './shelf.channel.ts';
import { memoryDisk, type Disk } from './shelf.disk.ts';
import { opfsDisk } from './shelf.disk.opfs.ts';
import { openKeptFrom } from './shelf.files.ts';
import { browserLocks } from './shelf.locks.ts';
import { createShelf, type ShelfHost } from './shelf.ts';
import { exposeShelf } from './shelf.wire.ts';
import { shelfOf } from './shelf.wire.ts';

/** Serves the shelf in a worker of the page, over the published files that `published` knows. */
export function serveShelf(published: ShelfHost['published']): void {
  const shelf = openDisk().then((disk) => createShelf(browserHost(disk, published)));
  // Calls that come before the storage is open wait for it.
  exposeShelf(
    shelfOf(async (method, args) => {
      const call = (await shelf)[method] as (...args: readonly unknown[]) => Promise<unknown>;
      return call(...args);
    }),
    self,
  );
}

const openDisk = async (): Promise<Disk> => (await opfsDisk()) ?? memoryDisk();

const storage = (): StorageManager | undefined => navigator.storage as StorageManager | undefined;

function browserHost(disk: Disk, published: (id: string) => Promise<PublishedWeights | null>): ShelfHost {
  const channel = openChannel();
  if (disk.place === 'memory') answerFromMemory(disk);
  return {
    disk,
    published,
    locks: browserLocks(),
    net: {
      // Looked up at each call, as every other global is.
      fetch: (...args) => fetch(...args),
      online: () => navigator.onLine,
      wait: (milliseconds, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
        }),
      probe,
      mayAskIfRange: false,
    },
    async estimate() {
      const estimate = await storage()?.estimate();
      if (estimate?.quota === undefined) return null;
      return { usedBytes: estimate.usage ?? 0, quotaBytes: estimate.quota };
    },
    persisted: async () => (await storage()?.persisted?.()) ?? false,
    persist: async () => (await storage()?.persist?.()) ?? false,
    announce: () => channel.postMessage({ kind: 'changed' } satisfies ShelfMessage),
    onAnnounced(listener) {
      channel.addEventListener('message', ({ data }: MessageEvent<ShelfMessage>) => {
        if (data.kind === 'changed') listener();
      });
    },
    now: () => Date.now(),
  };
}

/**
 * A request whose answer nobody may read tells whether somebody answers. An isolated page may not even make it, unless
 * the server allows that, so that a failure there says nothing.
 */
async function probe(url: string): Promise<boolean | null> {
  try {
    await fetch(url, { mode: 'no-cors', method: 'HEAD', cache: 'no-store', credentials: 'omit' });
    return true;
  } catch {
    return self.crossOriginIsolated ? null : false;
  }
}

/** The engine's worker reads kept files itself; what lies in this one's memory it has to be given. */
function answerFromMemory(disk: Disk): void {
  const channel = openChannel();
  channel.onmessage = async ({ data }: MessageEvent<ShelfMessage>) => {
    if (data.kind !== 'ask') return;
    try {
      const { item, source } = await openKeptFrom(disk, data.id);
      const blob = new Blob([await source.read(0, source.size)]);
      channel.postMessage({ kind: 'answer', nonce: data.nonce, item, blob } satisfies ShelfMessage);
    } catch {
      // Another tab may have it; where none has, the one that asks stops waiting.
    }
  };
}

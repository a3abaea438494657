import { restartingWorker, type StartWorker } from './restartingWorker.ts';
import type { Shelf, ShelfEvent } from './shelf.contract.ts';
import { remoteShelf, shelfOf } from './shelf.wire.ts';

const startModuleWorker: StartWorker = () =>
  new Worker(new URL('./shelf.worker.ts', import.meta.url), { type: 'module', name: 'shelf' });

async function askToPersist(): Promise<boolean> {
  const storage = navigator.storage as Partial<StorageManager> | undefined;
  return (await storage?.persist?.()) ?? false;
}

/**
 * The shelf in a worker of its own, started by the first call. A worker that crashes rejects all waiting calls with
 * 'internal'; the next call starts another one, and a download goes on where the crash cut it off.
 */
export function connectShelf(start: StartWorker = startModuleWorker): Shelf {
  let listener: ((event: ShelfEvent) => void) | null = null;
  const worker = restartingWorker<Shelf>({
    start,
    connect(started) {
      const shelf = remoteShelf(started);
      if (listener) void shelf.listen(listener);
      return shelf;
    },
    stopped: (message) =>
      `The worker that keeps weights has stopped: ${message}. Try again: another one starts, and goes on where this one ended.`,
  });
  return shelfOf(async (method, args) => {
    // Browsers let only pages ask not to be evicted, not their workers.
    if (method === 'persist') return askToPersist();
    if (method === 'listen') {
      listener = args[0] as typeof listener;
      // A worker that starts later is told; without one nothing happens that could be told.
      if (!worker.running()) return;
    }
    return worker.call((shelf) =>
      (shelf[method] as (...all: readonly unknown[]) => Promise<unknown>)(...args),
    );
  });
}

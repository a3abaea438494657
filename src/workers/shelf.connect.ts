import { ConvScopeError } from '../models/errors.ts';
import type { StartWorker } from './connect.ts';
import type { Shelf, ShelfEvent } from './shelf.contract.ts';
import { remoteShelf, shelfOf } from './shelf.wire.ts';

interface Connection {
  readonly shelf: Shelf;
  readonly worker: Worker;
  /** Rejects the calls that wait for an answer. */
  readonly pending: Set<(error: ConvScopeError) => void>;
}

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
  let connection: Connection | null = null;
  let listener: ((event: ShelfEvent) => void) | null = null;

  const drop = (dead: Connection, message: string): void => {
    if (connection !== dead) return;
    connection = null;
    dead.worker.terminate();
    const error = new ConvScopeError(
      'internal',
      `The worker that keeps weights has stopped: ${message}. Try again: another one starts, and goes on where this one ended.`,
      { message },
    );
    dead.pending.forEach((reject) => reject(error));
    dead.pending.clear();
  };

  const open = (): Connection => {
    const worker = start();
    const opened: Connection = { worker, shelf: remoteShelf(worker), pending: new Set() };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      drop(opened, event.message || 'its script could not be loaded');
    });
    worker.addEventListener('messageerror', () => drop(opened, 'a message could not be read'));
    if (listener) void opened.shelf.listen(listener);
    return opened;
  };

  return shelfOf((method, args) => {
    // Browsers let only pages ask not to be evicted, not their workers.
    if (method === 'persist') return askToPersist();
    if (method === 'listen') {
      listener = args[0] as typeof listener;
      // A worker that starts later is told; without one nothing happens that could be told.
      if (connection === null) return Promise.resolve();
    }
    const { shelf, pending } = (connection ??= open());
    return new Promise((resolve, reject) => {
      pending.add(reject);
      const call = shelf[method] as (...args: readonly unknown[]) => Promise<unknown>;
      call(...args)
        .then(resolve, reject)
        .finally(() => pending.delete(reject));
    });
  });
}

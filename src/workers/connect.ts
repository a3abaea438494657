import { ConvScopeError } from '../models/errors.ts';
import type { Engine, OnEvent } from './contract.ts';
import { delegatingEngine, remoteEngine } from './wire.ts';

interface Connection {
  readonly engine: Engine;
  readonly worker: Worker;
  /** Rejects the calls that wait for an answer. */
  readonly pending: Set<(error: ConvScopeError) => void>;
}

/** The part of a worker that a connection uses; tests give another one. */
export type StartWorker = () => Worker;

const startModuleWorker: StartWorker = () =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });

/**
 * The engine in a worker of its own, started by the first call. A worker that crashes rejects all waiting calls with
 * 'internal'; the next call starts another one, which has no network and no image yet.
 */
export function connectEngine(start: StartWorker = startModuleWorker): Engine {
  let connection: Connection | null = null;
  let listener: OnEvent | null = null;

  const drop = (dead: Connection, message: string): void => {
    if (connection !== dead) return;
    connection = null;
    dead.worker.terminate();
    const error = new ConvScopeError(
      'internal',
      `The worker that computes has stopped: ${message}. Try again: another one starts.`,
      { message },
    );
    dead.pending.forEach((reject) => reject(error));
    dead.pending.clear();
    listener?.({ kind: 'crashed', message });
  };

  const open = (): Connection => {
    const worker = start();
    const opened: Connection = { worker, engine: remoteEngine(worker), pending: new Set() };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      drop(opened, event.message || 'its script could not be loaded');
    });
    worker.addEventListener('messageerror', () => drop(opened, 'a message could not be read'));
    worker.postMessage({ weightsBase: new URL('weights/', document.baseURI).href });
    if (listener) void opened.engine.listen(listener);
    return opened;
  };

  return delegatingEngine(
    () => (connection ??= open()).engine,
    (method, args, call) => {
      if (method === 'listen') listener = args[0] as OnEvent | null;
      // There is nothing to end, count or give back before the first worker.
      const idle =
        connection === null && (method === 'cancel' || method === 'dispose' || method === 'listen');
      if (idle) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const { pending, worker } = (connection ??= open());
        pending.add(reject);
        call()
          .then(resolve, reject)
          .finally(() => {
            pending.delete(reject);
            if (method !== 'dispose') return;
            worker.terminate();
            if (connection?.worker === worker) connection = null;
          });
      });
    },
  );
}

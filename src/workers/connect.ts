import { within } from '../models/within.ts';
import type { Engine, OnEvent } from './contract.ts';
import { restartingWorker, type StartWorker } from './restartingWorker.ts';
import { delegatingEngine, remoteEngine } from './wire.ts';

const startModuleWorker: StartWorker = () =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });

/** An engine that was told to end may be in the midst of one long layer, or hang: then its worker is ended under it. */
export const farewellMs = 10_000;

/**
 * The engine in a worker of its own, started by the first call. A worker that crashes rejects all waiting calls with
 * 'internal'; the next call starts another one, which has no network and no image yet.
 */
export function connectEngine(start: StartWorker = startModuleWorker): Engine {
  let listener: OnEvent | null = null;
  const worker = restartingWorker<Engine>({
    start,
    connect(started) {
      const engine = remoteEngine(started);
      started.postMessage({ weightsBase: new URL('weights/', document.baseURI).href });
      if (listener) void engine.listen(listener);
      return engine;
    },
    stopped: (message) => `The worker that computes has stopped: ${message}. Try again: another one starts.`,
    onCrash: (message) => listener?.({ kind: 'crashed', message }),
  });
  return delegatingEngine(worker.remote, async (method, args, call) => {
    if (method === 'listen') listener = args[0] as OnEvent | null;
    // There is nothing to end, count or give back before the first worker.
    const idle = !worker.running() && (method === 'cancel' || method === 'dispose' || method === 'listen');
    if (idle) return;
    if (method !== 'dispose') return worker.call(call);
    try {
      return await within(farewellMs, worker.call(call));
    } finally {
      worker.end();
    }
  });
}

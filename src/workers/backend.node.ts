import { backend, env, setBackend } from '@tensorflow/tfjs-core';
import { BackendRefusal, type BackendHost } from './backend.ts';
import { guardHeap, type WasmHeap } from './backend.heap.ts';

/** Node computes on wasm (SIMD, one thread) and cpu; there is no GPU interface to start. */
export const nodeBackends: BackendHost = {
  order: ['wasm', 'cpu'],
  async open(name) {
    if (name === 'webgpu' || name === 'webgl') throw new BackendRefusal('not-in-node');
    // Outside of production mode tfjs prints an advertisement for another package.
    env().set('PROD', true);
    // Both packages register themselves, and stay registered: engines of one process share them.
    if (name === 'wasm') await withoutNewProcessListeners(startWasm);
    else await import('@tensorflow/tfjs-backend-cpu');
    return { threads: 1, software: false, exclusive: false };
  },
};

async function startWasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm');
  await setBackend('wasm');
  guardHeap((backend() as unknown as { wasm: WasmHeap }).wasm);
}

/**
 * Emscripten's start-up listens to the process's uncaught exceptions and throws them again, which prints its own
 * minified source before every error message. Its listeners are taken off; all others stay.
 */
async function withoutNewProcessListeners(start: () => Promise<void>): Promise<void> {
  const exceptions = process.listeners('uncaughtException');
  const rejections = process.listeners('unhandledRejection');
  await start();
  for (const listener of process.listeners('uncaughtException')) {
    if (!exceptions.includes(listener)) process.off('uncaughtException', listener);
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (!rejections.includes(listener)) process.off('unhandledRejection', listener);
  }
}

import { BackendRefusal, type BackendHost } from './backend.ts';

/** Node computes on wasm (SIMD, one thread) and cpu; there is no GPU interface to start. */
export const nodeBackends: BackendHost = {
  order: ['wasm', 'cpu'],
  async open(name) {
    if (name === 'webgpu' || name === 'webgl') throw new BackendRefusal('not-in-node');
    // Both packages register themselves, and stay registered: engines of one process share them.
    if (name === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
    else await import('@tensorflow/tfjs-backend-cpu');
    return { threads: 1, software: false, exclusive: false };
  },
};

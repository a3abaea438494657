import { BackendRefusal, type BackendHost, type OpenBackend, type OpenOptions } from './backend.ts';
import type { BackendName } from './contract.ts';

/** The browser's backends, best first. Each is a chunk of its own that is fetched only when it is tried. */
const openers: Readonly<Record<BackendName, (options: OpenOptions) => Promise<OpenBackend>>> = {
  webgpu: async (options) => (await import('./backend.webgpu.ts')).openWebgpu(options),
  webgl: async (options) => (await import('./backend.webgl.ts')).openWebgl(options),
  wasm: async () => (await import('./backend.wasm.ts')).openWasm(),
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return { threads: 1, software: true, exclusive: false };
  },
};

export const browserBackends: BackendHost = {
  order: ['webgpu', 'webgl', 'wasm', 'cpu'],
  async open(name, options) {
    // What rules a GPU out is asked before its chunk is fetched.
    if (name === 'webgpu' && !navigator.gpu) throw new BackendRefusal('no-webgpu');
    if (name === 'webgl' && typeof OffscreenCanvas === 'undefined') throw new BackendRefusal('no-webgl');
    return openers[name](options);
  },
};

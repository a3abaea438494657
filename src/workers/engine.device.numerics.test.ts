import { fileURLToPath } from 'node:url';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  env,
  findBackendFactory,
  getKernelsForBackend,
  memory,
  registerBackend,
  registerKernel,
  removeBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ConvScopeError } from '../models/errors.ts';
import {
  BackendRefusal,
  patienceMs,
  startBackend,
  type BackendHost,
  type GpuComplaint,
  type OpenOptions,
} from './backend.ts';
import type { BackendName, BackendReport, EngineEvent } from './contract.ts';
import { createEngine } from './engine.ts';
import { createNodeEngine } from './node.ts';
import { parseManifest } from '../models/manifest.ts';
import { readFileSync } from 'node:fs';
import { verifyWeights } from './weights.fetch.ts';

/** Devices that can be lost, or compute wrongly: the cpu's kernels under the name of a GPU backend. */

class LosableBackend extends MathBackendCPU {
  lost = false;
  override read(id: object) {
    if (this.lost) return Promise.reject(new DOMException('the device is gone', 'AbortError'));
    return super.read(id);
  }
}

beforeAll(() => {
  env().set('PROD', true);
  for (const kernel of getKernelsForBackend('cpu')) registerKernel({ ...kernel, backendName: 'webgl' });
});
afterAll(() => {
  for (const { kernelName } of getKernelsForBackend('webgl')) unregisterKernel(kernelName, 'webgl');
});

function fakeGpu(options: { readonly startsAgain: number }) {
  let starts = 0;
  const state = {
    lose: (): void => undefined,
    backend: null as LosableBackend | null,
    closed: 0,
    complaints: [] as GpuComplaint[],
  };
  const host: BackendHost = {
    order: ['webgpu', 'webgl', 'cpu'],
    async open(name: BackendName, { onLost }: OpenOptions) {
      if (name === 'webgpu') throw new BackendRefusal('software-gpu', 'SwiftShader');
      if (name === 'cpu') return { threads: 1, software: false, exclusive: false };
      if (starts++ > options.startsAgain) throw new BackendRefusal('no-adapter');
      const backend = new LosableBackend();
      state.backend = backend;
      state.lose = () => {
        backend.lost = true;
        onLost('pulled out');
      };
      if (findBackendFactory('webgl')) removeBackend('webgl');
      registerBackend('webgl', () => backend);
      return {
        threads: 0,
        adapter: 'fake',
        software: false,
        exclusive: true,
        takeComplaints: () => state.complaints.splice(0),
        close: () => (state.closed += 1),
      };
    },
  };
  return { host, state };
}

const weightsDir = fileURLToPath(new URL('../../public/weights/', import.meta.url));
function engineOn(host: BackendHost) {
  const engine = createEngine({
    backends: host,
    memoryBytes: null,
    decode: () => Promise.reject(new Error('not used')),
    openKept: () => Promise.reject(new Error('not used')),
    readManifest: async () => parseManifest(readFileSync(`${weightsDir}manifest.json`, 'utf8')),
    readWeights: async (entry) => {
      const file = new Blob([readFileSync(weightsDir + entry.file)]);
      await verifyWeights(file, entry);
      return { file, fromCache: false };
    },
  });
  const events: EngineEvent[] = [];
  return { engine, events };
}

/** A one: a black bar on white. */
const one = {
  width: 60,
  height: 60,
  data: new Uint8ClampedArray(60 * 60 * 4).map((_, i) => {
    const [x, y] = [(i >> 2) % 60, Math.floor(i / 240)];
    return i % 4 < 3 && x >= 28 && x <= 32 && y >= 10 && y <= 50 ? 0 : 255;
  }),
};

describe('the choice of a backend', () => {
  const nobody = () => undefined;

  it('passes over what is refused and says why', async () => {
    const { report } = await startBackend(fakeGpu({ startsAgain: 0 }).host, 'auto', nobody);
    expect(report).toEqual({
      backend: 'webgl',
      reason: 'real-gpu',
      threads: 0,
      adapter: 'fake',
      skipped: [{ backend: 'webgpu', reason: 'software-gpu', detail: 'SwiftShader' }],
    });
  });

  it('passes over a backend that computes wrongly, and closes it', async () => {
    const right = getKernelsForBackend('webgl').find(({ kernelName }) => kernelName === 'MaxPool')!;
    const wrong = getKernelsForBackend('webgl').find(({ kernelName }) => kernelName === 'AvgPool')!;
    unregisterKernel('MaxPool', 'webgl');
    registerKernel({ ...wrong, kernelName: 'MaxPool' });
    const { host, state } = fakeGpu({ startsAgain: 0 });
    try {
      const { report } = await startBackend(host, 'auto', nobody);
      expect(report).toMatchObject({ backend: 'cpu', reason: 'last-resort' });
      expect(report.skipped[1]).toMatchObject({ backend: 'webgl', reason: 'self-test-failed' });
      expect(report.skipped[1]!.detail).toBe('maxPool gave -7 in place of -5');
      expect(state.closed).toBe(1);
    } finally {
      unregisterKernel('MaxPool', 'webgl');
      registerKernel(right);
    }
  });

  it('passes over a GPU that takes work and never gives it back, and closes it', async () => {
    const { host, state } = fakeGpu({ startsAgain: 0 });
    const hanging: BackendHost = {
      ...host,
      async open(name, options) {
        const opened = await host.open(name, options);
        if (name === 'webgl') vi.spyOn(state.backend!, 'read').mockReturnValue(new Promise(() => undefined));
        return opened;
      },
    };
    vi.useFakeTimers();
    try {
      let report: BackendReport | undefined;
      void startBackend(hanging, 'auto', nobody).then((started) => (report = started.report));
      while (!report) await vi.advanceTimersByTimeAsync(patienceMs);
      const detail = 'no self-test came back within 20 s';
      expect(report.skipped[1]).toEqual({ backend: 'webgl', reason: 'no-answer', detail });
      expect([report.backend, state.closed]).toEqual(['cpu', 1]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('passes over a backend whose start fails in tfjs', async () => {
    const host: BackendHost = {
      order: ['webgl', 'cpu'],
      async open(name) {
        if (name === 'webgl') {
          if (findBackendFactory('webgl')) removeBackend('webgl');
          registerBackend('webgl', () => Promise.reject(new TypeError('no adapter')));
        }
        return { threads: 1, software: false, exclusive: name === 'webgl' };
      },
    };
    const { report } = await startBackend(host, 'auto', nobody);
    expect(report.skipped).toEqual([{ backend: 'webgl', reason: 'start-failed' }]);
  });

  it('says all reasons where nothing works', async () => {
    const host: BackendHost = {
      order: ['webgpu', 'wasm'],
      open: async (name) => {
        throw name === 'webgpu' ? new BackendRefusal('no-adapter') : new Error('no memory');
      },
    };
    const error = await startBackend(host, 'auto', nobody).catch((e: ConvScopeError) => e as ConvScopeError);
    expect(error).toMatchObject({ code: 'backend-unavailable' });
    expect((error as ConvScopeError).message).toContain(
      'webgpu: WebGPU finds no graphics adapter; wasm: it did not start: no memory',
    );
  });

  it('refuses GPUs in Node by a sentence', async () => {
    const engine = createNodeEngine({ weightsDir });
    for (const name of ['webgpu', 'webgl'] as const) {
      await expect(engine.start(name)).rejects.toMatchObject({
        code: 'backend-unavailable',
        details: { backend: name, reason: 'not-in-node' },
      });
    }
    await engine.dispose();
  });
});

describe('a real GPU', () => {
  it('is warmed up while the network loads, and that can be cancelled', async () => {
    const { host } = fakeGpu({ startsAgain: 0 });
    const { engine } = engineOn(host);
    await engine.start('auto');
    const empty = (await engine.memory()).tensors;
    const fractions: number[] = [];
    await engine.load('lenet-5-modern', { kind: 'bundled' }, ({ phase, fraction }) => {
      if (phase === 'prepare') fractions.push(fraction);
    });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    const loaded = (await engine.memory()).tensors;
    const again = engine.load('lenet-5-modern', { kind: 'bundled' }, ({ phase, fraction }) => {
      if (phase === 'prepare' && fraction > 0.3) void engine.cancel();
    });
    await expect(again).rejects.toMatchObject({ code: 'cancelled' });
    expect((await engine.memory()).tensors).toBe(loaded);
    await engine.dispose();
    expect((await engine.memory()).tensors).toBe(empty);
  });
});

describe('a GPU that complains', () => {
  it.each([
    ['out-of-memory', 'out-of-memory'],
    ['validation', 'internal'],
  ] as const)('of %s: its numbers are not shown', async (kind, code) => {
    const { host, state } = fakeGpu({ startsAgain: 0 });
    const { engine } = engineOn(host);
    await engine.start('auto');
    await engine.load('lenet-5-modern', { kind: 'bundled' });
    await engine.setImage(one);
    state.complaints.push({ kind, message: 'too large' });
    await expect(engine.classify()).rejects.toMatchObject({ code });
    const loadedOnly = (await engine.memory()).tensors;
    // The activations of the failed run are gone: the next question computes them again.
    expect((await engine.featureMaps('conv1', 8)).stats).toHaveLength(6);
    expect((await engine.memory()).tensors).toBeGreaterThan(loadedOnly);
    await engine.dispose();
  });
});

describe('a device lost', () => {
  async function ready(startsAgain: number) {
    const { host, state } = fakeGpu({ startsAgain });
    const { engine, events } = engineOn(host);
    await engine.listen((event) => events.push(event));
    expect(await engine.start('auto')).toMatchObject({ backend: 'webgl' });
    await engine.load('lenet-5-modern', { kind: 'bundled' });
    await engine.setImage(one);
    const answer = await engine.classify();
    expect(answer.top[0]!.name).toBe('1');
    return { engine, events, state, answer };
  }

  it('between two requests starts again, with the network and the image', async () => {
    const { engine, events, state, answer } = await ready(1);
    state.lose();
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(events).toMatchObject([
      { kind: 'device-lost', message: 'pulled out', report: { backend: 'webgl' } },
    ]);
    expect((await engine.featureMaps('conv1', 8)).stats).toHaveLength(6);
    expect((await engine.classify()).top).toEqual(answer.top);
    await engine.dispose();
  });

  it('under a request: the request is answered all the same', async () => {
    const { engine, events, state, answer } = await ready(1);
    // The read fails first, and the loss is told a moment later, as WebGPU does it.
    state.backend!.lost = true;
    const running = engine.classify(({ fraction }) => fraction === 1 && setTimeout(state.lose, 30));
    expect((await running).top).toEqual(answer.top);
    expect(events).toHaveLength(1);
    await engine.dispose();
  });

  it('for good: another backend goes on', async () => {
    const { engine, events, state, answer } = await ready(0);
    state.lose();
    const again = await engine.classify();
    expect(again.backend).toBe('cpu');
    expect(again.top.map(({ name }) => name)).toEqual(answer.top.map(({ name }) => name));
    expect(events).toMatchObject([
      {
        kind: 'device-lost',
        report: {
          backend: 'cpu',
          skipped: [{ backend: 'webgpu' }, { backend: 'webgl', reason: 'no-adapter' }],
        },
      },
    ]);
    await engine.dispose();
  });

  it('twice: is not tried a third time', async () => {
    const { engine, events, state } = await ready(10);
    state.lose();
    await engine.classify();
    state.lose();
    expect((await engine.classify()).backend).toBe('cpu');
    expect(events).toMatchObject([
      { kind: 'device-lost', report: { backend: 'webgl' } },
      {
        kind: 'device-lost',
        report: {
          backend: 'cpu',
          skipped: [{ backend: 'webgpu' }, { backend: 'webgl', reason: 'device-lost' }],
        },
      },
    ]);
    await engine.dispose();
  });

  it('under a load: the load succeeds on the next device', async () => {
    const { engine, events, state } = await ready(1);
    state.backend!.lost = true;
    const loading = engine.load('lenet-5-modern', { kind: 'bundled' });
    setTimeout(state.lose, 100);
    expect((await loading).ref).toBe('lenet-5-modern');
    expect(events).toHaveLength(1);
    expect((await engine.classify()).top[0]!.name).toBe('1');
    await engine.dispose();
  });

  it('reads a file of one’s own again, and says so where it is gone', async () => {
    const { engine, events, state } = await ready(5);
    const file = new Blob([readFileSync(`${weightsDir}lenet-5-modern.safetensors`)]);
    const slice = file.slice.bind(file);
    let reads = 0;
    let gone = false;
    file.slice = (...range) => {
      reads += 1;
      if (gone) throw new DOMException('The file has changed', 'NotReadableError');
      return slice(...range);
    };
    await engine.load('lenet-5-modern', { kind: 'file', name: 'mine.safetensors', file });
    const first = reads;
    expect((await engine.classify()).top[0]!.name).toBe('1');
    expect(reads).toBe(first);
    state.lose();
    expect((await engine.classify()).top[0]!.name).toBe('1');
    expect(reads).toBeGreaterThan(first);

    gone = true;
    state.lose();
    await expect(engine.classify()).rejects.toMatchObject({
      code: expect.stringMatching(/file-unreadable|no-weights/) as string,
    });
    expect(events.map(({ kind }) => kind)).toEqual(['device-lost', 'device-lost']);
    await expect(engine.classify()).rejects.toMatchObject({ code: 'no-weights' });
    await engine.load('lenet-5-modern', { kind: 'bundled' });
    expect((await engine.classify()).top[0]!.name).toBe('1');
    await engine.dispose();
  });

  it('leaves no tensors behind', async () => {
    const before = memory().numTensors;
    const { engine, state } = await ready(1);
    state.lose();
    await engine.classify();
    await engine.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

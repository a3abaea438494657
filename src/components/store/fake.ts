import { ConvScopeError } from '../../models/errors.ts';
import { nodeById } from '../../models/lookup.ts';
import * as zoo from '../../models/zoo/index.ts';
import { buildNetwork, provideZoo } from '../zoo.ts';
import type { Engine, LayerTime, LayerTimes, OnProgress, WeightEntry } from '../../workers/contract.ts';
import type { Shelf, ShelfEvent, ShelfItem, ShelfProgress } from '../../workers/shelf.contract.ts';
import type { KeptImage, PagePlatform } from './platform.ts';
import { createShelfStore, type ShelfStore } from './shelf.ts';

// Tests need not wait for a chunk.
provideZoo(zoo);

/** A call that waits until the test lets it answer. */
export interface Held {
  readonly method: keyof Engine;
  readonly args: readonly unknown[];
  readonly release: () => void;
  readonly reject: (error: Error) => void;
  readonly progress: OnProgress;
}

export interface FakeEngine extends Engine {
  readonly calls: string[];
  /** Methods named here wait in `held` until they are released. */
  readonly hold: Set<keyof Engine>;
  readonly held: Held[];
  /** The next call of a method fails with this. */
  readonly failNext: Map<keyof Engine, Error>;
}

/** An engine for tests of the store: answers at once with small truthful shapes, or when it is told to. */
export function fakeEngine(): FakeEngine {
  const calls: string[] = [];
  const hold = new Set<keyof Engine>();
  const held: Held[] = [];
  const failNext = new Map<keyof Engine, Error>();
  let loaded = '';

  async function call<T>(method: keyof Engine, args: readonly unknown[], answer: () => T): Promise<T> {
    calls.push(
      [method, ...args.filter((arg) => typeof arg === 'string' || typeof arg === 'number')].join(' '),
    );
    const failure = failNext.get(method);
    if (failure) {
      failNext.delete(method);
      throw failure;
    }
    if (!hold.has(method)) return answer();
    const progress = args.find((arg) => typeof arg === 'function') as OnProgress | undefined;
    return new Promise((resolve, reject) => {
      held.push({
        method,
        args,
        release: () => resolve(answer()),
        reject,
        progress: progress ?? (() => {}),
      });
    });
  }

  const node = (id: string) => nodeById(buildNetwork(loaded).graph, id);
  return {
    calls,
    hold,
    held,
    failNext,
    start: (backend, onProgress) =>
      call('start', [backend, onProgress], () => ({
        backend: backend === 'auto' ? 'wasm' : backend,
        reason: 'fallback',
        threads: 1,
        skipped: [],
      })),
    load: (ref, source, onProgress, purpose) =>
      call('load', [ref, source.kind, purpose, onProgress], () => {
        loaded = ref;
        const { preprocessing, classes, dataset } = entryOf(ref);
        const weightsName = source.kind === 'file' ? source.name : `${ref}.safetensors`;
        return {
          ref,
          classes,
          dataset,
          preprocessing,
          weightsName,
          weightBytes: 8,
          fromCache: false,
          milliseconds: 1,
        };
      }),
    capacity: (ref) =>
      call('capacity', [ref], () => ({ ref, neededBytes: 1e6, availableBytes: 4e9, fits: 'yes' as const })),
    fittingNetworks: (name) =>
      call('fittingNetworks', [name], () => (name.startsWith('fits-') ? [name.slice(5, -12)] : [])),
    setImage: (image, onProgress) =>
      call('setImage', [image instanceof Blob ? image.type : 'pixels', onProgress], () => ({
        original: { width: 4, height: 4 },
        crop: { x: 0, y: 0, width: 4, height: 4 },
        seen: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
      })),
    classify: (onProgress) =>
      call('classify', [onProgress], () => ({
        ref: loaded,
        top: [{ index: 0, name: 'first', logit: 2, probability: 0.8 }],
        backend: 'wasm',
        milliseconds: 5,
        held: { weightBytes: 8, activationBytes: 16 },
      })),
    faces: (px) => call('faces', [px], () => []),
    featureMaps: (id, px) =>
      call('featureMaps', [id, px], () => ({
        node: id,
        shape: node(id).shape,
        thumbHeight: 1,
        thumbWidth: 1,
        planes: new Float32Array(node(id).shape[2]),
        // The last channel but one is the strongest.
        stats: Array.from({ length: node(id).shape[2] }, (_, i) => ({
          min: 0,
          max: i === node(id).shape[2] - 2 ? 9 : 1,
          mean: 0,
          y: 0,
          x: 0,
        })),
      })),
    channelMap: (id, channel) =>
      call('channelMap', [id, channel], () => ({ shape: [1, 1, 1], values: new Float32Array(1) })),
    activation: (id) => call('activation', [id], () => ({ shape: [1, 1, 1], values: new Float32Array(1) })),
    kernels: (id) =>
      call('kernels', [id], () => ({ node: id, count: 1, shape: [1, 1, 1], values: new Float32Array(1) })),
    project: (request, onProgress) =>
      call('project', [request.node, request.channel, request.rule, onProgress], () => ({
        request,
        image: { shape: [1, 1, 3], values: new Float32Array(3) },
        unit: { y: 0, x: 0 },
        value: 1,
        box: { top: 0, left: 0, bottom: 0, right: 0 },
        switches: 1,
        milliseconds: 1,
      })),
    projectMany: (request, onProgress) =>
      call('projectMany', [request.node, request.rule, onProgress], () => {
        const { channels: asked, ...common } = request;
        const channels = 'strongest' in asked ? Array.from({ length: asked.strongest }, (_, i) => i) : asked;
        return {
          request,
          projections: channels.map((channel) => ({
            request: { ...common, channel },
            image: { shape: [1, 1, 3] as const, values: new Float32Array(3) },
            unit: { y: 0, x: 0 },
            value: 1,
            box: { top: 0, left: 0, bottom: 0, right: 0 },
            switches: 1,
          })),
          missing: [],
          milliseconds: 1,
        };
      }),
    layerTimes: (_options, onProgress) => call('layerTimes', [onProgress], () => fakeTimes(loaded)),
    async cancel() {
      calls.push('cancel');
      held.splice(0).forEach(({ reject }) => reject(new ConvScopeError('cancelled', 'Cancelled.')));
    },
    memory: () => call('memory', [], () => ({ tensors: 0, bytes: 0 })),
    listen: () => call('listen', [], () => undefined),
    dispose: () => call('dispose', [], () => undefined),
  };
}

/** A millisecond for the first node, two for the second; normalisations before a ReLU run with it, as in the engine. */
export function fakeTimes(ref: string, change: Partial<LayerTimes> = {}): LayerTimes {
  const { graph } = buildNetwork(ref);
  const joined = new Map(
    graph.nodes
      .filter(({ op, inputs }) => op.kind === 'relu' && nodeById(graph, inputs[0]!).op.kind === 'batchNorm')
      .map(({ id, inputs }) => [inputs[0]!, id]),
  );
  const layers = graph.nodes.map(({ id }, i): LayerTime => {
    const joinedWith = joined.get(id);
    if (joinedWith !== undefined) return { node: id, milliseconds: null, joinedWith };
    return { node: id, milliseconds: { lower: i + 0.5, median: i + 1, upper: i + 2 } };
  });
  return {
    ref,
    weightsName: `${ref}.safetensors`,
    backend: 'wasm',
    threads: 1,
    method: 'wall-clock',
    passes: 15,
    layers,
    passMilliseconds: { lower: 90, median: 100, upper: 110 },
    resolutionMilliseconds: 0.005,
    ...change,
  };
}

const bundled = ['zfnet-imagenette', 'efficientnet-lite0', 'lenet-5-modern'];

function entryOf(network: string): WeightEntry {
  const input = buildNetwork(network).graph.nodes[0]!.shape;
  return {
    network,
    file: `${network}.safetensors`,
    bytes: 8,
    sha256: '',
    dtype: 'F16',
    source: 'convscope',
    dataset: 'test',
    classes: ['first'],
    preprocessing: {
      input,
      colour: 'rgb',
      fit: 'shorter-side',
      resize: 1,
      filter: 'bilinear',
      mean: [0],
      std: [1],
    },
    accuracy: { top1: 0.5, measuredOn: 'nothing', images: 1 },
    licence: 'none',
    origin: 'a test',
  };
}

export interface FakePlatform extends PagePlatform {
  /** The address, entry after entry, as back and forward walk through it. */
  readonly entries: string[];
  /** Moves to another entry, as the browser's buttons do. */
  go(step: number): void;
  kept: KeptImage | null;
  full: boolean;
}

/** A browser for tests: its history is a list, its storage a variable, its samples their own names. */
export function fakePlatform(query = '', languages: readonly string[] = ['en-GB']): FakePlatform {
  const entries = [query];
  let at = 0;
  let pop = () => {};
  const platform: FakePlatform = {
    entries,
    kept: null,
    full: false,
    go(step) {
      at += step;
      pop();
    },
    manifest: async () => ({ version: 1, weights: bundled.map(entryOf) }),
    sample: async (name) => new Blob([name], { type: `sample/${name}` }),
    async fetchImage(url) {
      if (url.includes('missing')) {
        throw new ConvScopeError('image-unreachable', 'It is not there.', { name: url, url, status: 404 });
      }
      return new Blob([url], { type: 'fetched' });
    },
    async keepImage(image) {
      if (platform.full) throw new ConvScopeError('storage-full', 'No room.', { reason: 'quota' });
      platform.kept = image;
    },
    keptImage: async (id) => (platform.kept?.id === id ? platform.kept : null),
    readPreferences: () => ({}),
    writePreferences: () => {},
    query: () => entries[at] ?? '',
    pushQuery(next) {
      entries.splice(at + 1);
      entries.push(next);
      at += 1;
    },
    replaceQuery(next) {
      entries[at] = next;
    },
    onPop(listener) {
      pop = listener;
    },
    explain: async (failure) => failure,
    languages: () => languages,
  };
  return platform;
}

export interface FakeShelf extends Shelf {
  readonly calls: string[];
  items: ShelfItem[];
  /** What `get` does instead of succeeding. */
  getNext: ((id: string, progress: (progress: ShelfProgress) => void) => Promise<ShelfItem>) | null;
}

/** What the shelf would keep of a published file for a network. */
export const shelfItem = (id: string, network: string, change: Partial<ShelfItem> = {}): ShelfItem => ({
  id,
  network,
  origin: { kind: 'published', id, url: `https://hub.example/${id}` },
  state: 'whole',
  totalBytes: 2048,
  loadedBytes: 2048,
  keptBytes: 1024,
  dtype: 'F16',
  keptAt: Date.UTC(2026, 10, 22),
  place: 'device',
  ...change,
});

/** A shelf in a variable. Ids name their network: 'torchvision/alexnet' is AlexNet's. */
export function fakeShelf(items: ShelfItem[] = []): FakeShelf {
  let tell: ((event: ShelfEvent) => void) | null = null;
  const put = (item: ShelfItem): ShelfItem => {
    shelf.items = [...shelf.items.filter(({ id }) => id !== item.id), item];
    return item;
  };
  const shelf: FakeShelf = {
    calls: [],
    items,
    getNext: null,
    list: async () => shelf.items,
    room: async () => ({
      usedBytes: shelf.items.reduce((sum, { keptBytes }) => sum + keptBytes, 0),
      quotaBytes: 2 ** 30,
      persisted: false,
    }),
    async get(id) {
      shelf.calls.push(`get ${id}`);
      const next = shelf.getNext;
      shelf.getNext = null;
      if (next) return put(await next(id, (progress) => tell?.({ kind: 'progress', progress })));
      return put(shelfItem(id, id.split('/')[1] ?? id));
    },
    pause: async (id) => void shelf.calls.push(`pause ${id}`),
    keep: async (file, network) =>
      put(shelfItem(`file:${file.name}`, network, { origin: { kind: 'file', name: file.name } })),
    async remove(id) {
      shelf.calls.push(`remove ${id}`);
      shelf.items = shelf.items.filter((item) => item.id !== id);
    },
    persist: async () => false,
    async listen(onEvent) {
      tell = onEvent;
    },
  };
  return shelf;
}

/** A store over a fake shelf, whose choices stay in a variable. */
export function fakeShelfStore(shelf: Shelf = fakeShelf()): ShelfStore {
  let chosen: Readonly<Record<string, string>> = {};
  return createShelfStore(shelf, { read: () => chosen, write: (next) => void (chosen = next) });
}

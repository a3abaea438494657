import type { Pixels } from '../../../src/models/preprocessing.ts';
import type { Engine, ProjectRequest } from '../../../src/workers/contract.ts';
import { createEngine } from '../../../src/workers/engine.ts';
import { browserPlatform } from '../../../src/workers/platform.browser.ts';
import {
  countGpuCalls,
  destroyDeviceAt,
  heldBuffers,
  isDestroyed,
  largestStorageBuffer,
  poseAsCard,
  takeCounts,
  type GpuCounts,
  type HeldBuffers,
} from './counting.ts';

/** The engine in the page's own thread, so that what it asks of the device can be counted, action by action. */

export interface CostRequest {
  readonly ref: string;
  /** Layers to open: an early one and a late one. The last is projected from. */
  readonly layers: readonly string[];
  readonly rule: ProjectRequest['rule'];
  /** Two pictures by their addresses, or null for two drawn ones. */
  readonly pictures: readonly [string, string] | null;
}

export interface Cost extends GpuCounts {
  readonly action: string;
}

/** As many pixels as the page asks for. */
const facePx = 48;
const thumbnailPx = 64;

countGpuCalls();
poseAsCard();

let engine: Engine;
let onRested = (): void => undefined;
/** Resolves when what the engine compiles while nobody asks for anything is compiled. */
let rest: Promise<void>;

/** A bar on white: a one, upright or leaning. */
function drawn(lean: number): Pixels {
  const image = new ImageData(80, 80);
  image.data.fill(255);
  for (let y = 12; y < 68; y++) {
    const left = 37 + Math.round((40 - y) * lean);
    image.data.fill(0, (y * 80 + left) * 4, (y * 80 + left + 6) * 4);
    for (let x = left; x < left + 6; x++) image.data[(y * 80 + x) * 4 + 3] = 255;
  }
  return { width: 80, height: 80, data: image.data as Uint8ClampedArray<ArrayBuffer> };
}

async function measure({ ref, layers, rule, pictures }: CostRequest): Promise<Cost[]> {
  const costs: Cost[] = [];
  const cost = async (action: string, work: () => Promise<unknown>) => {
    takeCounts();
    await work();
    costs.push({ action, ...takeCounts() });
  };
  const setPicture = async (index: 0 | 1) =>
    engine.setImage(pictures ? await (await fetch(pictures[index])).blob() : drawn(index * 0.2));
  const answer = async (index: 0 | 1) => {
    await setPicture(index);
    await engine.classify();
  };
  rest = new Promise((resolve) => (onRested = resolve));
  const late = layers.at(-1)!;
  const project = (channel: number, by = rule, seed: ProjectRequest['seed'] = 'strongest') =>
    engine.project({ node: late, channel, seed, rule: by });

  await cost('load', () => engine.load(ref, { kind: 'bundled' }));
  await cost('picture and answer', () => answer(0));
  await cost('faces', () => engine.faces(facePx));
  for (const layer of layers) await cost(`maps of ${layer}`, () => engine.featureMaps(layer, thumbnailPx));
  await cost(`one map of ${late}`, () => engine.channelMap(late, 0));
  const kernelLayer = layers.find((layer) => layer.startsWith('conv'));
  if (kernelLayer) await cost(`kernels of ${kernelLayer}`, () => engine.kernels(kernelLayer));
  await cost('rest', () => rest);
  const { stats } = await engine.featureMaps(late, 8);
  const active = stats.flatMap(({ max, min }, channel) => (max > 0 || min < 0 ? [channel] : []));
  await cost(`projection, ${rule}, first`, () => project(active[0]!));
  await cost(`projection, ${rule}, again`, () => project(active[1]!));
  if (rule !== 'gradient') {
    await cost('projection, guided', () => project(active[0]!, 'guided'));
    await cost('projection, gradient', () => project(active[0]!, 'gradient'));
  }
  await cost(`projection of a map, ${rule}`, () => project(active[0]!, rule, 'map'));
  await cost('second picture and answer', () => answer(1));
  await cost('its faces and maps', async () => {
    await engine.faces(facePx);
    await engine.featureMaps(late, thumbnailPx);
  });
  await cost(`its projection, ${rule}`, () => project(active[0]!));
  return costs;
}

/** LeNet-5 reads a one, and what a channel of its second convolution saw in it is asked for. */
async function oneProjection(channel = 3): Promise<number[]> {
  await engine.setImage(drawn(0));
  await engine.classify();
  return projectionOf(channel);
}

async function projectionOf(channel: number, seed: ProjectRequest['seed'] = 'strongest'): Promise<number[]> {
  const { image } = await engine.project({ node: 'conv2', channel, seed, rule: 'gradient' });
  return [...image.values];
}

/** When a device is destroyed: at a call of some kind, a few after the work has begun. */
const losses = {
  weights: { call: 'createBuffer', after: 5 },
  forward: { call: 'submit', after: 0 },
  projection: { call: 'submit', after: 1 },
} as const;
export type Loss = keyof typeof losses;

/** Loads a network and looks at all of it, as far as a few clicks go. */
async function lookAt(ref: string, projections: number): Promise<void> {
  await engine.load(ref, { kind: 'bundled' });
  if (projections === 0) return;
  await engine.setImage(drawn(0));
  await engine.classify();
  await engine.faces(facePx);
  await engine.featureMaps('conv2', thumbnailPx);
  for (let i = 0; i < projections; i++) await projectionOf(i % 16, i < 16 ? 'strongest' : 'map');
}

export const costCalls = {
  heldBuffers,
  /**
   * What is held after each load of the first network, with others loaded in between; it is looked at and projected
   * from each time.
   */
  async switching(refs: readonly string[], rounds: number, projections: number): Promise<HeldBuffers[]> {
    const held: HeldBuffers[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const [i, ref] of refs.entries()) {
        await lookAt(ref, i === 0 ? projections : 0);
      }
      await engine.load(refs[0]!, { kind: 'bundled' });
      held.push(heldBuffers());
    }
    return held;
  },
  /** What is held after each round of the same projections of one picture. */
  async projecting(rounds: number): Promise<HeldBuffers[]> {
    await lookAt('lenet-5-modern', 32);
    const held: HeldBuffers[] = [];
    for (let round = 0; round < rounds; round++) {
      for (let channel = 0; channel < 16; channel++) await projectionOf(channel);
      held.push(heldBuffers());
    }
    return held;
  },
  /** Projects, loses the device in the middle of some work, and projects again. */
  async losing(when: Loss) {
    // Another backend between two losses: the engine tries a device only twice.
    await engine.start('cpu');
    await engine.start('webgpu');
    await engine.load('lenet-5-modern', { kind: 'bundled' });
    const loaded = heldBuffers();
    const first = await oneProjection();
    const { call, after } = losses[when];
    destroyDeviceAt(call, after);
    if (when === 'weights') await engine.load('lenet-5-modern', { kind: 'bundled' });
    const again = when === 'projection' ? await projectionOf(3) : await oneProjection();
    await engine.load('lenet-5-modern', { kind: 'bundled' });
    const { backend } = await engine.start('webgpu');
    return { loaded, first, again, backend, happened: isDestroyed(), reloaded: heldBuffers() };
  },
  /** Starts the engine on WebGPU. `base` is the folder of the weights. */
  async start(base: string): Promise<GpuCounts> {
    engine = createEngine(browserPlatform(base), { onRested: () => onRested() });
    const { backend } = await engine.start('webgpu');
    if (backend !== 'webgpu') throw new Error(`the engine runs on ${backend}`);
    return takeCounts();
  },
  measure,
  /** Loads LeNet-5, reads a one and projects from it; or how that fails. */
  async readsOne() {
    try {
      await engine.load('lenet-5-modern', { kind: 'bundled' });
      await engine.setImage(drawn(0));
      const { top } = await engine.classify();
      const request = { node: 'conv2', channel: 3, seed: 'strongest', rule: 'gradient' } as const;
      const { image } = await engine.project(request);
      const logits = [...top].sort((a, b) => a.index - b.index).map(({ logit }) => logit);
      return { logits, projection: [...image.values], largestStorageBuffer };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return `${code}: ${message}`;
    }
  },
};
export type CostCalls = typeof costCalls;

Object.assign(globalThis, { costCalls });

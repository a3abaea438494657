import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { networkCost } from '../models/cost.ts';
import type { ConvScopeError } from '../models/errors.ts';
import type { Pixels } from '../models/preprocessing.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { Engine, Progress } from './contract.ts';
import { createNodeEngine } from './node.ts';
import { blobSource } from './readers/tensorFile.ts';
import {
  decodeTensor,
  readSafetensors,
  writeSafetensors,
  type TensorToWrite,
} from '../../tests/readers/safetensors.ts';
import type { ShelfItem } from './shelf.contract.ts';
import { keptMissing } from './shelf.errors.ts';
import { exposeEngine, remoteEngine } from './wire.ts';

/** The same cases for the engine of this process and for one at the other end of a message channel. */

const weightsDir = fileURLToPath(new URL('../../public/weights/', import.meta.url));
const bundled = { kind: 'bundled' } as const;
const lenetFile = (): Blob => new Blob([lenetBytes()]);
const lenetBytes = (): ArrayBuffer =>
  new Uint8Array(readFileSync(`${weightsDir}lenet-5-modern.safetensors`)).buffer;

/** Black strokes on white paper, 140 x 140: a seven. */
function seven(): Pixels {
  const size = 140;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  const ink = (x: number, y: number): boolean => {
    const onBar = y >= 30 && y <= 42 && x >= 40 && x <= 100;
    const onStem = y > 42 && y <= 115 && Math.abs(x - (94 - (y - 42) * 0.45)) <= 7;
    return onBar || onStem;
  };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) if (ink(x, y)) data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
  }
  return { width: size, height: size, data };
}

/** A photograph's worth of colours, without a file. */
function gradient(): Pixels {
  const data = new Uint8ClampedArray(300 * 240 * 4).map((_, i) =>
    i % 4 === 3 ? 255 : (i * 7 + (i >> 9)) & 255,
  );
  return { width: 300, height: 240, data };
}

interface Opened {
  readonly engine: Engine;
  close(): void;
}

/** What is kept on the engines' device: LeNet's own file, as if it had been dropped and kept. */
const keptLenet = (id: string): ShelfItem => ({
  id,
  network: 'lenet-5-modern',
  origin: { kind: 'file', name: 'mine.safetensors' },
  state: 'whole',
  totalBytes: lenetFile().size,
  loadedBytes: lenetFile().size,
  keptBytes: lenetFile().size,
  dtype: 'as-published',
  keptAt: 0,
  place: 'device',
});

function localEngine(memoryBytes = 16 * 2 ** 30): Opened {
  const engine = createNodeEngine({
    weightsDir,
    decode: async () => seven(),
    memoryBytes,
    openKept: async (id) => {
      if (id !== 'file:lenet') throw keptMissing(id);
      return { item: keptLenet(id), source: blobSource('mine.safetensors', lenetFile()) };
    },
    backend: 'wasm',
  });
  return { engine, close: () => undefined };
}

function channelEngine(memoryBytes?: number): Opened {
  const { port1, port2 } = new MessageChannel();
  exposeEngine(localEngine(memoryBytes).engine, port1);
  const close = () => {
    port1.close();
    port2.close();
  };
  return { engine: remoteEngine(port2), close };
}

const mine = () => ({ kind: 'file', name: 'mine.safetensors', file: lenetFile() }) as const;

/** LeNet's file without some of its tensors, or with other values in them. */
function altered(
  keep: (tensor: TensorToWrite) => boolean,
  change: (tensor: TensorToWrite) => void = () => undefined,
): Blob {
  const { tensors } = readSafetensors(new Uint8Array(lenetBytes()), 'lenet');
  const written = [...tensors.values()].map(({ name, shape, ...tensor }): TensorToWrite => {
    return { name, shape, dtype: 'F32', values: decodeTensor({ name, shape, ...tensor }, 'lenet') };
  });
  written.forEach(change);
  return new Blob([writeSafetensors(written.filter(keep))]);
}

/** A later progress message would cancel a later request. */
function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}

async function failureOf(promise: Promise<unknown>): Promise<ConvScopeError> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: ConvScopeError) => error,
  );
}
const codeOf = async (promise: Promise<unknown>): Promise<string> => (await failureOf(promise)).code;

describe.each([
  ['in this process', localEngine],
  ['over a message channel', channelEngine],
])('the engine %s', (_name, create) => {
  const { engine, close } = create();
  beforeAll(async () => {
    expect(await engine.start('wasm')).toEqual({
      backend: 'wasm',
      reason: 'chosen-by-user',
      threads: 1,
      skipped: [],
    });
  });
  afterAll(async () => {
    await engine.dispose();
    expect(await codeOf(engine.classify())).toBe('internal');
    close();
  });

  describe('before a network is loaded', () => {
    it('has no answers', async () => {
      for (const call of [
        engine.classify(),
        engine.setImage(seven()),
        engine.faces(8),
        engine.featureMaps('conv1', 8),
        engine.kernels('conv1'),
        engine.layerTimes(),
      ]) {
        expect(await codeOf(call)).toBe('no-weights');
      }
    });

    it('refuses networks that have no weights or do not exist', async () => {
      const error = await failureOf(engine.load('alexnet-2012', bundled));
      expect(error.code).toBe('no-weights');
      expect(error.details.withWeights).toContain('lenet-5-modern');
      expect(error.message).toContain('alexnet-2012 comes without weights');
      expect(await codeOf(engine.load('lenet-6', bundled))).toBe('unknown-network');
    });

    it('refuses a GPU in Node and keeps what it computes with', async () => {
      const error = await failureOf(engine.start('webgpu'));
      expect(error.code).toBe('backend-unavailable');
      expect(error.message).toContain('computes on wasm or cpu only');
      expect((await engine.load('lenet-5-modern', bundled)).ref).toBe('lenet-5-modern');
    });
  });

  describe('with LeNet-5 and a drawn seven', () => {
    const network = buildNetwork('lenet-5-modern');
    const convs = network.graph.nodes.filter(({ op }) => op.kind === 'conv');
    const [first, second] = convs.map(({ id }) => id) as [string, string];

    beforeAll(async () => {
      await engine.load('lenet-5-modern', bundled);
      await engine.setImage(seven());
    });

    it('loads with progress and says what it loaded', async () => {
      const steps: Progress[] = [];
      const loaded = await engine.load('lenet-5-modern', bundled, (step) => steps.push(step));
      expect(loaded).toMatchObject({
        ref: 'lenet-5-modern',
        classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
        weightsName: 'lenet-5-modern.safetensors',
        weightBytes: lenetBytes().byteLength,
        fromCache: false,
      });
      // The last report may come after the answer.
      await vi.waitFor(() => expect(steps.at(-1)).toMatchObject({ phase: 'prepare', fraction: 1 }));
      expect([...new Set(steps.map(({ phase }) => phase))]).toEqual(['weights', 'verify', 'prepare']);
      for (const [i, step] of steps.entries()) {
        const before = steps[i - 1];
        if (before?.phase === step.phase) expect(step.fraction).toBeGreaterThanOrEqual(before.fraction);
      }
    });

    it('sees the ink of the drawing, 32 x 32', async () => {
      const { original, seen, crop } = await engine.setImage(new Blob(['any']));
      expect(original).toEqual({ width: 140, height: 140 });
      expect([seen.width, seen.height, seen.data.length]).toEqual([32, 32, 32 * 32 * 4]);
      expect(crop.y).toBeLessThan(30);
      expect(crop.y + crop.height).toBeGreaterThan(115);
    });

    it('refuses pixels that do not fill their picture, and keeps the last one', async () => {
      const wrong = { width: 10, height: 10, data: new Uint8ClampedArray(3) };
      expect(await codeOf(engine.setImage(wrong))).toBe('image-corrupt');
      expect((await engine.classify()).top[0]!.name).toBe('7');
    });

    it('reads a seven', async () => {
      const { top, ref, backend } = await engine.classify();
      expect([ref, backend, top.length]).toEqual(['lenet-5-modern', 'wasm', 5]);
      expect(top[0]).toMatchObject({ name: '7', index: 7 });
      expect(top[0]!.probability).toBeGreaterThan(0.5);
      expect(top.map(({ logit }) => logit)).toEqual(top.map(({ logit }) => logit).sort((a, b) => b - a));
    });

    it('tells what the backend holds: the weights before the run, and what the run added', async () => {
      const { held } = await engine.classify();
      const { params, inputElements, allOutputElements } = networkCost(network.graph);
      expect(held.weightBytes).toBeGreaterThanOrEqual(params * 4);
      // Small dense layers, which are most of LeNet-5, are held a second time as wasm runs them.
      expect(held.weightBytes).toBeLessThan(params * 4 * 2);
      expect(held.activationBytes).toBeGreaterThanOrEqual(allOutputElements * 4);
      const everyOutput = network.graph.nodes.reduce((sum, { shape: [h, w, c] }) => sum + h * w * c, 0);
      expect(held.activationBytes).toBeLessThanOrEqual((inputElements + everyOutput) * 4);
      expect((await engine.memory()).bytes).toBe(held.weightBytes + held.activationBytes);
    });

    it('knows only digits: an empty sheet is told', async () => {
      const blank = { width: 20, height: 20, data: new Uint8ClampedArray(1600).fill(255) };
      expect(await codeOf(engine.setImage(blank))).toBe('no-ink');
    });

    it('shows a face of every layer', async () => {
      const faces = await engine.faces(12);
      expect(faces.map(({ node }) => node)).toEqual(network.graph.nodes.map(({ id }) => id));
      for (const face of faces) {
        const [height, width, channels] = network.graph.nodes.find(({ id }) => id === face.node)!.shape;
        expect(Math.max(face.height, face.width)).toBeLessThanOrEqual(12);
        expect(face.values).toHaveLength(face.height * face.width);
        if (height === 1 && width === 1)
          expect([face.height, face.width]).toEqual([1, Math.min(12, channels)]);
      }
    });

    it('means what it shows: a face is the mean over channels', async () => {
      const { shape, values } = await engine.activation(second);
      const face = (await engine.faces(64)).find(({ node }) => node === second)!;
      const channels = shape[2];
      const mean = [...face.values].map((_, i) => values.subarray(i * channels, (i + 1) * channels).reduce((a, b) => a + b, 0) / channels); // prettier-ignore
      [...face.values].forEach((value, i) => expect(value).toBeCloseTo(mean[i]!, 4));
    });

    it('shows all maps of a layer with their statistics', async () => {
      const maps = await engine.featureMaps(first, 7);
      const { shape, values } = await engine.activation(first);
      const [height, width, channels] = shape;
      expect(maps).toMatchObject({ node: first, shape, thumbHeight: 7, thumbWidth: 7 });
      expect(maps.planes).toHaveLength(7 * 7 * channels);
      for (let c = 0; c < channels; c++) {
        const map = values.filter((_, i) => i % channels === c);
        const { min, max, mean, y, x } = maps.stats[c]!;
        expect(min).toBe(Math.min(...map));
        expect(max).toBe(Math.max(...map));
        expect(mean).toBeCloseTo(map.reduce((a, b) => a + b, 0) / (height * width), 4);
        expect(y * width + x).toBe(map.indexOf(max));
        const small = maps.planes.subarray(c * 49, (c + 1) * 49);
        expect(small.reduce((a, b) => a + b, 0) / 49).toBeCloseTo(mean, 4);
      }
    });

    it('gives one channel at full resolution', async () => {
      const { shape, values } = await engine.activation(second);
      const map = await engine.channelMap(second, 3);
      expect(map.shape).toEqual([shape[0], shape[1], 1]);
      expect([...map.values]).toEqual([...values.filter((_, i) => i % shape[2] === 3)]);
    });

    it('gives answers that may be changed without changing the next', async () => {
      const before = await engine.activation(first);
      const copy = before.values.slice();
      before.values.fill(1e6);
      (await engine.featureMaps(first, 64)).planes.fill(1e6);
      expect((await engine.activation(first)).values).toEqual(copy);
    });

    it('shows the kernels that the file holds', async () => {
      const { tensors } = readSafetensors(new Uint8Array(lenetBytes()), 'lenet');
      const name = network.names.convscope!(convs[1]!, 'weight') as string;
      const stored = decodeTensor(tensors.get(name)!, 'lenet');
      const { count, shape, values } = await engine.kernels(second);
      const [height, width, depth] = shape;
      expect([count, depth, height, width]).toEqual(tensors.get(name)!.shape);
      // Kernel 4, row 1, column 2, depth 3.
      expect(values[((4 * height + 1) * width + 2) * depth + 3]).toBe(
        stored[((4 * depth + 3) * height + 1) * width + 2],
      );
      expect([...values].sort()).toEqual([...stored].sort());
    });

    it('projects the strongest unit of a channel into its field', async () => {
      const channel = 2;
      const { stats } = await engine.featureMaps(second, 16);
      const request = { node: second, channel, seed: 'strongest', rule: 'gradient' } as const;
      const { image, unit, value, box, switches, request: echoed } = await engine.project(request);
      expect(echoed).toEqual(request);
      expect(unit).toEqual({ y: stats[channel]!.y, x: stats[channel]!.x });
      expect(value).toBeCloseTo(stats[channel]!.max, 5);
      expect([image.shape, switches]).toEqual([[32, 32, 1], 0]);
      let inside = 0;
      image.values.forEach((v, i) => {
        const [y, x] = [Math.floor(i / 32), i % 32];
        const within = y >= box.top && y <= box.bottom && x >= box.left && x <= box.right;
        if (within) inside += Math.abs(v);
        else expect(v).toBe(0);
      });
      expect(inside).toBeGreaterThan(0);
    });

    it('projects several channels at once as it does each alone, and tells how far it is', async () => {
      const channels = [5, 0, 3];
      const common = { node: second, seed: 'strongest', rule: 'gradient' } as const;
      const told: Progress[] = [];
      const many = await engine.projectMany({ ...common, channels }, (progress) => told.push(progress));
      expect(many.request).toEqual({ ...common, channels });
      expect(many.missing).toEqual([]);
      expect(many.projections.length).toBe(3);
      for (const [i, channel] of channels.entries()) {
        const alone = await engine.project({ ...common, channel });
        const { image, ...rest } = many.projections[i]!;
        expect({ ...rest, image: alone.image, milliseconds: alone.milliseconds }).toEqual(alone);
        const largest = Math.max(...alone.image.values.map(Math.abs));
        image.values.forEach((v, at) =>
          expect(Math.abs(v - alone.image.values[at]!)).toBeLessThanOrEqual(1e-6 * largest),
        );
      }
      expect(await codeOf(engine.projectMany({ ...common, channels: [1, 16] }))).toBe('unknown-channel');
      // Over a port, progress may arrive after the answer.
      await expect.poll(() => told.at(-1)).toEqual({ phase: 'project', fraction: 1 });
    });

    it('says where a rule is not defined', async () => {
      const request = { node: second, channel: 0, seed: 'strongest', rule: 'deconvnet' } as const;
      expect(await codeOf(engine.project(request))).toBe('projection-undefined');
    });

    it('names what does not exist', async () => {
      const layer = await failureOf(engine.featureMaps('c9', 16));
      expect([layer.code, layer.details.layer]).toEqual(['unknown-layer', 'c9']);
      const channel = await failureOf(engine.channelMap(first, 6));
      expect(channel.message).toContain('its channels are 0 to 5');
      expect(await codeOf(engine.project({ node: first, channel: -1, seed: 'map', rule: 'guided' }))).toBe(
        'unknown-channel',
      );
      expect(await codeOf(engine.featureMaps(first, 0))).toBe('bad-parameter');
      expect(await codeOf(engine.kernels('input'))).toBe('bad-parameter');
    });

    it('answers requests in the order in which they were made', async () => {
      const order: string[] = [];
      await Promise.all([
        engine.load('lenet-5-modern', bundled).then(() => order.push('load')),
        engine.setImage(seven()).then(() => order.push('image')),
        engine.classify().then(({ top }) => order.push(top[0]!.name)),
        engine.featureMaps(first, 8).then(() => order.push('maps')),
      ]);
      expect(order).toEqual(['load', 'image', '7', 'maps']);
    });

    it('computes again by itself after a network was loaded', async () => {
      await engine.load('lenet-5-modern', bundled);
      expect((await engine.featureMaps(first, 8)).stats).toHaveLength(6);
    });

    it('holds no more tensors after many answers than before', async () => {
      await engine.classify();
      const before = await engine.memory();
      for (let i = 0; i < 5; i++) {
        await engine.classify();
        await engine.faces(16);
        await engine.featureMaps(first, 16);
        await engine.channelMap(second, 1);
      }
      expect(await engine.memory()).toEqual(before);
    });

    it('measures every layer, and holds afterwards what a classification holds', async () => {
      await engine.classify();
      const before = await engine.memory();
      const steps: Progress[] = [];
      const times = await engine.layerTimes({ passes: 4 }, (step) => steps.push(step));
      expect(times).toMatchObject({
        ref: 'lenet-5-modern',
        weightsName: 'lenet-5-modern.safetensors',
        backend: 'wasm',
        threads: 1,
        method: 'wall-clock',
        passes: 4,
      });
      expect(times.layers.map(({ node }) => node)).toEqual(network.graph.nodes.map(({ id }) => id));
      for (const { milliseconds } of [...times.layers, { milliseconds: times.passMilliseconds }]) {
        expect(milliseconds!.lower).toBeGreaterThanOrEqual(0);
        expect(milliseconds!.median).toBeGreaterThanOrEqual(milliseconds!.lower);
        expect(milliseconds!.upper).toBeGreaterThanOrEqual(milliseconds!.median);
      }
      expect(times.passMilliseconds.lower).toBeGreaterThan(0);
      expect(times.resolutionMilliseconds).toBeGreaterThan(0);
      await vi.waitFor(() => expect(steps.at(-1)).toMatchObject({ phase: 'measure', fraction: 1 }));
      const fractions = steps.map(({ fraction }) => fraction);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect(await engine.memory()).toEqual(before);
      expect((await engine.classify()).top[0]!.name).toBe('7');
    });

    it('measures three passes where the time is up at once', async () => {
      expect((await engine.layerTimes({ budgetMilliseconds: 0 })).passes).toBe(3);
      expect((await engine.layerTimes({ passes: 2, budgetMilliseconds: 0 })).passes).toBe(2);
    });

    it('answers other requests between two measured passes', async () => {
      const order: string[] = [];
      const maps = await engine.featureMaps(first, 8);
      const measuring = engine
        .layerTimes({ passes: 50, budgetMilliseconds: 1e6 })
        .then(() => order.push('times'));
      const meanwhile = await engine.featureMaps(first, 8).then((answer) => {
        order.push('maps');
        return answer;
      });
      await measuring;
      expect(order).toEqual(['maps', 'times']);
      expect(meanwhile).toEqual(maps);
    });

    it('measures no network that is replaced meanwhile', async () => {
      const measuring = engine.layerTimes({ passes: 50, budgetMilliseconds: 1e6 });
      const loading = engine.load('lenet-5-modern', bundled);
      expect(await codeOf(measuring)).toBe('cancelled');
      expect((await loading).ref).toBe('lenet-5-modern');
    });

    it('goes on with the same network and image on another backend', async () => {
      const onWasm = await engine.classify();
      expect(await engine.start('cpu')).toMatchObject({ backend: 'cpu', reason: 'chosen-by-user' });
      const onCpu = await engine.classify();
      expect(onCpu.backend).toBe('cpu');
      onCpu.top.forEach(({ index, logit }, i) => {
        expect(index).toBe(onWasm.top[i]!.index);
        expect(logit).toBeCloseTo(onWasm.top[i]!.logit, 4);
      });
      expect(await engine.start('auto')).toMatchObject({ backend: 'wasm' });
      expect((await engine.classify()).top[0]!.logit).toBe(onWasm.top[0]!.logit);
    });
  });

  describe('for answers only', () => {
    const network = buildNetwork('efficientnet-lite0');
    const relu = network.graph.nodes.find(({ op }) => op.kind === 'relu')!.id;

    it('answers the same in less memory, and shows a layer all the same', async () => {
      await engine.load('efficientnet-lite0', bundled);
      await engine.setImage(gradient());
      const looked = await engine.classify();
      const shown = await engine.activation(relu);
      const tensors = await engine.memory();
      await engine.load('efficientnet-lite0', bundled, undefined, 'answers');
      const { top, held } = await engine.classify();
      expect(top.map(({ index }) => index)).toEqual(looked.top.map(({ index }) => index));
      const largest = Math.max(...looked.top.map(({ logit }) => Math.abs(logit)));
      top.forEach(({ logit }, i) =>
        expect(Math.abs(logit - looked.top[i]!.logit)).toBeLessThan(1e-5 * largest),
      );
      // The normalisations are in the kernels, and what was read is freed: the most at once, and nothing afterwards.
      expect(held.weightBytes).toBeLessThan(looked.held.weightBytes);
      expect(held.activationBytes).toBeGreaterThanOrEqual(networkCost(network.graph).peak.elements * 4);
      expect(held.activationBytes).toBeLessThan(looked.held.activationBytes / 4);
      expect((await engine.memory()).bytes).toBe(held.weightBytes);

      expect((await engine.activation(relu)).values).toEqual(shown.values);
      expect(await engine.faces(4)).toHaveLength(network.graph.nodes.length);
      // From then on it is a network like any other.
      expect((await engine.classify()).held).toEqual(looked.held);
      await engine.activation(relu);
      expect(await engine.memory()).toEqual(tensors);
    });

    it('keeps answering on another backend, and stays when looking is cancelled', async () => {
      await engine.load('lenet-5-modern', bundled, undefined, 'answers');
      await engine.setImage(seven());
      const { top, held } = await engine.classify();
      await engine.start('cpu');
      const onCpu = await engine.classify();
      expect(onCpu.top[0]!.logit).toBeCloseTo(top[0]!.logit, 4);
      expect(onCpu.held.activationBytes).toBe(held.activationBytes);
      await engine.start('wasm');
      const looking = engine.faces(8);
      await engine.cancel();
      expect(await codeOf(looking)).toBe('cancelled');
      expect((await engine.classify()).top[0]!.name).toBe('7');
      const { layers } = await engine.layerTimes({ passes: 1, budgetMilliseconds: 0 });
      expect(layers.every(({ milliseconds, joinedWith }) => milliseconds ?? joinedWith)).toBe(true);
    });
  });

  describe('with a file of one’s own', () => {
    it('finds the network that it fits and loads it', async () => {
      expect(await engine.fittingNetworks('mine.safetensors', lenetFile())).toEqual(['lenet-5-modern']);
      const source = { kind: 'file', name: 'mine.safetensors', file: lenetFile() } as const;
      const loaded = await engine.load('lenet-5-modern', source);
      expect(loaded).toMatchObject({ weightsName: 'mine.safetensors', fromCache: false });
      await engine.setImage(seven());
      expect((await engine.classify()).top[0]!.name).toBe('7');
    });

    it('lists all that does not fit, keeps the details and the network that was loaded', async () => {
      const source = { kind: 'file', name: 'mine.safetensors', file: lenetFile() } as const;
      const error = await failureOf(engine.load('resnet-18', source));
      expect(error).toMatchObject({ name: 'ConvScopeError', code: 'weights-mismatch' });
      expect(error.details).toMatchObject({ network: 'resnet-18', fits: ['lenet-5-modern'] });
      expect(error.details.missing).toHaveLength(101);
      expect((await engine.classify()).ref).toBe('lenet-5-modern');
    });

    it('says what it assumed of it, and shows its kernels', async () => {
      const { assumed, preprocessing } = await engine.load('lenet-5-modern', mine());
      // The bundled weights of the same network say how it looks at pictures.
      expect(assumed).toBeUndefined();
      expect(preprocessing.fit).toBe('digit');
      const { values } = await engine.kernels('conv1');
      expect(values.some((value) => value !== 0)).toBe(true);
    });

    it('names the network of a file that was changed', async () => {
      const changed = altered(({ name }) => name !== 'fc3.bias');
      const error = await failureOf(engine.load('resnet-18', { kind: 'file', name: 'x', file: changed }));
      expect(error.details).toMatchObject({ fits: [], likely: 'lenet-5-modern' });
      expect(error.message).toContain('Most of its tensors are those of lenet-5-modern, but not all');
    });

    it('names the tensor and the place of a value that is no number, and loads nothing of it', async () => {
      const before = await engine.memory();
      const damaged = altered(
        () => true,
        (tensor) => {
          if (tensor.name === 'fc3.weight') tensor.values[7] = Infinity;
        },
      );
      const error = await failureOf(
        engine.load('lenet-5-modern', { kind: 'file', name: 'x', file: damaged }),
      );
      expect(error.code).toBe('weights-corrupt');
      expect(error.message).toContain('value 7 of fc3.weight is Infinity');
      expect(await engine.memory()).toEqual(before);
    });

    it('can be cancelled while it is read', async () => {
      const before = await engine.memory();
      const file = new Blob([readFileSync(`${weightsDir}zfnet-imagenette.safetensors`)]);
      const cancel = once(() => void engine.cancel());
      const source = { kind: 'file', name: 'zfnet.safetensors', file } as const;
      const loading = engine.load('zfnet-imagenette', source, ({ phase }) => {
        if (phase === 'verify') cancel();
      });
      expect(await codeOf(loading)).toBe('cancelled');
      expect(await engine.memory()).toEqual(before);
    });

    it('is loaded from the shelf where it is kept, by its id', async () => {
      const loaded = await engine.load('lenet-5-modern', { kind: 'kept', id: 'file:lenet' });
      expect(loaded).toMatchObject({ weightsName: 'mine.safetensors', fromCache: true });
      await engine.setImage(seven());
      expect((await engine.classify()).top[0]!.name).toBe('7');
      expect(await codeOf(engine.load('lenet-5-modern', { kind: 'kept', id: 'file:gone' }))).toBe(
        'kept-missing',
      );
      expect((await engine.classify()).top[0]!.name).toBe('7');
    });

    it('refuses a truncated one', async () => {
      const source = { kind: 'file', name: 'cut.safetensors', file: lenetFile().slice(0, 5000) } as const;
      expect(await codeOf(engine.load('lenet-5-modern', source))).toBe('weights-truncated');
    });
  });

  describe('what a network needs', () => {
    it('is told before anything is fetched, for every listed network', async () => {
      const { neededBytes, availableBytes, ...capacity } = await engine.capacity('vgg-d');
      expect(capacity).toEqual({ ref: 'vgg-d', fits: 'yes' });
      expect(availableBytes).toBe(2 ** 32);
      expect(neededBytes).toBeGreaterThan(138_357_544 * 4);
      expect(await codeOf(engine.capacity('vgg-z'))).toBe('unknown-network');
    });

    it('is refused where it is not there, with a smaller one of the family; nothing is read', async () => {
      const { engine: small, close: closeSmall } = create(500 * 2 ** 20);
      await small.start('wasm');
      const capacity = await small.capacity('resnet-152');
      expect(capacity).toMatchObject({ fits: 'no', availableBytes: 500 * 2 ** 20, smaller: 'resnet-50' });
      const steps: Progress[] = [];
      const source = { kind: 'kept', id: 'file:gone' } as const;
      const error = await failureOf(small.load('resnet-152', source, (step) => steps.push(step)));
      expect(error.code).toBe('out-of-memory');
      expect(error.message).toMatch(
        /^resnet-152 is too large to run here: it needs about \d+ MB, and this device has 524 MB/,
      );
      expect(error.details).toMatchObject({ network: 'resnet-152', smaller: 'resnet-50' });
      expect(steps).toEqual([]);
      closeSmall();
    });
  });

  describe('cancelled', () => {
    beforeAll(async () => {
      await engine.load('efficientnet-lite0', bundled);
      await engine.setImage(gradient());
    });

    it('while it computes: stops soon, and answers the next request', async () => {
      let seen = 0;
      const cancel = once(() => void engine.cancel());
      const running = engine.classify(({ fraction }) => {
        seen = Math.max(seen, fraction);
        cancel();
      });
      const waiting = engine.faces(16);
      expect(await Promise.all([codeOf(running), codeOf(waiting)])).toEqual(['cancelled', 'cancelled']);
      expect(seen).toBeLessThan(1);
      const { ref, top } = await engine.classify();
      expect([ref, top.length]).toEqual(['efficientnet-lite0', 5]);
    });

    it('while it loads: what was loaded stays', async () => {
      await engine.classify();
      const before = await engine.memory();
      const loading = engine.load(
        'zfnet-imagenette',
        bundled,
        once(() => void engine.cancel()),
      );
      expect(await codeOf(loading)).toBe('cancelled');
      expect((await engine.classify()).ref).toBe('efficientnet-lite0');
      expect(await engine.memory()).toEqual(before);
    });

    it('while it projects many: stops soon, leaves nothing behind, and projects again', async () => {
      const node = 'block_05/add';
      const request = {
        node,
        channels: [1, 2, 3, 4, 5, 6, 7, 8],
        seed: 'strongest',
        rule: 'guided',
      } as const;
      const { projections } = await engine.projectMany(request);
      const before = await engine.memory();
      const cancel = once(() => void engine.cancel());
      expect(await codeOf(engine.projectMany(request, cancel))).toBe('cancelled');
      expect(await engine.memory()).toEqual(before);
      expect((await engine.projectMany(request)).projections).toEqual(projections);
    });

    it('while it measures: nothing is lost, and the joined normalisations of a whole measurement are told', async () => {
      const cancel = once(() => void engine.cancel());
      expect(await codeOf(engine.layerTimes({}, cancel))).toBe('cancelled');
      await engine.classify();
      const before = await engine.memory();
      const { layers } = await engine.layerTimes({ passes: 2, budgetMilliseconds: 0 });
      expect(await engine.memory()).toEqual(before);
      const { nodes } = buildNetwork('efficientnet-lite0').graph;
      const capped = nodes.filter(({ op }) => op.kind === 'relu');
      expect(capped).toHaveLength(33);
      for (const { node, milliseconds, joinedWith } of layers) {
        const relu = capped.find(({ inputs }) => inputs[0] === node);
        expect([node, joinedWith, milliseconds === null]).toEqual([node, relu?.id, relu !== undefined]);
      }
    });

    it('while nothing runs: changes nothing', async () => {
      await engine.cancel();
      expect((await engine.classify()).ref).toBe('efficientnet-lite0');
    });
  });
});

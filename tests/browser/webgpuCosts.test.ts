import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GpuCounts } from './webgpuCosts/counting.ts';
import { buildCostPage, openCostPage, type BuiltPage, type CostPage } from './webgpuCosts/open.ts';

/** What the engine asks of a graphics device: how much of it, and never more than the device allows. */

let built: BuiltPage;
let opened: CostPage | null = null;
beforeAll(async () => {
  built = await buildCostPage();
});
afterAll(() => built?.remove());
afterEach(async () => {
  await opened?.close();
  opened = null;
});

type Bounds = Partial<
  Pick<GpuCounts, 'dispatches' | 'pipelines' | 'ahead' | 'uploads' | 'uploadedBytes' | 'reads' | 'readBytes'>
>;

/** LeNet-5: 13 nodes, of which each tanh, pool, convolution and dense layer is one dispatch. */
const bounds: Readonly<Record<string, Bounds>> = {
  // Only the first dense layer is large enough to go up in half precision, and be widened by a program.
  load: { dispatches: 1, pipelines: 1, ahead: 9, uploadedBytes: 160_000, reads: 0 },
  'picture and answer': { dispatches: 13, pipelines: 0, uploads: 1, reads: 1, readBytes: 40 },
  faces: { dispatches: 2, pipelines: 0, uploads: 0, reads: 1, readBytes: 14_000 },
  'maps of conv1': { dispatches: 2, pipelines: 0, uploads: 0, reads: 1, readBytes: 19_300 },
  'maps of conv2': { dispatches: 2, pipelines: 0, uploads: 0, reads: 1, readBytes: 6_700 },
  'one map of conv2': { dispatches: 1, pipelines: 0, uploads: 0, reads: 1, readBytes: 400 },
  'kernels of conv1': { dispatches: 0, uploads: 0, reads: 0 },
  rest: { dispatches: 0, pipelines: 0, uploads: 0, reads: 0 },
  'projection, gradient, first': { dispatches: 15, pipelines: 0, ahead: 0, reads: 2, readBytes: 4_500 },
  'projection, gradient, again': { dispatches: 13, pipelines: 0, uploads: 3, reads: 2, readBytes: 4_500 },
  'second picture and answer': { dispatches: 13, pipelines: 0, uploads: 1, reads: 1, readBytes: 40 },
  'its faces and maps': { dispatches: 4, pipelines: 0, uploads: 0, reads: 2, readBytes: 20_500 },
  'projection of a map, gradient': { dispatches: 14, pipelines: 0, reads: 2, readBytes: 4_500 },
  'its projection, gradient': { dispatches: 13, pipelines: 0, uploads: 3, reads: 2, readBytes: 4_500 },
};

describe('an action on WebGPU', () => {
  it('costs LeNet-5 no more dispatches, programs, uploads and reads than it did', async () => {
    opened = await openCostPage({}, built);
    const costs = await opened.page.evaluate(() =>
      costCalls.measure({
        ref: 'lenet-5-modern',
        layers: ['conv1', 'conv2'],
        rule: 'gradient',
        pictures: null,
      }),
    );
    expect(costs.map(({ action }) => action)).toEqual(expect.arrayContaining(Object.keys(bounds)));
    const over = costs.flatMap(({ action, ...counts }) =>
      Object.entries(bounds[action] ?? {})
        .filter(([kind, most]) => counts[kind as keyof GpuCounts] > most)
        .map(([kind, most]) => `${action}: ${counts[kind as keyof GpuCounts]} ${kind}, at most ${most}`),
    );
    expect(over).toEqual([]);
  });
});

describe('a device with small buffers', () => {
  const readsOne = (page: CostPage) => page.page.evaluate(() => costCalls.readsOne());

  it('computes the same, in shards that its buffers hold', async () => {
    opened = await openCostPage({}, built);
    const free = await readsOne(opened);
    await opened.close();
    const limit = 64_000;
    opened = await openCostPage({ maxStorageBufferBindingSize: limit, maxBufferSize: limit }, built);
    const tight = await readsOne(opened);
    if (typeof free === 'string' || typeof tight === 'string') throw new Error(String([free, tight]));
    // fc1's weights are 192 kB; tfjs lays 60 kB out beside each other for conv2.
    expect(free.largestStorageBuffer).toBeGreaterThan(190_000);
    expect(tight.largestStorageBuffer).toBeLessThanOrEqual(limit);
    const furthest = (a: readonly number[], b: readonly number[]) =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    expect(furthest(tight.logits, free.logits)).toBeLessThan(1e-4);
    expect(furthest(tight.projection, free.projection)).toBeLessThan(1e-5);
    expect(Math.max(...free.projection.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it('that cannot hold one activation says which, and what to do', async () => {
    opened = await openCostPage({ maxStorageBufferBindingSize: 16_384, maxBufferSize: 16_384 }, built);
    expect(await readsOne(opened)).toMatch(
      /^out-of-memory: lenet-5-modern is too large to run here: conv1 needs one array .* Choose a smaller/,
    );
  });
});

import { memory, tensor4d } from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/models/build.ts';
import { ConvScopeError } from '../../src/models/errors.ts';
import type { Graph, Shape, Volume } from '../../src/models/graph.ts';
import { runForward } from '../../src/workers/forward.ts';
import type { Activations } from '../../src/workers/forward.ts';
import { wholeRegion } from '../../src/workers/adjointRegion.ts';
import { loadPrograms } from '../../src/workers/forwardPrograms.ts';
import { project, projectSignal } from '../../src/workers/project.ts';
import type { Rule } from '../../src/workers/contract.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import type { RawParameter } from '../../src/workers/weightsLayout.ts';
import { nodeBackends, useBackend, vectorNets } from './backends.ts';
import { relativeError } from './compare.ts';

const volume = (shape: Shape, values: number[]): Volume => ({ shape, values: Float32Array.from(values) });
const nothing = new Map<string, RawParameter>();

async function failure(work: Promise<unknown>): Promise<ConvScopeError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ConvScopeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Weights and activations of a graph for the time of `use`; checks that nothing stays behind. */
async function running<T>(
  graph: Graph,
  input: Volume,
  raw: ReadonlyMap<string, RawParameter>,
  use: (activations: Activations, weights: Awaited<ReturnType<typeof prepareWeights>>) => Promise<T>,
): Promise<T> {
  const before = memory().numTensors;
  const weights = await prepareWeights(graph, raw);
  const activations = await runForward(graph, weights, input);
  const result = await use(activations, weights);
  activations.dispose();
  weights.dispose();
  expect(memory().numTensors).toBe(before);
  return result;
}

describe.each(nodeBackends)('max-pooling switches on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  const switchesOf = async (values: number[], pool: { kernel: number; stride: number; pad: number }) => {
    const b = new GraphBuilder([3, 3, 1]);
    b.maxPool('pool', b.input, pool.kernel, { stride: pool.stride, pad: pool.pad });
    return running(b.build('pool'), volume([3, 3, 1], values), nothing, async (activations) => ({
      positions: Array.from(await (await activations.switches('pool')).read()),
      values: Array.from(await activations.get('pool').data()),
    }));
  };

  it('take the first of equal values in row-major order', async () => {
    const { positions } = await switchesOf([1, 1, 1, 1, 1, 1, 1, 1, 1], { kernel: 2, stride: 1, pad: 0 });
    expect(positions).toEqual([0, 1, 3, 4]);
  });

  it('take the first zero of a window that ReLU emptied', async () => {
    const { positions } = await switchesOf([0, 0, 0, 0, 0, 2, 0, 2, 0], { kernel: 2, stride: 1, pad: 0 });
    expect(positions).toEqual([0, 5, 7, 5]);
  });

  it('never point at padding, though all values are negative', async () => {
    const found = await switchesOf([-5, -4, -3, -9, -8, -7, -6, -5, -1], { kernel: 2, stride: 2, pad: 1 });
    expect(found).toEqual({ positions: [0, 2, 6, 8], values: [-5, -3, -6, -1] });
  });

  it('sum where windows overlap', async () => {
    const programs = await loadPrograms();
    const x = tensor4d([0, 0, 0, 0, 9, 0, 0, 0, 0], [1, 3, 3, 1]);
    const signal = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const window = { kernel: [2, 2], stride: [1, 1], pad: [0, 0, 0, 0] } as const;
    const switches = await programs.switches(x, window, [2, 2, 1]);
    const [input, output] = [[3, 3, 1] as const, [2, 2, 1] as const];
    const place = { from: wholeRegion(output, 1), to: wholeRegion(input, 1), input, output };
    const unpooled = await programs.unpool(signal, switches, place);
    expect(Array.from(await unpooled.data())).toEqual([0, 0, 0, 0, 10, 0, 0, 0, 0]);
    [x, signal, unpooled, switches].forEach((tensor) => tensor.dispose());
  });
});

describe('the rules at a ReLU', () => {
  beforeAll(() => useBackend('cpu'));

  const through = (rule: Rule, cap?: number) => {
    const b = new GraphBuilder([1, 6, 1]);
    b.relu('relu', b.input, ...(cap === undefined ? [] : [{ cap }]));
    const graph = b.build('relu');
    const input = volume([1, 6, 1], [-1, 2, -3, 4, 6, 8]);
    const signal = volume([1, 6, 1], [10, 20, -30, -40, 50, 60]);
    return running(graph, input, nothing, async (activations, weights) => {
      const options = { rule, lrn: 'vjp' } as const;
      // A masked negative is -0; adding 0 makes it 0.
      return Array.from(
        (await projectSignal(graph, weights, activations, 'relu', signal, options)).values,
        (v) => v + 0,
      );
    });
  };

  it('deconvnet rectifies the signal and ignores the image', async () => {
    expect(await through('deconvnet')).toEqual([10, 20, 0, 0, 50, 60]);
    expect(await through('deconvnet', 6)).toEqual([10, 20, 0, 0, 50, 60]);
  });

  it('gradient masks by the image, strictly between 0 and the cap', async () => {
    expect(await through('gradient')).toEqual([0, 20, 0, -40, 50, 60]);
    expect(await through('gradient', 6)).toEqual([0, 20, 0, -40, 0, 0]);
  });

  it('guided does both', async () => {
    expect(await through('guided')).toEqual([0, 20, 0, 0, 50, 60]);
    expect(await through('guided', 6)).toEqual([0, 20, 0, 0, 0, 0]);
  });
});

describe('seeds and refusals', () => {
  beforeEach(() => useBackend('cpu'));

  const pooled = () => {
    const b = new GraphBuilder([4, 4, 2]);
    const relu = b.relu('relu', b.input);
    const pool = b.maxPool('pool', relu, 2, { stride: 2 });
    b.softmax('prob', b.dense('logits', pool, 3, { bias: false }));
    const graph = b.build('prob');
    const raw = new Map([
      ['logits/weight', { shape: [3, 8], values: Float32Array.from({ length: 24 }, (_, i) => i - 9) }],
    ]);
    // Channel 0 has two equal maxima, 5 at (0, 1) and at (3, 2); channel 1 is negative everywhere.
    const values = new Array<number>(32).fill(-1);
    values[2] = 5;
    values[28] = 5;
    values[16] = 3;
    return { graph, raw, input: volume([4, 4, 2], values) };
  };

  it('take one unit, the first strongest unit, or a whole map', async () => {
    const { graph, raw, input } = pooled();
    await running(graph, input, raw, async (activations, weights) => {
      const ask = (seed: { y: number; x: number } | 'strongest' | 'map') =>
        project(graph, weights, activations, { node: 'pool', channel: 0, seed, rule: 'gradient' });
      const pixels = ({ image }: { image: Volume }) =>
        Array.from(image.values).flatMap((value, at) => (value === 0 ? [] : [[at, value]]));
      const strongest = await ask('strongest');
      expect(strongest).toMatchObject({ unit: { y: 0, x: 0 }, value: 5, switches: 1 });
      expect(pixels(strongest)).toEqual([[2, 5]]);
      expect(pixels(await ask({ y: 1, x: 0 }))).toEqual([[16, 3]]);
      const map = await ask('map');
      expect(map).toMatchObject({ unit: null, value: 5 });
      expect(pixels(map)).toEqual([
        [2, 5],
        [16, 3],
        [28, 5],
      ]);
    });
  });

  it('are refused with the reason', async () => {
    const { graph, raw, input } = pooled();
    await running(graph, input, raw, async (activations, weights) => {
      const ask = (node: string, channel: number, seed: { y: number; x: number } | 'map' | 'strongest') =>
        failure(project(graph, weights, activations, { node, channel, seed, rule: 'gradient' }));
      expect(await ask('conv9', 0, 'map')).toMatchObject({ code: 'unknown-layer' });
      expect(await ask('pool', 2, 'map')).toMatchObject({ code: 'unknown-channel' });
      expect(await ask('pool', 0.5, 'map')).toMatchObject({ code: 'unknown-channel' });
      expect(await ask('pool', 0, { y: 2, x: 0 })).toMatchObject({ code: 'bad-parameter' });
      expect(await ask('pool', 0, { y: 0, x: 1 })).toMatchObject({ code: 'unit-inactive' });
      expect(await ask('pool', 1, 'strongest')).toMatchObject({ code: 'unit-inactive' });
      expect(await ask('pool', 1, 'map')).toMatchObject({ code: 'unit-inactive' });
      const softmax = await ask('prob', 0, 'strongest');
      expect(softmax).toMatchObject({ code: 'projection-undefined' });
      expect(softmax.message).toContain('logit');
    });
  });

  it.each(['deconvnet', 'guided'] as const)(
    '%s does not go through tanh, the gradient does',
    async (rule) => {
      const b = new GraphBuilder([1, 2, 1]);
      b.tanh('squash', b.input, { amplitude: 2, slope: 0.5 });
      const graph = b.build('squash');
      await running(graph, volume([1, 2, 1], [0, 1]), nothing, async (activations, weights) => {
        const request = { node: 'squash', channel: 0, seed: { y: 0, x: 1 } } as const;
        const refused = await failure(project(graph, weights, activations, { ...request, rule }));
        expect(refused).toMatchObject({ code: 'projection-undefined' });
        expect(refused.message).toContain('gradient');
        const { image, value } = await project(graph, weights, activations, { ...request, rule: 'gradient' });
        expect(value).toBeCloseTo(2 * Math.tanh(0.5), 6);
        expect(image.values[1]).toBeCloseTo(value * (1 - Math.tanh(0.5) ** 2), 5);
      });
    },
  );

  it('leave LRN as identity under deconvnet and as its transpose otherwise, unless told', async () => {
    const net = vectorNets().find(({ name }) => name === 'e_group_lrn');
    if (!net) throw new Error('no net e_group_lrn');
    await running(net.graph, net.volume('act/input'), net.raw, async (activations, weights) => {
      const picture = async (rule: Rule, lrn?: 'vjp' | 'identity' | 'scale') => {
        const request = {
          node: 'relu3',
          channel: 0,
          seed: { y: 1, x: 1 },
          rule,
          ...(lrn && { lrn }),
        } as const;
        return (await project(net.graph, weights, activations, request)).image.values;
      };
      const reference = (name: string) => net.volume(`proj/conv3_unit_lrn_${name}`).values;
      expect(relativeError(await picture('deconvnet'), reference('identity/deconvnet'))).toBeLessThan(1e-4);
      expect(relativeError(await picture('gradient'), reference('vjp/gradient'))).toBeLessThan(1e-4);
      expect(relativeError(await picture('guided'), reference('vjp/guided'))).toBeLessThan(1e-4);
      expect(relativeError(await picture('guided', 'scale'), reference('scale/guided'))).toBeLessThan(1e-4);
    });
  });
});

import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/models/build.ts';
import type { Graph, Shape } from '../../src/models/graph.ts';
import { isWhole, planRegions } from '../../src/workers/adjointRegion.ts';
import type { ProjectRequest, Rule } from '../../src/workers/contract.ts';
import { runForward } from '../../src/workers/forward.ts';
import { project, projectMany } from '../../src/workers/project.ts';
import type { ProjectHooks, Projected } from '../../src/workers/project.ts';
import { below } from '../../src/workers/projectWalk.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import { seededInput, seededWeights } from '../parity/seeded.ts';
import { nodeBackends, useBackend } from './backends.ts';
import { relativeError } from './compare.ts';

/** Whole numbers 0..n-1, the same in every run (an LCG's upper bits). */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2654435761 + 12345;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** A stack of what networks are made of: every kind of window, branches of unequal reach, and padding on any side. */
function randomGraph(seed: number): Graph {
  const roll = dice(seed);
  const one = <T>(...choices: readonly T[]): T => choices[roll(choices.length)]!;
  const b = new GraphBuilder([21 + roll(9), 21 + roll(9), 3]);
  const pad = () => [roll(2), roll(2), roll(2), roll(2)] as const;
  let x = b.conv('stem', b.input, 6, one(3, 5), { stride: one(1, 2), pad: pad() });
  const steps: readonly ((name: string) => string)[] = [
    (name) => b.conv(name, x, 6, 1, { bias: false }),
    (name) => b.conv(name, x, 6, 3, { pad: pad() }),
    (name) => b.conv(name, x, 6, [1, 3], { pad: [0, 0, 0, 2] }),
    (name) => b.conv(name, x, 6, [5, 2], { pad: [3, 1, 1, 0] }),
    (name) => b.conv(name, x, 6, 3, { stride: one<number | [number, number]>(2, [1, 2]), pad: pad() }),
    (name) => b.conv(name, x, 6, 3, { dilation: 2, pad: 2, groups: one(1, 2, 3) }),
    (name) => b.depthwise(name, x, 3, { stride: one(1, 2), pad: one(0, 1) }),
    (name) => b.maxPool(name, x, one(2, 3), { stride: one(1, 2), pad: one(0, 1), ceil: one(true, false) }),
    (name) => b.avgPool(name, x, 3, { stride: one(1, 2), pad: 1, countPadding: one(true, false) }),
    (name) => b.relu(name, x, one({}, { cap: 6 })),
    (name) => b.batchNorm(name, x),
    (name) => b.lrn(name, x, { size: one(3, 4), alpha: 0.5, beta: 0.75, k: 1, alphaOverSize: true }),
    (name) => b.add(`${name}_sum`, x, b.relu(`${name}_relu`, b.conv(name, x, 6, 5, { pad: 2 }))),
    (name) =>
      b.mean(
        `${name}_mean`,
        b.conv(`${name}_1`, x, 6, 1, { stride: 2 }),
        b.conv(name, x, 6, 3, { stride: 2, pad: 1 }),
      ),
    (name) => b.concat(`${name}_both`, b.conv(`${name}_1`, x, 2, 1), b.conv(name, x, 4, 3, { pad: 1 })),
    (name) => b.dropout(name, b.channelPad(`${name}_more`, b.conv(`${name}_less`, x, 3, 1), 1, 2), 0.5),
  ];
  for (let step = 0; step < 8; step++) {
    const [height, width] = b.shapeOf(x);
    if (Math.min(height, width) < 6) break;
    x = one(...steps)(`step${step}`);
  }
  x = b.relu('last', x);
  return b.build(b.relu('top', b.dense('logits', b.globalAvgPool('average', x), 8)));
}

interface Run {
  many(node: string, channels: readonly number[], rule: Rule, hooks?: ProjectHooks): Promise<Projected[]>;
  alone(request: ProjectRequest, hooks?: ProjectHooks): Promise<Projected>;
  silent(node: string, channels: readonly number[]): Promise<readonly number[]>;
}

async function running(graph: Graph, use: (run: Run) => Promise<void>): Promise<void> {
  const before = memory().numTensors;
  const weights = await prepareWeights(graph, seededWeights('random', graph));
  const activations = await runForward(graph, weights, seededInput('random', graph, 1));
  const seed = 'strongest';
  await use({
    many: async (node, channels, rule, hooks) => [
      ...(await projectMany(graph, weights, activations, { node, channels, seed, rule }, hooks)).projections,
    ],
    alone: (request, hooks) => project(graph, weights, activations, request, hooks),
    silent: async (node, channels) =>
      (await projectMany(graph, weights, activations, { node, channels, seed, rule: 'gradient' })).silent,
  });
  activations.dispose();
  weights.dispose();
  expect(memory().numTensors).toBe(before);
}

const rules: readonly Rule[] = ['deconvnet', 'guided', 'gradient'];
const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
const six = [0, 1, 2, 3, 4, 5];

describe.each(nodeBackends)('windows and batches on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(seeds)('of random network %i give what whole maps give, one after the other', async (seed) => {
    const graph = randomGraph(seed);
    let compared = 0;
    await running(graph, async ({ many, alone }) => {
      for (const node of ['last', 'top']) {
        for (const rule of rules) {
          const together = await many(node, six, rule);
          for (const { channel, image, unit } of together) {
            const request = { node, channel, seed: unit!, rule };
            const whole = await alone(request, { crops: false });
            const largest = Math.max(...whole.image.values.map(Math.abs));
            // A picture that rounding alone makes is compared with nothing.
            if (largest > 1e-12) {
              expect(
                relativeError(image.values, whole.image.values),
                `${node} ${channel} ${rule}`,
              ).toBeLessThan(2e-6);
              expect(relativeError((await alone(request)).image.values, image.values)).toBeLessThan(1e-6);
              compared++;
            }
          }
        }
      }
    });
    expect(compared).toBeGreaterThan(6);
  });

  it('give the same in groups of any size', async () => {
    await running(randomGraph(3), async ({ many }) => {
      const [together, apart, some] = await Promise.all(
        [Infinity, 1, 20_000].map((groupBytes) => many('last', six, 'gradient', { groupBytes })),
      );
      expect(together!.length).toBeGreaterThan(2);
      together!.forEach(({ image }, i) => {
        expect(relativeError(apart![i]!.image.values, image.values)).toBeLessThan(1e-6);
        expect(relativeError(some![i]!.image.values, image.values)).toBeLessThan(1e-6);
      });
    });
  });

  it('count their steps up to the end, and free everything where they are cancelled at any of them', async () => {
    const graph = randomGraph(5);
    await running(graph, async ({ many }) => {
      const fractions: number[] = [];
      await many('top', six, 'guided', { groupBytes: 4000, onFraction: (f) => fractions.push(f) });
      expect(fractions.at(-1)).toBe(1);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      const before = memory().numTensors;
      for (let end = 1; end < fractions.length; end += 3) {
        let steps = 0;
        const checkpoint = () => {
          if (++steps === end) throw new Error('enough');
        };
        await expect(many('top', six, 'guided', { groupBytes: 4000, checkpoint })).rejects.toThrow('enough');
        expect(memory().numTensors).toBe(before);
      }
    });
  });
});

describe('channels that are silent', () => {
  beforeAll(() => useBackend('cpu'));

  it('are left out and named, in any number', async () => {
    const b = new GraphBuilder([2, 2, 3]);
    b.relu('relu', b.input);
    const graph = b.build('relu');
    const weights = await prepareWeights(graph, new Map());
    const values = Float32Array.from([-1, 2, -3, -1, 4, 1, -2, 3, -1, -5, 1, -2]);
    const activations = await runForward(graph, weights, { shape: [2, 2, 3], values });
    const ask = (channels: readonly number[] | { readonly strongest: number }) =>
      projectMany(graph, weights, activations, {
        node: 'relu',
        channels,
        seed: 'strongest',
        rule: 'gradient',
      });
    const { projections, silent } = await ask([0, 2, 1]);
    expect(silent).toEqual([0]);
    expect(projections.map(({ channel, value, unit }) => [channel, value, unit])).toEqual([
      [2, 1, { y: 0, x: 1 }],
      [1, 4, { y: 0, x: 1 }],
    ]);
    expect(await ask([0])).toEqual({ projections: [], silent: [0] });
    const strongest = await ask({ strongest: 9 });
    expect(strongest.projections.map(({ channel }) => channel)).toEqual([1, 2]);
    expect(strongest.silent).toEqual([0]);
    expect((await ask({ strongest: 1 })).projections.map(({ channel }) => channel)).toEqual([1]);
    await expect(ask({ strongest: 0 })).rejects.toMatchObject({ code: 'bad-parameter' });
    await expect(ask([3])).rejects.toMatchObject({ code: 'unknown-channel' });
    activations.dispose();
    weights.dispose();
  });
});

describe('the windows of a walk', () => {
  const regionsOf = (graph: Graph, from: string, unit: readonly [number, number]) => {
    const shapes = new Map<string, Shape>(graph.nodes.map(({ id, shape }) => [id, shape]));
    const seed = { height: 1, width: 1, corners: [unit] };
    return planRegions(below(graph, from), shapes, seed, true);
  };

  it('are what the units above read, moved into the map at its border', () => {
    const b = new GraphBuilder([32, 32, 1]);
    const x = b.conv('conv2', b.maxPool('pool', b.conv('conv1', b.input, 2, 3, { pad: 1 }), 2), 2, 3, {
      pad: 1,
    });
    const graph = b.build(x);
    const inside = regionsOf(graph, 'conv2', [5, 8]);
    expect(inside.get('pool')).toEqual({ height: 3, width: 3, corners: [[4, 7]] });
    expect(inside.get('conv1')).toEqual({ height: 6, width: 6, corners: [[8, 14]] });
    expect(inside.get('input')).toEqual({ height: 8, width: 8, corners: [[7, 13]] });
    const corner = regionsOf(graph, 'conv2', [0, 15]);
    expect(corner.get('pool')).toEqual({ height: 2, width: 2, corners: [[0, 14]] });
    expect(corner.get('input')).toEqual({ height: 5, width: 5, corners: [[0, 27]] });
  });

  it('hold what all branches read, and are whole where they would nearly be', () => {
    const b = new GraphBuilder([10, 10, 1]);
    const wide = b.conv('wide', b.relu('relu', b.input), 1, [1, 5], { pad: [0, 0, 2, 2] });
    const sum = b.add('sum', wide, b.conv('tall', 'relu', 1, [5, 1], { pad: [2, 2, 0, 0] }));
    const graph = b.build(b.globalAvgPool('average', b.conv('large', sum, 1, 8)));
    expect(regionsOf(graph, 'sum', [4, 4]).get('relu')).toEqual({ height: 5, width: 5, corners: [[2, 2]] });
    expect(isWhole(regionsOf(graph, 'large', [0, 0]).get('sum')!, [10, 10, 1])).toBe(false);
    expect(isWhole(regionsOf(graph, 'large', [0, 0]).get('relu')!, [10, 10, 1])).toBe(true);
    expect(isWhole(regionsOf(graph, 'average', [0, 0]).get('sum')!, [10, 10, 1])).toBe(true);
  });
});

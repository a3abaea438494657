import { describe, expect, it } from 'vitest';
import { networkCost } from '../models/cost.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { LayerTime, LayerTimes } from '../workers/contract.ts';
import { networkTiming, tableMilliseconds } from './layerTiming.ts';

const { graph } = buildNetwork('mobilenet-v1-100');
const relu = graph.nodes.find(({ op }) => op.kind === 'relu')!;
const normalisation = relu.inputs[0]!;
const conv = graph.nodes.find(({ op }) => op.kind === 'conv')!;

/** Two milliseconds for every node, but for the first normalisation, which runs with its ReLU. */
const times = (change: Partial<LayerTimes> = {}): LayerTimes => ({
  ref: 'mobilenet-v1-100',
  weightsName: 'w',
  backend: 'wasm',
  threads: 1,
  method: 'wall-clock',
  passes: 5,
  passMilliseconds: { lower: 1, median: 2, upper: 3 },
  resolutionMilliseconds: 0.005,
  layers: graph.nodes.map(({ id }): LayerTime => {
    if (id === normalisation) return { node: id, milliseconds: null, joinedWith: relu.id };
    return { node: id, milliseconds: { lower: 1, median: 2, upper: 4 } };
  }),
  ...change,
});

describe('the time of a network’s layers', () => {
  it('adds up, and its shares to one', () => {
    const { nodes, totalMilliseconds } = networkTiming(graph, times());
    expect(totalMilliseconds).toBe(2 * (graph.nodes.length - 1));
    const shares = [...nodes.values()].reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeCloseTo(1, 10);
  });

  it('is that of the ReLU for a normalisation that runs with it', () => {
    const { nodes } = networkTiming(graph, times());
    expect(nodes.get(normalisation)).toMatchObject({ milliseconds: null, share: 0, joinedWith: relu.id });
    expect(nodes.get(relu.id)).toMatchObject({ joinedWith: null, milliseconds: { median: 2 } });
  });

  it('stands beside the MACs as a rate, where there are any and the clock can tell', () => {
    const { nodes } = networkTiming(graph, times());
    const macs = networkCost(graph).nodes.get(conv.id)!.macs;
    expect(nodes.get(conv.id)).toMatchObject({ macsPerSecond: macs / 0.002, tooShort: false });
    expect(nodes.get(relu.id)?.macsPerSecond).toBeNull();
    const coarse = networkTiming(graph, times({ resolutionMilliseconds: 3 }));
    expect(coarse.nodes.get(conv.id)).toMatchObject({ macsPerSecond: null, tooShort: true });
  });

  it('has as many decimals as the clock gives and the sum needs', () => {
    const decimals = (resolutionMilliseconds: number, median: number) =>
      networkTiming(
        graph,
        times({
          resolutionMilliseconds,
          layers: [{ node: conv.id, milliseconds: { lower: median, median, upper: median } }],
        }),
      ).decimals;
    expect([decimals(0.1, 5), decimals(0.005, 5), decimals(0.0001, 5)]).toEqual([1, 2, 3]);
    expect([decimals(0.0001, 50), decimals(0.0001, 5000)]).toEqual([2, 1]);
  });

  it('never reads as nothing', () => {
    const written = (milliseconds: number, decimals: number, resolutionMilliseconds: number) =>
      tableMilliseconds(milliseconds, { decimals, resolutionMilliseconds });
    expect(written(12.345, 2, 0.005)).toBe('12.35');
    expect(written(0.05, 1, 0.1)).toBe('<\u20090.1');
    expect(written(0, 3, 0.0001)).toBe('<\u20090.0005');
  });
});

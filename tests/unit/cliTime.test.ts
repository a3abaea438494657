import { describe, expect, it } from 'vitest';
import { networkCost } from '../../src/models/cost.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { cli } from './cliRun.ts';

const { graph } = buildNetwork('efficientnet-lite0');

interface Layer {
  readonly id: string;
  readonly macs: number;
  readonly milliseconds: { readonly median: number } | null;
  readonly joinedWith: string | null;
  readonly share: number;
}

describe('time', () => {
  it('prints every layer with its milliseconds, and what they were measured on', async () => {
    const { status, out, err } = await cli(
      'time',
      '-n',
      '1',
      '-m',
      'efficientnet-lite0',
      'public/samples/cat.jpg',
    );
    expect([status, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^layer +op +MACs +ms +quartiles +share % +GMAC\/s$/);
    expect(lines.slice(2, 2 + graph.nodes.length).map((line) => line.split(' ')[0])).toEqual(
      graph.nodes.map(({ id }) => id),
    );
    expect(out).toMatch(/batchNorm +0 +with its ReLU$/m);
    expect(out).toMatch(/\nMedians of 1 pass on wasm, 1 thread: layers together [\d.]+ ms; .*\)\.\n$/);
  });

  it('gives it all as JSON', async () => {
    const args = ['time', '--json', '-n', '1', '-m', 'efficientnet-lite0', 'public/samples/cat.jpg'];
    const { out } = await cli(...args);
    const told = JSON.parse(out) as { readonly layers: readonly Layer[] };
    expect(told).toMatchObject({
      model: 'efficientnet-lite0',
      backend: 'wasm',
      method: 'wall-clock',
      passes: 1,
    });
    expect(told.layers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(told.layers.reduce((sum, { macs }) => sum + macs, 0)).toBe(networkCost(graph).macs);
    for (const { milliseconds, joinedWith } of told.layers)
      expect(milliseconds === null).toBe(joinedWith !== null);
  });

  it('refuses to measure no pass', async () => {
    const { status, err } = await cli('time', '-n', '0', '-m', 'zfnet-imagenette', 'public/samples/cat.jpg');
    expect(status).toBe(1);
    expect(err).toContain('It must be 1 or more.');
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Graph, Volume } from '../../src/models/graph.ts';
import { inputNode, logitsNode } from '../../src/models/lookup.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { runForward } from '../../src/workers/forward.ts';
import { openTensorFile } from '../../src/workers/readers/open.ts';
import { bytesOf } from '../../src/workers/readers/tensorFile.ts';
import { matchWeights, matchedParameters } from '../../src/workers/weights.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import { useBackend } from '../numerics/backends.ts';

const folder = join(import.meta.dirname, 'small');
const cases = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Readonly<
  Record<string, { readonly network: string; readonly source: string; readonly logits: readonly number[] }>
>;

const open = (file: string) =>
  openTensorFile(bytesOf(file, new Uint8Array(readFileSync(join(folder, file)))));

/** Value i of PyTorch's channel-first picture is a hash of i: training/checkpoints/small.py. */
function pattern(size: number): Volume {
  const values = new Float32Array(3 * size * size);
  for (let i = 0; i < values.length; i++) {
    const from = (i % 3) * size * size + Math.floor(i / 3);
    values[i] = (Math.imul(from, 2654435761) >>> 0) / 2 ** 31 - 1;
  }
  return { shape: [size, size, 3], values };
}

beforeAll(() => useBackend('cpu'));

describe.each(Object.entries(cases))('%s', (file, { network: ref, source, logits: wanted }) => {
  const network = buildNetwork(ref);

  it('answers as PyTorch does', async () => {
    const opened = await open(file);
    const match = matchWeights(network, opened, file, { source });
    expect(match.source).toBe(source);
    const before = memory().numTensors;
    const output = logitsNode(network.graph).id;
    const graph: Graph = { ...network.graph, output };
    const weights = await prepareWeights(graph, matchedParameters(match, opened));
    const picture = pattern(inputNode(graph).shape[0]);
    const activations = await runForward(graph, weights, picture, { keep: false });
    const got = [...(await activations.get(output).data())];
    activations.dispose();
    weights.dispose();
    expect(memory().numTensors).toBe(before);
    const largest = Math.max(...wanted.map(Math.abs));
    const difference = Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!))) / largest;
    expect(got).toHaveLength(wanted.length);
    // Asked for is 1e-3; a wrong epsilon or a lost bias would hide in that.
    expect(difference).toBeLessThan(2e-5);
  });

  it('is found by its source alone, and is no other network', async () => {
    const opened = await open(file);
    expect(matchWeights(network, opened, file).source).toBe(source);
    const other = buildNetwork('resnet?depth=18&resolution=64&classes=10');
    expect(() => matchWeights(other, opened, file)).toThrow(/does not fit resnet/);
  });
});

it('every stored file has a case', () => {
  const files = readdirSync(folder).filter((file) => file !== 'index.json');
  expect(files.sort()).toEqual(Object.keys(cases).sort());
});

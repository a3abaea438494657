import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { backend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Pixels } from '../models/preprocessing.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import { parseManifest } from '../models/manifest.ts';
import { createNodeEngine } from './node.ts';

const weightsDir = fileURLToPath(new URL('../../public/weights/', import.meta.url));

/** Colours with a dark stroke in the middle: a photograph for some, a digit for others. */
const picture: Pixels = {
  width: 200,
  height: 160,
  data: new Uint8ClampedArray(200 * 160 * 4).map((_, i) => {
    const [x, y, c] = [(i >> 2) % 200, Math.floor(i / 800), i % 4];
    if (c === 3) return 255;
    return x > 95 && x < 105 && y > 30 && y < 130 ? 10 : 200 + ((x + y * c) % 40);
  }),
};

const heapBytes = (): number =>
  (backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;

it('50 changes between all bundled networks leave no tensor and no heap behind (wasm)', async () => {
  const refs = parseManifest(readFileSync(`${weightsDir}manifest.json`, 'utf8')).weights.map(
    (w) => w.network,
  );
  expect(refs).toHaveLength(3);
  const engine = createNodeEngine({ weightsDir });
  await engine.start('wasm');
  const empty = (await engine.memory()).tensors;
  const tensors = new Map<string, number>();
  let heapAfterSecondRound = 0;
  for (let change = 0; change < 50; change++) {
    const ref = refs[change % refs.length]!;
    const layer = buildNetwork(ref).graph.nodes.find(({ op }) => op.kind === 'conv')!.id;
    await engine.load(ref, { kind: 'bundled' });
    await engine.setImage(picture);
    await engine.classify();
    await engine.faces(16);
    await engine.featureMaps(layer, 16);
    await engine.project({ node: layer, channel: 1, seed: 'strongest', rule: 'gradient' });
    const now = (await engine.memory()).tensors;
    expect([ref, now]).toEqual([ref, tensors.get(ref) ?? now]);
    tensors.set(ref, now);
    if (change === 2 * refs.length - 1) heapAfterSecondRound = heapBytes();
  }
  // The heap never shrinks; that it does not grow over 44 changes means that everything was given back to it.
  expect(heapBytes()).toBe(heapAfterSecondRound);
  await engine.dispose();
  expect((await engine.memory()).tensors).toBe(empty);
});

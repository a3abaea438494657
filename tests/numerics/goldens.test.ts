import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Volume } from '../../src/models/graph.ts';
import { prepare } from '../../src/models/preprocess.ts';
import type { WeightEntry } from '../../src/workers/contract.ts';
import { runForward } from '../../src/workers/forward.ts';
import type { Activations } from '../../src/workers/forward.ts';
import { project } from '../../src/workers/project.ts';
import { useBackend } from './backends.ts';
import { goldenIndex, inputOf, loadBundled, manifest, readPixels, storedTensor } from './goldens.load.ts';
import type { Golden, GoldenProjection, LoadedGraph, Statistics } from './goldens.load.ts';

/** PyTorch in float64 against the engine in float32: tests/goldens/README.md says what is stored. */

const sum = (values: ArrayLike<number>, of: (value: number) => number = (value) => value): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += of(values[i]!);
  return total;
};
const norm = (values: ArrayLike<number>): number => Math.sqrt(sum(values, (value) => value * value));

function statistics(values: ArrayLike<number>): Statistics {
  const mean = sum(values) / values.length;
  const variance = sum(values, (value) => (value - mean) ** 2) / values.length;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) max = Math.max(max, values[i]!);
  return [mean, Math.sqrt(variance), max];
}

/** Euclidean length of the difference, in units of the reference's. */
function relativeL2(got: ArrayLike<number>, reference: ArrayLike<number>): number {
  expect(got.length).toBe(reference.length);
  const difference = Float64Array.from({ length: got.length }, (_, i) => got[i]! - reference[i]!);
  return norm(difference) / norm(reference);
}

function blockMeans({ shape: [height, width, channels], values }: Volume, blocks: number): Float64Array {
  const means = new Float64Array(blocks * blocks * channels);
  const [rows, columns] = [height / blocks, width / blocks];
  values.forEach((value, i) => {
    const y = Math.floor(i / channels / width / rows);
    const x = Math.floor((Math.floor(i / channels) % width) / columns);
    means[(y * blocks + x) * channels + (i % channels)]! += value / (rows * columns);
  });
  return means;
}

/** The values inside the box, row after row, and the length of everything outside. */
function cut({ shape: [, width, channels], values }: Volume, box: readonly number[]) {
  const [top, left, bottom, right] = box as [number, number, number, number];
  const across = (right - left + 1) * channels;
  const inside = new Float32Array((bottom - top + 1) * across);
  const rest = values.slice();
  for (let y = top; y <= bottom; y++) {
    const from = (y * width + left) * channels;
    inside.set(values.subarray(from, from + across), (y - top) * across);
    rest.fill(0, from, from + across);
  }
  return { inside, outside: norm(rest) };
}

const samplingPrime = 104_729;
const tolerance = 1e-3;
/**
 * Where a pooling window or a ReLU mask lies so near its edge that rounding decides it, PyTorch's own picture changes by
 * up to some per cent with the last digit of its input. Another rule or another channel changes it wholly.
 */
const nearTieTolerance = 0.03;
const hangsOnNearTie = ({ wavering }: GoldenProjection): boolean => wavering > tolerance / 3;
/** Those of them that the engine gives differently, reported at the end. */
const nearTies: string[] = [];

/** The largest of the relative L2 differences of what is stored of the picture. */
function pictureError(image: Volume, golden: GoldenProjection): number {
  const blocks = storedTensor(`${golden.key}/blocks`);
  const picked = storedTensor(`${golden.key}/picked`);
  if (!blocks || !picked || !golden.support) throw new Error(`${golden.key}: nothing is stored`);
  const { inside, outside } = cut(image, golden.support);
  const sampled = Float64Array.from(picked, (_, k) => inside[(k * samplingPrime) % inside.length]!);
  const perRow = Math.sqrt(blocks.length / image.shape[2]);
  return Math.max(
    relativeL2(sampled, picked),
    relativeL2(blockMeans(image, perRow), blocks),
    Math.abs(norm(image.values) / golden.norm - 1),
    outside / golden.norm,
  );
}

async function checkProjection(loaded: LoadedGraph, activations: Activations, golden: GoldenProjection) {
  const { node, channel, seed, rule, lrn, key } = golden;
  const got = await project(loaded.graph, loaded.weights, activations, { node, channel, seed, rule, lrn });
  expect(got.unit && [got.unit.y, got.unit.x], key).toEqual(golden.unit);
  expect(Math.abs(got.value / golden.value - 1), key).toBeLessThan(1e-4);
  if (golden.support === null) {
    expect(norm(got.image.values), key).toBe(0);
    return;
  }
  const error = pictureError(got.image, golden);
  if (error > tolerance) {
    nearTies.push(`${key}: ${error.toExponential(1)}, PyTorch wavers by ${golden.wavering}`);
  }
  expect(error, `${key} (PyTorch wavers by ${golden.wavering})`).toBeLessThan(
    hangsOnNearTie(golden) ? nearTieTolerance : tolerance,
  );
}

const cases = manifest.weights.map((entry) => [entry.network, entry] as const);

describe.each(cases)('%s on wasm against PyTorch', (network, entry: WeightEntry) => {
  const goldens = goldenIndex.goldens.filter((golden) => golden.network === network);
  let loaded: LoadedGraph;
  beforeAll(async () => {
    await useBackend('wasm');
    loaded = await loadBundled(entry);
  });
  afterAll(() => loaded.weights.dispose());

  it('has goldens of the weights that are bundled', () => {
    expect(goldens.length).toBeGreaterThanOrEqual(3);
    expect(goldenIndex.weights[network]).toBe(entry.sha256);
  });

  describe.each(goldens.map((golden) => [golden.name, golden] as const))('%s', (_name, golden: Golden) => {
    let activations: Activations;
    let input: Volume;
    beforeAll(async () => {
      input = await inputOf(golden, entry.preprocessing);
      activations = await runForward(loaded.graph, loaded.weights, input);
    });
    afterAll(() => activations.dispose());

    it('starts from the same input', () => {
      const [mean, std, max] = statistics(input.values);
      expect(mean).toBeCloseTo(golden.input.mean, 5);
      expect(std).toBeCloseTo(golden.input.std, 5);
      expect(max).toBeCloseTo(golden.input.max, 5);
    });

    it('gives its logits', async () => {
      const logits = await activations.get(loaded.logits).data();
      const { indices, logits: expected } = golden.top;
      const scale = Math.max(...expected.map(Math.abs));
      const difference = indices.map((index, i) => Math.abs(logits[index]! - expected[i]!) / scale);
      expect(Math.max(...difference)).toBeLessThan(tolerance);
      expect(norm(logits) / golden.logitNorm).toBeCloseTo(1, 4);
      expect(Math.abs(sum(logits) - golden.logitSum) / golden.logitNorm).toBeLessThan(tolerance);
      expect(logits.indexOf(Math.max(...logits))).toBe(indices[0]);
    });

    it(`gives the statistics of its ${Object.keys(golden.layers).length} layers`, async () => {
      for (const [node, [mean, std, max]] of Object.entries(golden.layers)) {
        const got = statistics(await activations.get(node).data());
        expect(Math.abs(got[0] - mean) / std, `${node}: mean`).toBeLessThan(1e-4);
        expect(Math.abs(got[1] / std - 1), `${node}: standard deviation`).toBeLessThan(1e-4);
        expect(Math.abs(got[2] - max) / std, `${node}: maximum`).toBeLessThan(1e-3);
      }
    });

    if (golden.projections.length > 0)
      it(`gives its ${golden.projections.length} projections`, async () => {
        for (const projection of golden.projections) await checkProjection(loaded, activations, projection);
      });

    if (golden.canvas)
      it('reads the drawing from its canvas, white on black or black on white', async () => {
        const canvas = await readPixels(`tests/goldens/${golden.canvas}`);
        const negative = {
          ...canvas,
          data: canvas.data.map((value, i) => (i % 4 === 3 ? value : 255 - value)),
        };
        for (const drawing of [canvas, negative]) {
          const drawn = await runForward(
            loaded.graph,
            loaded.weights,
            prepare(drawing, entry.preprocessing).input,
          );
          const logits = await drawn.get(loaded.logits).data();
          drawn.dispose();
          expect(logits.indexOf(Math.max(...logits))).toBe(golden.top.indices[0]);
        }
      });

    if (golden.origin.startsWith('public/'))
      it('sees the sample as PIL prepares it', async () => {
        const { seen } = prepare(await readPixels(golden.origin), entry.preprocessing);
        const pil = await readPixels(`tests/goldens/${golden.seen}`);
        expect([seen.width, seen.height]).toEqual([pil.width, pil.height]);
        const difference = seen.data.map((value, i) => Math.abs(value - pil.data[i]!));
        // JPEG decoders may round differently by a level or two; the resizing may not.
        expect(difference.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(3);
        expect(sum(difference) / difference.length).toBeLessThan(0.1);
      });
  });
});

describe('near ties', () => {
  it('make the engine differ from PyTorch in at most one projection of ten', () => {
    const compared = goldenIndex.goldens.flatMap((golden) => golden.projections).length;
    if (nearTies.length > 0) console.info(`Projections that differ at a near tie:\n${nearTies.join('\n')}`);
    expect(nearTies.length).toBeLessThan(compared / 10);
  });
});

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { memory, tensor2d, tensor4d } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { useBackend } from '../../tests/numerics/backends.ts';
import { moduleOf } from './wasmCode.ts';
import { wasmDense, wasmDenseAdjoint } from './wasmDense.ts';
import type { DenseLayer } from './weightsLayout.ts';

/** Whole numbers of at most 4: their products and sums are exact in float32 in any order. */
const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => ((i * 7 + seed * 13 + ((i * i) % 11)) % 9) - 4);

interface Sizes {
  readonly inputs: number;
  /** Rows of each shard. */
  readonly shards: readonly number[];
  readonly bias: boolean;
}

function layerOf({ inputs, shards, bias }: Sizes): {
  layer: DenseLayer;
  rows: Float32Array;
  added: Float32Array;
} {
  const units = shards.reduce((sum, count) => sum + count, 0);
  const rows = numbers(units * inputs, 1);
  const added = bias ? numbers(units, 2) : new Float32Array(units);
  let first = 0;
  const cut = shards.map((count) => {
    const weight = tensor2d(rows.slice(first * inputs, (first + count) * inputs), [count, inputs]);
    const shard = { weight, first, units: count };
    first += count;
    return shard;
  });
  return {
    layer: { kind: 'dense', shards: cut, bias: bias ? tensor2d(added, [1, units]) : null },
    rows,
    added,
  };
}

const disposeLayer = ({ shards, bias }: DenseLayer) =>
  [...shards.map(({ weight }) => weight), bias].forEach((tensor) => tensor?.dispose());

describe('a dense layer by our own kernel on wasm', () => {
  afterEach(() => expect(memory().numTensors).toBe(0));

  // Rows are taken by four and then one by one, inputs by four and then one by one: all rests of both.
  it.each([
    ...[1, 2, 3, 4, 5, 7, 8, 9, 84, 401].flatMap((inputs) =>
      [1, 2, 3, 4, 5, 8, 11].map((units) => ({ inputs, shards: [units], bias: units % 2 === 1 })),
    ),
    { inputs: 6, shards: [4, 4, 3], bias: true },
    { inputs: 9, shards: [1, 1, 1], bias: false },
  ])('is the product with the rows: %o', async (sizes) => {
    await useBackend('wasm');
    const { layer, rows, added } = layerOf(sizes);
    const { inputs } = sizes;
    const values = numbers(inputs, 3);
    const x = tensor4d(values, inputs % 2 === 0 ? [1, 1, 2, inputs / 2] : [1, 1, 1, inputs]);
    const y = wasmDense(x, layer)!;
    expect(y.shape).toEqual([1, 1, 1, added.length]);
    const expected = [...added].map((bias, unit) =>
      values.reduce((sum, value, i) => sum + value * rows[unit * inputs + i]!, bias),
    );
    expect([...(await y.data())]).toEqual(expected);
    // Nothing beside the output was written.
    expect([...(await x.data())]).toEqual([...values]);
    expect([...(await layer.shards[0]!.weight.data())]).toEqual([
      ...rows.slice(0, sizes.shards[0]! * inputs),
    ]);
    [x, y].forEach((tensor) => tensor.dispose());
    disposeLayer(layer);
  });

  it('hands NaN and infinity on', async () => {
    await useBackend('wasm');
    const { layer } = layerOf({ inputs: 5, shards: [5], bias: true });
    for (const value of [NaN, Infinity]) {
      const x = tensor4d([0, 0, 0, 0, value], [1, 1, 1, 5]);
      const y = wasmDense(x, layer)!;
      expect((await y.data()).some((unit) => Number.isFinite(unit))).toBe(false);
      [x, y].forEach((tensor) => tensor.dispose());
    }
    disposeLayer(layer);
  });

  it('leaves other backends to their own programs', async () => {
    await useBackend('cpu');
    const { layer } = layerOf({ inputs: 4, shards: [2], bias: false });
    const x = tensor4d([1, 2, 3, 4], [1, 1, 1, 4]);
    expect(wasmDense(x, layer)).toBeNull();
    x.dispose();
    disposeLayer(layer);
  });
});

describe('the way back through a dense layer by our own kernel on wasm', () => {
  afterEach(() => expect(memory().numTensors).toBe(0));

  it.each([
    ...[1, 3, 4, 5, 8, 401].flatMap((inputs) =>
      [1, 2, 3, 4, 5, 11].map((units) => ({ inputs, shards: [units], bias: false })),
    ),
    { inputs: 6, shards: [4, 4, 3], bias: true },
    // Rows of 80 kB: blocks of three, and a rest.
    { inputs: 20_000, shards: [7, 1], bias: false },
  ])('is the sum of the rows, each times its factor: %o', async (sizes) => {
    await useBackend('wasm');
    const { layer, rows, added } = layerOf(sizes);
    const { inputs } = sizes;
    const units = added.length;
    // The third signal is one logit's: rows that are not asked for are not read.
    const factors = numbers(3 * units, 5).map((v, i) => (i < 2 * units ? v : Number(i === 3 * units - 1)));
    const signals = tensor2d(factors, [3, units]);
    const sums = wasmDenseAdjoint(signals, layer)!;
    expect(sums.shape).toEqual([3, inputs]);
    const expected = new Float32Array(3 * inputs);
    factors.forEach((factor, i) => {
      const [signal, unit] = [Math.floor(i / units), i % units];
      for (let at = 0; at < inputs; at++)
        expected[signal * inputs + at]! += factor * rows[unit * inputs + at]!;
    });
    expect(await sums.data()).toEqual(expected);
    [signals, sums].forEach((tensor) => tensor.dispose());
    disposeLayer(layer);
  });
});

describe('the module that holds it', () => {
  const kernel = { parameters: ['i32', 'f32'], locals: [], body: [] } as const;

  it.each([false, true])('is valid, in a memory that is shared: %s', (shared) => {
    expect(WebAssembly.validate(moduleOf(kernel, shared))).toBe(true);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared });
    const module = new WebAssembly.Module(moduleOf(kernel, shared));
    expect(() => new WebAssembly.Instance(module, { env: { memory } })).not.toThrow();
  });

  it("finds tfjs's memory by the names that its glue gives it", () => {
    const root = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    const glue = (file: string) => readFileSync(join(root, '../wasm-out', file), 'utf8');
    expect(glue('tfjs-backend-wasm.js')).toContain(
      'Module["asm"]=exports;wasmMemory=Module["asm"]["memory"]',
    );
    expect(glue('tfjs-backend-wasm-threaded-simd.js')).toContain('Module["wasmMemory"]=wasmMemory');
  });
});

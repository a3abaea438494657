import { memory, tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { useBackend } from '../../tests/numerics/backends.ts';
import { addressOf, emptyTensor, wasmKernels } from './wasmKernels.ts';

async function scaledTanh(values: Float32Array, slope: number, amplitude: number): Promise<Float32Array> {
  await useBackend('wasm');
  const x = tensor4d(values, [1, 1, 1, values.length]);
  // A neighbour that nothing may be written to.
  const y = emptyTensor<Tensor4D>([1, 1, 1, values.length]);
  const beside = tensor4d([1, 2, 3, 4], [1, 1, 1, 4]);
  wasmKernels()!.scaledTanh(addressOf(x), addressOf(y), 4 * values.length, slope, amplitude);
  const found = await y.data<'float32'>();
  expect([...(await beside.data())]).toEqual([1, 2, 3, 4]);
  expect([...(await x.data())]).toEqual([...values]);
  [x, y, beside].forEach((tensor) => tensor.dispose());
  return found;
}

describe('tanh by our own kernel on wasm', () => {
  afterEach(() => expect(memory().numTensors).toBe(0));

  it('is that of double precision to 4e-7, from -12 to 12', async () => {
    const values = Float32Array.from({ length: 96_001 }, (_, i) => (i - 48_000) / 4000);
    const found = await scaledTanh(values, 1, 1);
    const worst = found.reduce((most, v, i) => Math.max(most, Math.abs(v - Math.tanh(values[i]!))), 0);
    expect(worst).toBeLessThan(4e-7);
    expect(found[48_000]).toBe(0);
  });

  it('is right for tiny values too, relative to them', async () => {
    const values = Float32Array.from({ length: 60 }, (_, i) => 10 ** -(i / 5));
    const found = await scaledTanh(values, 1, 1);
    found.forEach((v, i) => expect(Math.abs(v / Math.tanh(values[i]!) - 1)).toBeLessThan(5e-7));
  });

  it.each([4, 5, 6, 7, 8, 13, 84, 4704])(
    "with LeNet-5's slope and amplitude, of %i values",
    async (count) => {
      const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i) * 3);
      const found = await scaledTanh(values, 2 / 3, 1.7159);
      found.forEach((v, i) =>
        expect(Math.abs(v - 1.7159 * Math.tanh((2 / 3) * values[i]!))).toBeLessThan(5e-7),
      );
    },
  );

  it('of infinity is one, of NaN it is NaN', async () => {
    const [high, low, nan, big] = await scaledTanh(Float32Array.of(Infinity, -Infinity, NaN, 1e30), 1, 1);
    expect(high).toBeCloseTo(1, 6);
    expect(low).toBeCloseTo(-1, 6);
    expect(nan).toBeNaN();
    expect(big).toBeCloseTo(1, 6);
  });
});

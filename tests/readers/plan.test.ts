import { describe, expect, it } from 'vitest';
import { encodeElements, safetensorsPlan } from '../../src/workers/readers/safetensors.write.ts';
import { writeSafetensors } from './safetensors.ts';
import { listed, openBytes, openFixture } from './fixtures.ts';

describe('a safetensors file planned first', () => {
  it('and written in pieces, in any order, is the file that is written at once', async () => {
    const tensors = [
      { name: 'a', dtype: 'F16', shape: [3, 5], values: Float32Array.from({ length: 15 }, (_, i) => i / 4) },
      { name: '7', dtype: 'BF16', shape: [2], values: new Float32Array([1, -2]) },
      { name: 'empty', dtype: 'F32', shape: [0, 2], values: new Float32Array(0) },
      { name: 'scalar', dtype: 'F32', shape: [], values: new Float32Array([0.1]) },
    ] as const;
    const plan = safetensorsPlan(tensors, { source: 'test' });
    const bytes = new Uint8Array(plan.bytes);
    bytes.set(plan.header);
    [...tensors.entries()].reverse().forEach(([i, { dtype, values }]) => {
      for (let first = 0; first < values.length; first += 4) {
        const piece = encodeElements(values.subarray(first, first + 4), dtype);
        bytes.set(piece, plan.offsets[i]! + first * (dtype === 'F32' ? 4 : 2));
      }
    });
    expect(bytes).toEqual(writeSafetensors(tensors, { source: 'test' }));
    const read = await openBytes('planned', bytes);
    expect(read.metadata).toEqual({ source: 'test' });
    expect((await listed(read))['a']).toEqual({ shape: [3, 5], values: [...tensors[0].values] });
  });

  it('takes a PyTorch checkpoint tensor by tensor to half precision', async () => {
    const source = await openFixture('zip-small.pth');
    const stored = [...source.tensors.values()];
    const plan = safetensorsPlan(stored.map(({ name, shape }) => ({ name, shape, dtype: 'F16' as const })));
    const bytes = new Uint8Array(plan.bytes);
    bytes.set(plan.header);
    for (const [i, tensor] of stored.entries()) {
      bytes.set(encodeElements(await tensor.read(), 'F16'), plan.offsets[i]);
    }
    const half = await openBytes('half', bytes);
    for (const [name, tensor] of half.tensors) {
      const exact = await source.tensors.get(name)!.read();
      (await tensor.read()).forEach((value, i) => {
        expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(Math.abs(exact[i]!) * 2 ** -11 + 2 ** -25);
      });
    }
  });

  it('refuses two tensors of one name', () => {
    const one = { name: 'w', dtype: 'F32', shape: [1] } as const;
    expect(() => safetensorsPlan([one, one])).toThrow('two tensors are called w');
  });
});

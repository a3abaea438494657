import { describe, expect, it } from 'vitest';
import { heldValues, sameValues, storedTensor, stridedValues } from '../../src/workers/readers/values.ts';

/** The same by the definition: one element at a time. */
function byDefinition(
  base: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
) {
  const count = shape.reduce((product, n) => product * n, 1);
  return Float32Array.from({ length: count }, (_, i) => {
    let place = offset;
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return base[place]!;
  });
}

describe('a view of values', () => {
  const cases: readonly [string, readonly number[], readonly number[], number][] = [
    ['as it lies', [4, 6], [6, 1], 3],
    ['transposed', [6, 4], [1, 6], 0],
    ['every second column', [4, 3], [6, 2], 1],
    ['channels last', [2, 3, 2, 2], [12, 1, 6, 3], 0],
    ['backwards axes', [2, 3, 4], [1, 2, 6], 0],
    ['one axis of one', [1, 5], [99, 3], 2],
    ['overlapping rows', [3, 4], [2, 1], 1],
    ['a repeated row', [2, 4], [0, 1], 5],
    ['no axes', [], [], 7],
  ];
  it.each(cases)('%s', async (_title, shape, strides, offset) => {
    const base = Float32Array.from({ length: 30 }, (_, i) => i);
    const wanted = byDefinition(base, shape, strides, offset);
    const values = stridedValues(heldValues(base), shape, strides, offset);
    for (let first = 0; first < wanted.length; first++) {
      for (let count = 1; first + count <= wanted.length; count++) {
        expect(await values.read(first, count)).toEqual(wanted.slice(first, first + count));
      }
    }
  });

  it('larger than a piece, turned, in pieces that cross its own', async () => {
    const [rows, columns] = [1500, 1700];
    const base = Float32Array.from({ length: rows * columns }, (_, i) => i);
    const turned = stridedValues(heldValues(base), [columns, rows], [1, columns], 0);
    const wanted = byDefinition(base, [columns, rows], [1, columns], 0);
    const ranges = [
      [0, 2_550_000],
      [1_049_000, 400_001],
      [2_549_999, 1],
    ] as const;
    for (const [first, count] of ranges) {
      const read = await turned.read(first, count);
      expect([read.length, read.findIndex((value, i) => value !== wanted[first + i])]).toEqual([count, -1]);
    }
  });

  it('reads no more of channels-last kernels than the rows asked for', async () => {
    const asked: number[] = [];
    const base = {
      count: 64 * 32 * 9,
      read: async (first: number, count: number) => {
        asked.push(first, count);
        return new Float32Array(count);
      },
    };
    await stridedValues(base, [64, 32, 3, 3], [288, 1, 96, 32], 0).read(288 * 10, 288 * 2);
    expect(asked).toEqual([288 * 10, 288 * 2]);
  });
});

describe('a stored tensor', () => {
  const tensor = storedTensor('f', 't', 'F32', [2, 3], heldValues(new Float32Array([1, 2, 3, 4, NaN, 6])));
  it('refuses a range that it has not', async () => {
    await expect(tensor.read(4, 3)).rejects.toThrow(RangeError);
    await expect(tensor.read(-1, 2)).rejects.toThrow(RangeError);
    await expect(tensor.read(NaN, 2)).rejects.toThrow(RangeError);
  });
  it('names the value that is no number by its place in the whole', async () => {
    expect(await tensor.read(0, 4)).toEqual(new Float32Array([1, 2, 3, 4]));
    await expect(tensor.read(3)).rejects.toThrow('value 4 of t is NaN');
  });
  it('of one value everywhere takes no room before it is read', async () => {
    expect(await storedTensor('f', 't', 'F32', [10_000, 10_000], sameValues(2, 10 ** 8)).read(99, 3)).toEqual(
      new Float32Array([2, 2, 2]),
    );
  });
});

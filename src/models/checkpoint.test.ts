import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './build.ts';
import { isMatch, matchNames } from './checkpoint.ts';
import type { CheckpointMatch } from './checkpoint.ts';
import { readParameter } from './checkpointValues.ts';
import type { ReadableTensor } from './checkpointValues.ts';
import type { NameMap } from './network.ts';

const b = new GraphBuilder([3, 3, 2]);
const x = b.batchNorm('bn', b.conv('conv', b.input, 4, 3, { bias: false, pad: 1 }));
const graph = b.build(b.dense('fc', x, 5));

const recipes: Readonly<Record<string, ReturnType<NameMap>>> = {
  'conv/weight': 'c.w',
  'bn/weight': { sum: [{ factor: 1, of: ['gamma', 'scale'] }] },
  'bn/bias': {
    sum: [
      { factor: 1, of: ['beta', 'scale'] },
      { factor: -2, of: ['shift'] },
    ],
  },
  'bn/running_mean': { sum: [{ factor: 0.5, of: [] }] },
  'bn/running_var': { tensor: 'var', layout: 'reshaped' },
  'fc/weight': { tensor: 'f.w', layout: 'transposed' },
  'fc/bias': 'f.b',
};
const names: NameMap = Object.assign(
  (node: { id: string }, parameter: string) => recipes[`${node.id}/${parameter}`] ?? null,
  { ignores: /^aux\./ },
);
const network = { graph, names: { made: names } };

/** Counts up from `from`. */
function tensor(shape: readonly number[], from = 1): ReadableTensor {
  const values = Float32Array.from({ length: shape.reduce((a, n) => a * n, 1) }, (_, i) => from + i);
  return { shape, read: async (first = 0, count = values.length) => values.slice(first, first + count) };
}
const tensors = (): Map<string, ReadableTensor> =>
  new Map([
    ['c.w', tensor([4, 2, 3, 3])],
    ['gamma', tensor([4])],
    ['scale', tensor([4, 1, 1], 10)],
    ['beta', tensor([4], 100)],
    ['shift', tensor([1, 4, 1, 1])],
    ['var', tensor([4, 1, 1], 7)],
    ['f.w', tensor([36, 5])],
    ['f.b', tensor([5])],
  ]);
const match = (file: ReadonlyMap<string, ReadableTensor>): CheckpointMatch => {
  const result = matchNames(network, 'made', { tensors: file });
  if (!isMatch(result)) throw new Error(JSON.stringify(result));
  return result;
};

describe('a checkpoint is matched', () => {
  it('with a recipe for every parameter, in the shape of the network', () => {
    const result = match(tensors());
    expect([...result.recipes.keys()]).toEqual(Object.keys(recipes));
    expect(result.recipes.get('fc/weight')!.shape).toEqual([5, 36]);
    expect(result.ignored).toEqual([]);
  });

  it('telling what it ignores: batch counts, and what the source declares', () => {
    const file = tensors()
      .set('bn.num_batches_tracked', tensor([]))
      .set('aux.w', tensor([2]));
    expect(match(file).ignored).toEqual(['bn.num_batches_tracked', 'aux.w']);
  });

  it('or all differences are told at once', () => {
    const file = tensors()
      .set('auxiliary', tensor([1]))
      .set('var', tensor([2, 2]))
      .set('f.w', tensor([5, 36]));
    file.delete('scale');
    file.delete('f.b');
    expect(matchNames(network, 'made', { tensors: file })).toEqual({
      source: 'made',
      missing: ['scale', 'f.b'],
      unexpected: ['auxiliary'],
      misshaped: ['var is [2, 2], needs [4] or its values in another shape', 'f.w is [5, 36], needs [36, 5]'],
    });
  });

  it('not by a scheme that the network does not have', () => {
    const result = matchNames(network, 'other', { tensors: tensors() });
    expect(isMatch(result)).toBe(false);
    expect('unexpected' in result && result.unexpected.length).toBe(8);
  });
});

describe('values', () => {
  const file = { tensors: tensors() };
  const { recipes: found } = match(file.tensors as Map<string, ReadableTensor>);
  const read = async (key: string, rows?: { first: number; count: number }) => [
    ...(await readParameter(found.get(key)!, file, rows)),
  ];

  it('come as they are, whole or by rows', async () => {
    expect(await read('conv/weight', { first: 1, count: 2 })).toEqual(
      Array.from({ length: 36 }, (_, i) => 19 + i),
    );
    expect(await read('bn/running_var')).toEqual([7, 8, 9, 10]);
  });

  it('are sums of products', async () => {
    expect(await read('bn/weight')).toEqual([10, 22, 36, 52]);
    expect(await read('bn/bias')).toEqual([998, 1107, 1218, 1331]);
    expect(await read('bn/running_mean')).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('are transposed, whole or by rows', async () => {
    const wanted = (unit: number): number[] => Array.from({ length: 36 }, (_, i) => 1 + i * 5 + unit);
    expect(await read('fc/weight')).toEqual([0, 1, 2, 3, 4].flatMap(wanted));
    expect(await read('fc/weight', { first: 3, count: 2 })).toEqual([3, 4].flatMap(wanted));
  });

  it('are transposed in blocks where the tensor is large', async () => {
    const units = 3000;
    const inputs = 3001;
    const reads: number[] = [];
    const large: ReadableTensor = {
      shape: [inputs, units],
      read: async (first = 0, count = 0) => {
        reads.push(count);
        return Float32Array.from({ length: count }, (_, i) => first + i);
      },
    };
    const recipe = { shape: [units, inputs], from: { tensor: 'w', layout: 'transposed' as const } };
    const values = await readParameter(recipe, { tensors: new Map([['w', large]]) }, { first: 7, count: 2 });
    expect(reads.length).toBeGreaterThan(2);
    expect(Math.max(...reads)).toBeLessThanOrEqual(2 ** 22);
    for (const at of [0, 1398, 1399, 3000]) expect(values[at]).toBe(at * units + 7);
    expect(values[inputs + 3000]).toBe(3000 * units + 8);
  });
});

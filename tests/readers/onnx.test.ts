import { describe, expect, it } from 'vitest';
import { openBytes } from './fixtures.ts';
import {
  float,
  half,
  int64,
  int8,
  model,
  node,
  number,
  packed,
  part,
  tensor,
  type Build,
} from './onnxFile.ts';

const open = (tensors: readonly Uint8Array[], nodes?: readonly Uint8Array[]) =>
  openBytes('made.onnx', model(tensors, nodes));

describe('numbers in the fields of their type', () => {
  it('are read on from where the last reading ended, and from the beginning again', async () => {
    const values = Array.from({ length: 100 }, (_, i) => i - 50);
    const { tensors } = await open([tensor('t', int8, [100], packed(5, values))]);
    const t = tensors.get('t')!;
    for (const [first, count] of [
      [0, 10],
      [10, 5],
      [40, 60],
      [3, 4],
    ] as const) {
      expect([...(await t.read(first, count))]).toEqual(values.slice(first, first + count));
    }
  });

  it.each([
    ['a number that its type cannot have', tensor('t', int8, [2], packed(5, [200, 1])), '200 is no I8'],
    ['half a number too many', tensor('t', half, [1], packed(5, [70_000])), '70000 is no F16'],
    ['a number too many', tensor('t', int64, [2], packed(7, [1, 2, 3])), 'over 2 numbers'],
    ['a number too few', tensor('t', int64, [2], packed(7, [300])), '1 numbers, not 2'],
  ])('%s is damage', async (_title, bytes, words) => {
    const { tensors } = await open([bytes]);
    await expect(tensors.get('t')!.read()).rejects.toMatchObject({
      code: 'weights-corrupt',
      message: expect.stringContaining(words) as string,
    });
  });
});

describe('refused when the file is opened', () => {
  const floats =
    (count: number): Build =>
    (w) =>
      void part(w, 9, new Uint8Array(count * 4));
  // prettier-ignore
  const cases: readonly [string, readonly Uint8Array[], readonly Uint8Array[], string, string][] = [
    ['too few bytes', [tensor('t', float, [3], floats(2))], [], 'weights-corrupt', '8 bytes for the 3 numbers'],
    ['a negative size', [tensor('t', float, [-1], floats(0))], [], 'weights-corrupt', 'no valid shape'],
    ['2^80 values', [tensor('t', float, [2 ** 40, 2 ** 40], floats(0))], [], 'weights-corrupt', 'no valid shape'],
    ['no numbers', [tensor('t', float, [2], () => {})], [], 'weights-corrupt', 'has no numbers'],
    ['one name twice', [tensor('t', float, [1], floats(1)), tensor('t', float, [1], floats(1))], [],
      'weights-corrupt', 'two tensors called t'],
    ['a value twice', [tensor('t', float, [1], floats(1))], [node('Identity', ['t'], ['t'])],
      'weights-corrupt', 'two values are called "t"'],
    ['a constant larger than any layer', [tensor('s', int64, [2], packed(7, [20_000, 20_000]))],
      [node('ConstantOfShape', ['s'], ['c'])], 'weights-format', '[20000, 20000]'],
    ['weights without their scale', [tensor('w', int8, [1], packed(5, [1]))],
      [node('ConvInteger', ['x', 'w'], ['y'])], 'weights-format', 'ConvInteger'],
    ['another file', [tensor('t', float, [1], (w) => void number(w, 14, 1))], [], 'weights-format', 'another file'],
  ];
  it.each(cases)('%s', async (_title, tensors, nodes, code, words) => {
    await expect(open(tensors, nodes)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
  });
});

it('a transposition of a transposition stays in the graph', async () => {
  const raw: Build = (w) => void part(w, 9, new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer));
  const { tensors, layers } = await open(
    [tensor('t', float, [2, 2], raw)],
    [node('Transpose', ['t'], ['turned']), node('Transpose', ['turned'], ['back'])],
  );
  expect([...(await tensors.get('turned')!.read())]).toEqual([1, 3, 2, 4]);
  expect(layers?.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([[['turned'], ['back']]]);
});

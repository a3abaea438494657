import { expect, it } from 'vitest';
import { writeSafetensors } from '../../../tests/readers/safetensors.ts';
import { halvesToFloats } from './half.ts';
import { openSafetensors } from './safetensors.ts';
import { bytesOf } from './tensorFile.ts';

const stored = async (dtype: 'F16' | 'F32', values: readonly number[]) => {
  const plan = { name: 'conv1.weight', dtype, shape: [values.length], values: Float32Array.from(values) };
  const file = await openSafetensors(bytesOf('small.safetensors', writeSafetensors([plan])));
  return file.tensors.get('conv1.weight')!;
};

it('a tensor in half precision is read as the words that are stored, from any of them on', async () => {
  const values = [1, -2.5, 65_504, 2 ** -24, -0, 0.333251953125, 7];
  const tensor = await stored('F16', values);
  expect([...halvesToFloats(await tensor.readHalves!(0, 7))]).toEqual(values);
  expect([...halvesToFloats(await tensor.readHalves!(3, 3))]).toEqual(values.slice(3, 6));
});

it('a tensor in another precision has no such words', async () => {
  expect((await stored('F32', [1])).readHalves).toBeUndefined();
});

it.each([
  ['NaN', NaN],
  ['Infinity', Infinity],
])('%s among them is refused, with its tensor and place', async (_, value) => {
  const tensor = await stored('F16', [1, 2, 3, value]);
  const error = await tensor.readHalves!(2, 2).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'weights-corrupt', details: { tensor: 'conv1.weight' } });
  await expect(tensor.read(2, 2)).rejects.toThrow((error as Error).message);
});

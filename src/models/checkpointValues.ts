import type { ParameterRecipe } from './checkpoint.ts';
import { elements } from './shape.ts';

/** A tensor of a file as far as values are read from it: `count` numbers from number `first` on, row-major. */
export interface ReadableTensor {
  readonly shape: readonly number[];
  read(first?: number, count?: number): Promise<Float32Array<ArrayBuffer>>;
}
export interface ReadableTensors {
  readonly tensors: ReadonlyMap<string, ReadableTensor>;
}

/** Numbers that a transposed tensor is read by at a time: 16 MB. */
const blockNumbers = 2 ** 22;

/**
 * A parameter's values in the network's layout, or `rows` of its first axis only (filters, units), so that a layer that
 * is kept in parts is read in parts. Beside the result, a transposed tensor takes 16 MB while it is read.
 */
export async function readParameter(
  { shape, from }: ParameterRecipe,
  file: ReadableTensors,
  rows: { readonly first: number; readonly count: number } = { first: 0, count: shape[0] ?? 1 },
): Promise<Float32Array<ArrayBuffer>> {
  const rowNumbers = elements(shape.slice(1));
  const first = rows.first * rowNumbers;
  const count = rows.count * rowNumbers;
  if ('tensor' in from) {
    const tensor = file.tensors.get(from.tensor)!;
    if (from.layout === 'transposed') return readTransposed(tensor, rows);
    return tensor.read(first, count);
  }
  const values = new Float32Array(count);
  for (const { factor, of } of from.sum) {
    const term = new Float32Array(count).fill(factor);
    for (const name of of) {
      const numbers = await file.tensors.get(name)!.read(first, count);
      for (let i = 0; i < count; i++) term[i]! *= numbers[i]!;
    }
    for (let i = 0; i < count; i++) values[i]! += term[i]!;
  }
  return values;
}

/** Rows of the transpose of an `[inputs, units]` tensor: some of its columns. */
async function readTransposed(
  tensor: ReadableTensor,
  { first, count }: { readonly first: number; readonly count: number },
): Promise<Float32Array<ArrayBuffer>> {
  const [inputs, units] = tensor.shape as readonly [number, number];
  const values = new Float32Array(count * inputs);
  const perBlock = Math.max(1, Math.floor(blockNumbers / units));
  for (let row = 0; row < inputs; row += perBlock) {
    const numberOfRows = Math.min(perBlock, inputs - row);
    const block = await tensor.read(row * units, numberOfRows * units);
    for (let unit = 0; unit < count; unit++) {
      const to = unit * inputs + row;
      for (let i = 0; i < numberOfRows; i++) values[to + i] = block[i * units + first + unit]!;
    }
  }
  return values;
}

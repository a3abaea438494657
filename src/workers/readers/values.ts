import { elements } from '../../models/shape.ts';
import { bytesPerElement, decodeElements, type ElementType } from './elements.ts';
import { notFinite } from './failures.ts';
import { halvesToFloats } from './half.ts';
import type { ByteSource, StoredTensor } from './tensorFile.ts';

/** Numbers that are read when they are asked for, and ways to make others of them: nothing here holds a whole tensor. */

type Floats = Float32Array<ArrayBuffer>;

export interface Values {
  readonly count: number;
  /** `count` values from number `first` on, new; the range lies within. */
  read(first: number, count: number): Promise<Floats>;
}

/** Values that are decoded at a time: 4 MB of float32. */
const piece = 2 ** 20;

/** Whether all sizes and their product are numbers that an index can have; zero sizes are. */
export const isShape = (shape: readonly unknown[]): shape is readonly number[] =>
  shape.length <= 32 &&
  shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0) &&
  Number.isSafeInteger(elements(shape as readonly number[]));

/** The row-major steps of a shape, in elements. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/** A tensor over values; `read` checks the range asked for and that every value is a finite number. */
export function storedTensor(
  file: string,
  name: string,
  dtype: string,
  shape: readonly number[],
  values: Values,
): StoredTensor {
  const size = elements(shape);
  return {
    name,
    dtype,
    shape,
    read: async (first = 0, count = size - first) => {
      if (!(first >= 0 && count >= 0 && first + count <= size)) {
        throw new RangeError(`${name} has ${size} values; ${count} from ${first} were asked for`);
      }
      const floats = count === 0 ? new Float32Array(0) : await values.read(first, count);
      for (let i = 0; i < floats.length; i++) {
        // A number minus itself is 0 unless it is infinite or NaN: one comparison for both.
        if (floats[i]! - floats[i]! !== 0) {
          throw notFinite(file, name, first + i, floats[i]!);
        }
      }
      return floats;
    },
  };
}

/** `count` values that lie one after another in a file from byte `start` on. */
export function fileValues(
  source: ByteSource,
  type: ElementType,
  start: number,
  count: number,
  bigEndian = false,
): Values {
  const size = bytesPerElement[type];
  const read = async (first: number, n: number) =>
    decodeElements(type, await source.read(start + first * size, start + (first + n) * size), bigEndian);
  // F32 is used where it was read; the others go through pieces, so that no large tensor is in memory twice.
  return { count, read: type === 'F32' ? read : (first, n) => inPieces(first, n, read) };
}

/** Words of half precision that lie in a file from byte `start` on. Throws 'weights-corrupt' for one that is not finite. */
export function fileHalves(source: ByteSource, name: string, start: number): StoredTensor['readHalves'] {
  return async (first, count) => {
    const bytes = await source.read(start + first * 2, start + (first + count) * 2);
    const words = new Uint16Array(bytes.byteOffset === 0 ? bytes.buffer : bytes.slice().buffer, 0, count);
    for (let i = 0; i < count; i++) {
      if ((words[i]! & 0x7c00) !== 0x7c00) continue;
      throw notFinite(source.name, name, first + i, halvesToFloats(words.subarray(i, i + 1))[0]!);
    }
    return words;
  };
}

async function inPieces(first: number, count: number, read: Values['read']): Promise<Floats> {
  if (count <= piece) return read(first, count);
  const out = new Float32Array(count);
  for (let done = 0; done < count; done += piece) {
    out.set(await read(first + done, Math.min(piece, count - done)), done);
  }
  return out;
}

/** One number everywhere. */
export function sameValues(value: number, count: number): Values {
  return { count, read: async (_first, n) => new Float32Array(n).fill(value) };
}

/** Numbers that are at hand. */
export function heldValues(floats: Float32Array): Values {
  return { count: floats.length, read: async (first, n) => floats.slice(first, first + n) as Floats };
}

/**
 * Values of `base` in another order: element (i, j, ...) is number `offset` + i * strides[0] + j * strides[1] + ...
 * No stride is negative, and the last element lies within `base`.
 */
export function stridedValues(
  base: Values,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): Values {
  const count = elements(shape);
  const dense = stridesOf(shape);
  if (count === 0 || shape.every((size, axis) => size === 1 || strides[axis] === dense[axis])) {
    return { count, read: (first, n) => base.read(offset + first, n) };
  }
  return { count, read: (first, n) => gather(base, shape, strides, offset, first, n) };
}

/** How far the last element of a view lies from its first. */
export const reach = (shape: readonly number[], strides: readonly number[]): number =>
  shape.reduce((far, size, axis) => far + (size - 1) * strides[axis]!, 0);

/**
 * Reads what the asked rows (slices of the first axis) span in `base`, in pieces, and takes from each what belongs to
 * them. Rows that lie together (channels last) are taken a few at a time; a transposed matrix is passed once a call.
 */
async function gather(
  base: Values,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  first: number,
  count: number,
): Promise<Floats> {
  const out = new Float32Array(count);
  const [, ...inner] = shape;
  const [step = 0, ...innerStrides] = strides;
  const rowSize = elements(inner);
  const rowReach = reach(inner, innerStrides);
  const lastRow = Math.floor((first + count - 1) / rowSize);
  const together = rowReach < 2 * rowSize ? Math.max(1, Math.floor(piece / rowSize)) : lastRow + 1;
  for (let row = Math.floor(first / rowSize); row <= lastRow; row += together) {
    const rows = Math.min(together, lastRow - row + 1);
    const begin = offset + row * step;
    const end = begin + (rows - 1) * step + rowReach + 1;
    for (let at = begin; at < end; at += piece) {
      const held = await base.read(at, Math.min(piece, end - at));
      const from = Math.max(first, row * rowSize);
      const to = Math.min(first + count, (row + rows) * rowSize);
      takeFrom(held, at, { shape, strides, offset }, from, to, out, first);
    }
  }
  return out;
}

interface View {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Puts those of the view's elements `from` to `to` that lie in `held` (which begins at `at`) into `out`. */
function takeFrom(
  held: Floats,
  at: number,
  { shape, strides, offset }: View,
  from: number,
  to: number,
  out: Floats,
  outFirst: number,
): void {
  const line = shape[shape.length - 1]!;
  const step = strides[strides.length - 1]!;
  for (let lineFirst = from - (from % line); lineFirst < to; lineFirst += line) {
    const begin = offset + placeOf(lineFirst / line, shape, strides);
    // The part of this line (last axis) that is asked for and lies in `held`: bounds instead of a test an element.
    let low = Math.max(0, from - lineFirst);
    let high = Math.min(line, to - lineFirst);
    if (step > 0) {
      low = Math.max(low, Math.ceil((at - begin) / step));
      high = Math.min(high, Math.ceil((at + held.length - begin) / step));
    } else if (begin < at || begin >= at + held.length) continue;
    for (let j = low; j < high; j++) out[lineFirst + j - outFirst] = held[begin + j * step - at]!;
  }
}

/** Where line number `index` (counted over all axes but the last) begins. */
function placeOf(index: number, shape: readonly number[], strides: readonly number[]): number {
  let place = 0;
  let rest = index;
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    const size = shape[axis]!;
    place += (rest % size) * strides[axis]!;
    rest = Math.floor(rest / size);
  }
  return place;
}

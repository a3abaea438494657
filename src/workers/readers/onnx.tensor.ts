import { elements } from '../../models/shape.ts';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { bytesPerElement, decodeElements, type ElementType } from './elements.ts';
import { corrupt, unreadable } from './failures.ts';
import { orCorrupt } from './source.ts';
import { fileValues, isShape, type Values } from './values.ts';
import type { Field, Range, Wire } from './onnx.wire.ts';

/** TensorProto (onnx.proto): numbers in one of several fields, by their type and by who wrote the file. */

/** A tensor whose place is known. */
export interface Constant {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** null: of a type that holds no numbers, or eight-bit floats. */
  readonly values: Values | null;
  /** The numbers of a short list of whole numbers (a shape, axes), exactly. */
  readonly longs?: () => Promise<readonly number[]>;
  /** What has been done to the stored numbers: each is done once, so that reading stays a matter of one pass. */
  readonly turned?: boolean;
  readonly scaled?: boolean;
}

/** TensorProto.DataType. */
export const elementTypes: Readonly<Record<number, ElementType>> = {
  1: 'F32',
  2: 'U8',
  3: 'I8',
  4: 'U16',
  5: 'I16',
  6: 'I32',
  7: 'I64',
  9: 'BOOL',
  10: 'F16',
  11: 'F64',
  12: 'U32',
  13: 'U64',
  16: 'BF16',
};

type Holder = 'raw' | 'float' | 'int32' | 'int64' | 'double' | 'uint64';

/** Which field holds numbers of a type where `raw_data` does not. */
const holders: Readonly<Record<ElementType, Holder>> = {
  F32: 'float',
  F64: 'double',
  I64: 'int64',
  U32: 'uint64',
  U64: 'uint64',
  I32: 'int32',
  I16: 'int32',
  I8: 'int32',
  U16: 'int32',
  U8: 'int32',
  BOOL: 'int32',
  F16: 'int32',
  BF16: 'int32',
};

/** Shapes and axes; what is longer is no such list. */
const longestList = 64;

/** Reads where a TensorProto's numbers lie. Throws 'weights-format' for data in another file. */
export async function readTensor(
  wire: Wire,
  message: Range,
): Promise<{ readonly name: string; readonly constant: Constant }> {
  const { file } = wire;
  let name = '';
  let type = 0;
  const dims: number[] = [];
  const held = new Map<Holder, Field>();
  const hold = (holder: Holder) => (field: Field) => {
    if (held.has(holder) || field.wire !== 'bytes') {
      throw unreadable(file, 'part', `has a tensor (${name}) whose numbers are in pieces`, onceMore);
    }
    held.set(holder, field);
  };
  let external = false;
  await wire.message(message, {
    1: async (field) => {
      const sizes = await wire.numbers(field);
      if (dims.length + sizes.length > longestList) throw corrupt(file, `a tensor has ${sizes.length} axes`);
      dims.push(...sizes);
    },
    2: async (field) => void (type = await wire.number(field)),
    3: () => {
      throw unreadable(file, 'part', `has a tensor (${name}) in segments`, onceMore);
    },
    4: hold('float'),
    5: hold('int32'),
    7: hold('int64'),
    8: async (field) => void (name = await wire.text(field)),
    9: hold('raw'),
    10: hold('double'),
    11: hold('uint64'),
    13: () => void (external = true),
    14: async (field) => void (external ||= (await wire.number(field)) === 1),
  });
  if (external) {
    throw unreadable(
      file,
      'external-data',
      `keeps its weights in another file (external data: ${name})`,
      'Put them into one: `onnx.save(onnx.load("model.onnx"), "whole.onnx")` in Python, or export with ' +
        '`torch.onnx.export(..., external_data=False)`.',
    );
  }
  if (!isShape(dims)) throw corrupt(file, `the tensor ${name} has no valid shape`);
  return { name, constant: constantOf(wire, name, type, dims, held) };
}

const onceMore = 'Load and save it again: `onnx.save(onnx.load("model.onnx"), "again.onnx")` in Python.';

function constantOf(
  wire: Wire,
  name: string,
  type: number,
  shape: readonly number[],
  held: ReadonlyMap<Holder, Field>,
): Constant {
  const element = elementTypes[type];
  if (element === undefined) return { dtype: `ONNX type ${type}`, shape, values: null };
  const count = elements(shape);
  const raw = held.get('raw');
  const holder: Holder = raw ? 'raw' : holders[element];
  const field = raw ?? held.get(holder);
  if (!field) {
    if (count > 0) throw corrupt(wire.file, `the tensor ${name} has no numbers`);
    return { dtype: element, shape, values: { count: 0, read: async () => new Float32Array(0) } };
  }
  const fixed = holder === 'raw' || holder === 'float' || holder === 'double';
  const bytes = field.end - field.start;
  const needed = count * bytesPerElement[element];
  // Packed numbers of variable length take one to ten bytes each; how many there are shows when they are read.
  if (fixed ? bytes !== needed : bytes < count || bytes > count * 10) {
    const size = `${bytes} bytes for the ${count} numbers of type ${element}`;
    throw corrupt(wire.file, `the tensor ${name} of shape [${shape.join(', ')}] has ${size}`);
  }
  const values = fixed
    ? fileValues(wire.source, element, field.start, count)
    : packedValues(wire, name, element, field, count);
  const isList = (element === 'I64' || element === 'I32') && count <= longestList;
  return {
    dtype: element,
    shape,
    values,
    ...(isList && { longs: () => readLongs(wire, field, fixed, element) }),
  };
}

async function readLongs(
  wire: Wire,
  field: Field,
  fixed: boolean,
  element: 'I64' | 'I32',
): Promise<readonly number[]> {
  if (!fixed) return wire.numbers({ ...field, wire: 'bytes' });
  const { buffer } = (await wire.bytes(field)).slice();
  return element === 'I32' ? [...new Int32Array(buffer)] : Array.from(new BigInt64Array(buffer), Number);
}

/** Bytes of packed numbers that are decoded at a time. */
const packedChunk = 2 ** 20;

/**
 * Numbers of variable length: those before the first one asked for are passed over one by one, from where the last
 * reading ended if that is before it.
 */
function packedValues(wire: Wire, name: string, type: ElementType, field: Field, count: number): Values {
  const decode = wordsInto(type);
  let resume = { index: 0, at: field.start };
  const read = async (first: number, n: number) => {
    const out = new Float32Array(n);
    let { index, at } = resume.index <= first ? resume : { index: 0, at: field.start };
    while (at < field.end && index < first + n) {
      const end = Math.min(at + packedChunk, field.end);
      const reader = new BinaryReader(await wire.source.read(at, end));
      await orCorrupt(wire.file, `the numbers of ${name} cannot be read`, () => {
        // The last number of a chunk may go on in the next one.
        const sure = end === field.end ? reader.len : reader.len - 10;
        while (reader.pos < sure && index < first + n) {
          const word = reader.int64();
          if (index >= first) out[index - first] = decode(word);
          index++;
        }
      });
      at += reader.pos;
    }
    resume = { index, at };
    if (index < first + n) throw corrupt(wire.file, `the tensor ${name} has ${index} numbers, not ${count}`);
    if (index === count && at < field.end)
      throw corrupt(wire.file, `the tensor ${name} has over ${count} numbers`);
    return out;
  };
  return { count, read };
}

/** What numbers of a type can be; halves stand in int32_data as the 16 bits they are. */
const bounds: Readonly<Partial<Record<ElementType, readonly [number, number]>>> = {
  I32: [-(2 ** 31), 2 ** 31 - 1],
  U32: [0, 2 ** 32 - 1],
  I16: [-(2 ** 15), 2 ** 15 - 1],
  U16: [0, 2 ** 16 - 1],
  I8: [-128, 127],
  U8: [0, 255],
  BOOL: [0, 1],
  F16: [0, 2 ** 16 - 1],
  BF16: [0, 2 ** 16 - 1],
};

/** From a packed number to its value; a number that its type cannot have is damage, since parsers cut it differently. */
function wordsInto(type: ElementType): (word: bigint | string) => number {
  const [low, high] = bounds[type] ?? [-Infinity, Infinity];
  const isHalf = type === 'F16' || type === 'BF16';
  const bits = new Uint16Array(1);
  return (word) => {
    const n = Number(type === 'U64' ? BigInt.asUintN(64, BigInt(word)) : word);
    if (n < low || n > high) throw new RangeError(`${n} is no ${type}`);
    if (!isHalf) return n;
    bits[0] = n;
    return decodeElements(type, new Uint8Array(bits.buffer.slice(0)))[0]!;
  };
}

import { describe, expect, it } from 'vitest';
import { ConvScopeError, type ErrorCode } from '../../src/models/errors.ts';
import {
  bfloatsToFloats,
  floatsToBfloats,
  floatsToHalves,
  halvesToFloats,
} from '../../src/workers/readers/half.ts';
import { decodeTensor, readSafetensors, writeSafetensors } from './safetensors.ts';

const three = writeSafetensors(
  [
    { name: 'a.weight', dtype: 'F32', shape: [2, 2], values: new Float32Array([1, -2, 0.1, 3e-8]) },
    { name: 'a.bias', dtype: 'F16', shape: [3], values: new Float32Array([1, -0.5, 65_504]) },
    { name: 'b', dtype: 'BF16', shape: [], values: new Float32Array([-256]) },
  ],
  { format: 'pt' },
);

/** A file by hand: the header as text, then `dataBytes` zeros. */
function file(header: string | object, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 8);
  return bytes;
}

function failure(read: () => unknown): ConvScopeError {
  try {
    read();
  } catch (error) {
    if (error instanceof ConvScopeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const tensor = (dtype: string, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });

describe('a written file reads back', () => {
  const { tensors, metadata } = readSafetensors(three, 'three');

  it('with names, shapes, types and metadata', () => {
    expect([...tensors.values()].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['a.weight', 'F32', [2, 2]],
      ['a.bias', 'F16', [3]],
      ['b', 'BF16', []],
    ]);
    expect(metadata).toEqual({ format: 'pt' });
  });

  it('with its values', () => {
    const values = (name: string) => decodeTensor(tensors.get(name)!, 'three');
    expect(values('a.weight')).toEqual(new Float32Array([1, -2, 0.1, 3e-8]));
    expect(values('a.bias')).toEqual(new Float32Array([1, -0.5, 65_504]));
    expect(values('b')).toEqual(new Float32Array([-256]));
  });

  it('wherever its bytes lie in a buffer', () => {
    const shifted = new Uint8Array(three.length + 3);
    shifted.set(three, 3);
    const again = readSafetensors(shifted.subarray(3), 'shifted').tensors.get('a.bias')!;
    expect(decodeTensor(again, 'shifted')).toEqual(new Float32Array([1, -0.5, 65_504]));
  });

  it('with data that begins at a multiple of eight bytes, as other readers want it', () => {
    expect(new DataView(three.buffer).getUint32(0, true) % 8).toBe(0);
  });
});

describe('a truncated file', () => {
  it('is refused at every length, and never as another failure than one of the file', () => {
    for (let length = 0; length < three.length; length++) {
      const error = failure(() => readSafetensors(three.subarray(0, length), 'cut'));
      expect([length, error.code]).toEqual([length, 'weights-truncated']);
    }
  });

  it('says how many bytes it needs and which tensor is the first incomplete one', () => {
    const error = failure(() => readSafetensors(three.subarray(0, three.length - 1), 'cut.safetensors'));
    expect(error.message).toContain(`announces ${three.length} bytes, it has ${three.length - 1}, and b is`);
    expect(error.details).toEqual({
      file: 'cut.safetensors',
      expectedBytes: three.length,
      bytes: three.length - 1,
    });
  });
});

describe('a file that is no safetensors file or a damaged one', () => {
  const cases: readonly [string, Uint8Array, ErrorCode, string][] = [
    ['a picture', new TextEncoder().encode('\x89PNG\r\n\x1a\n........'), 'weights-format', 'does not begin'],
    ['a pickle', new Uint8Array([80, 75, 3, 4, 0, 0, 0, 0, 8, 8, 0, 0]), 'weights-format', 'does not begin'],
    [
      'an enormous header',
      new Uint8Array([0, 0, 0, 0, 1, 0, 0, 0, 0x7b]),
      'weights-format',
      'does not begin',
    ],
    ['a header that is not JSON', file('{"a": nonsense}', 0), 'weights-format', 'not valid JSON'],
    ['a header that is not UTF-8', file('{"a": 1}', 0).fill(0xff, 9, 12), 'weights-format', 'not valid JSON'],
    ['an unknown type', file({ a: tensor('F12', [1], [0, 4]) }, 4), 'weights-format', 'unknown type "F12"'],
    ['a negative size', file({ a: tensor('F32', [-1], [0, 4]) }, 4), 'weights-format', 'no valid shape'],
    ['no offsets', file({ a: { dtype: 'F32', shape: [1] } }, 4), 'weights-format', 'no valid data_offsets'],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }, 0), 'weights-format', '__metadata__'],
    [
      'a wrong size',
      file({ a: tensor('F32', [2], [0, 4]) }, 4),
      'weights-corrupt',
      'needs 8 bytes and is given 4',
    ],
    ['a gap', file({ a: tensor('F32', [1], [4, 8]) }, 8), 'weights-corrupt', 'leaves a gap'],
    [
      'an overlap',
      file({ a: tensor('F32', [2], [0, 8]), b: tensor('F32', [1], [4, 8]) }, 8),
      'weights-corrupt',
      'overlaps',
    ],
    ['bytes behind the end', file({ a: tensor('F32', [1], [0, 4]) }, 6), 'weights-corrupt', '2 bytes follow'],
  ];
  it.each(cases)('%s', (_name, bytes, code, words) => {
    const error = failure(() => readSafetensors(bytes, 'wrong.safetensors'));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.message).toContain('wrong.safetensors');
  });

  it('integers are not weights', () => {
    const { tensors } = readSafetensors(file({ n: tensor('I64', [], [0, 8]) }, 8), 'ints');
    expect(failure(() => decodeTensor(tensors.get('n')!, 'ints')).message).toContain('n is stored as I64');
  });

  it.each([NaN, Infinity, -Infinity])('%f among the values is damage', (value) => {
    for (const dtype of ['F32', 'F16', 'BF16'] as const) {
      const bytes = writeSafetensors([
        { name: 'w', dtype, shape: [2], values: new Float32Array([1, value]) },
      ]);
      const error = failure(() => decodeTensor(readSafetensors(bytes, 'f').tensors.get('w')!, 'f'));
      expect(error.code).toBe('weights-corrupt');
      expect(error.message).toContain('value 1 of w');
    }
  });
});

describe('half precision', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x0400, 2 ** -14],
    [0x03ff, 1023 * 2 ** -24],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
  ])('the word %i is %f', (word, value) => {
    expect(halvesToFloats(new Uint16Array([word]))[0]).toBe(value);
  });

  it('every finite word survives the way through float32 and back', () => {
    const words = new Uint16Array(65_536).map((_, i) => i).filter((word) => (word & 0x7c00) !== 0x7c00);
    expect(floatsToHalves(halvesToFloats(words))).toEqual(words);
  });

  it('halfway cases round to even, and too large ones to infinity', () => {
    const values = new Float32Array([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65_519, 65_520, 2 ** -25, 3 * 2 ** -25]);
    expect([...floatsToHalves(values)]).toEqual([0x3c00, 0x3c02, 0x7bff, 0x7c00, 0, 2]);
  });

  it('bfloat16 rounds to even too', () => {
    const values = new Float32Array([1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, -3.5]);
    expect([...bfloatsToFloats(floatsToBfloats(values))]).toEqual([1, 1, 1 + 2 ** -6, -3.5]);
  });
});

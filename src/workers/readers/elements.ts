import { bfloatsToFloats, halvesToFloats } from './half.ts';

/** The number types that weight files store, and their way into float32. */

export const bytesPerElement = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;
export type Dtype = keyof typeof bytesPerElement;

/** The types whose values can be read; eight-bit floats need scales that no format here keeps beside them. */
export type ElementType = Exclude<Dtype, 'F8_E4M3' | 'F8_E5M2'>;

type Bytes = Uint8Array<ArrayBuffer>;
type Floats = Float32Array<ArrayBuffer>;

const rows: Readonly<Record<ElementType, (buffer: ArrayBuffer) => Floats>> = {
  F64: (buffer) => new Float32Array(new Float64Array(buffer)),
  F32: (buffer) => new Float32Array(buffer),
  F16: (buffer) => halvesToFloats(new Uint16Array(buffer)),
  BF16: (buffer) => bfloatsToFloats(new Uint16Array(buffer)),
  I64: (buffer) => floatsOfLong(new BigInt64Array(buffer)),
  I32: (buffer) => new Float32Array(new Int32Array(buffer)),
  I16: (buffer) => new Float32Array(new Int16Array(buffer)),
  I8: (buffer) => new Float32Array(new Int8Array(buffer)),
  U64: (buffer) => floatsOfLong(new BigUint64Array(buffer)),
  U32: (buffer) => new Float32Array(new Uint32Array(buffer)),
  U16: (buffer) => new Float32Array(new Uint16Array(buffer)),
  U8: (buffer) => new Float32Array(new Uint8Array(buffer)),
  BOOL: (buffer) => new Float32Array(new Uint8Array(buffer)).map((word) => (word === 0 ? 0 : 1)),
};

function floatsOfLong(words: BigInt64Array | BigUint64Array): Floats {
  const out = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) out[i] = Number(words[i]!);
  return out;
}

/** Values of `bytes` as float32; for F32 that fill their buffer this is a view, without a copy. */
export function decodeElements(type: ElementType, bytes: Bytes, bigEndian = false): Floats {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  // A copy starts at offset 0, so that it is aligned for any element type.
  const own = whole ? bytes : bytes.slice();
  if (bigEndian) swap(own, bytesPerElement[type]);
  return rows[type](own.buffer);
}

/** Turns every element's bytes round, in place: typed arrays are little-endian on every machine that runs a browser. */
function swap(bytes: Bytes, size: number): void {
  if (size === 1) return;
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

import { elements } from '../../models/shape.ts';
import { bytesPerElement } from './elements.ts';
import { floatsToBfloats, floatsToHalves } from './half.ts';

/** Writing safetensors: the whole plan first, so that tensors can be written one at a time, each at its place. */

export type WrittenDtype = 'F32' | 'F16' | 'BF16';

export interface TensorPlan {
  readonly name: string;
  readonly dtype: WrittenDtype;
  readonly shape: readonly number[];
}

export interface SafetensorsPlan {
  /** The file's beginning: the header's length and the header, filled up with spaces to a multiple of 8 bytes. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** The byte of the file at which each tensor begins, in the order given. */
  readonly offsets: readonly number[];
  /** Of the whole file. */
  readonly bytes: number;
}

/** Where everything goes in a file of these tensors, in this order. Names must differ. */
export function safetensorsPlan(
  tensors: readonly TensorPlan[],
  metadata?: Readonly<Record<string, string>>,
): SafetensorsPlan {
  const entries = new Map<string, unknown>(metadata ? [['__metadata__', metadata]] : []);
  const starts: number[] = [];
  let position = 0;
  for (const { name, dtype, shape } of tensors) {
    if (entries.has(name) || name === '__metadata__') throw new Error(`two tensors are called ${name}`);
    const end = position + elements(shape) * bytesPerElement[dtype];
    entries.set(name, { dtype, shape, data_offsets: [position, end] });
    starts.push(position);
    position = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + headerBytes).fill(0x20, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(headerBytes), true);
  header.set(json, 8);
  return {
    header,
    offsets: starts.map((start) => header.length + start),
    bytes: header.length + position,
  };
}

/** Values as the file holds them; pieces of a tensor may be encoded one after another. */
export function encodeElements(values: Float32Array, dtype: WrittenDtype): Uint8Array<ArrayBuffer> {
  if (dtype === 'F32') return new Uint8Array(values.slice().buffer);
  const words = dtype === 'F16' ? floatsToHalves(values) : floatsToBfloats(values);
  return new Uint8Array(words.buffer);
}

import { tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { PictureInput } from '../../models/preprocess.ts';
import { Program, run } from './program.ts';

/**
 * The values that bytes stand for. `words` holds the bytes, four a word, and behind them the bits of the values of every
 * byte, 256 a channel: nothing is computed, so that the input is that of the other backends, bit by bit. One thread a value.
 */
export class FromBytes extends Program {
  constructor(output: number[]) {
    super('fromBytes', output, ['words'], {});
  }

  protected body(): string {
    return `
fn main(index : i32) {
  let channels = uniforms.outShape[3];
  let values = uniforms.outShape[1] * uniforms.outShape[2] * channels;
  if (index >= values) { return; }
  let byte = (words[index / 4] >> u32(8 * (index % 4))) & 255;
  let table = (values + 3) / 4;
  result[index] = bitcast<f32>(words[table + (index % channels) * 256 + byte]);
}`;
  }
}

/** Below this many values, 64 KB, a second step costs more than the bytes that it saves. */
const leastValues = 2 ** 14;

/** Uploads a picture as bytes; null for a small one. */
export const pictureFromBytes = (input: PictureInput): Tensor4D | null =>
  input.bytes.length < leastValues ? null : fromBytes(input);

/** The values of a picture of any size, from its bytes. */
export function fromBytes({
  shape,
  bytes,
  table,
}: Pick<PictureInput, 'shape' | 'bytes' | 'table'>): Tensor4D {
  const words = new Int32Array(Math.ceil(bytes.length / 4) + table.length);
  new Uint8Array(words.buffer).set(bytes);
  words.set(new Int32Array(table.buffer), words.length - table.length);
  const uploaded = tensor1d(words, 'int32');
  try {
    return run(new FromBytes([1, ...shape]), [uploaded], 'float32');
  } finally {
    uploaded.dispose();
  }
}

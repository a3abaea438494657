import { ConvScopeError } from '../../src/models/errors.ts';
import { elements } from '../../src/models/shape.ts';
import {
  bytesPerElement,
  decodeElements,
  type Dtype,
  type ElementType,
} from '../../src/workers/readers/elements.ts';
import { notFinite } from '../../src/workers/readers/failures.ts';
import { headerLength, readDirectory } from '../../src/workers/readers/safetensors.ts';
import {
  encodeElements,
  safetensorsPlan,
  type TensorPlan,
} from '../../src/workers/readers/safetensors.write.ts';

/** Safetensors files that are in memory as a whole; see src/workers/readers for files that are read piece by piece. */

export type { Dtype };

/** One tensor of a file: its bytes are a view, decoded by `decodeTensor` when they are needed. */
export interface FileTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, FileTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a file's header and checks every tensor's place in it. `file` is the name for the messages.
 * Throws 'weights-truncated' (too short), 'weights-format' (another format) or 'weights-corrupt' (offsets that
 * overlap, leave gaps, or do not agree with shape and type).
 */
export function readSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const headerBytes = headerLength(bytes.subarray(0, 9), bytes.length, file);
  const { placed, metadata } = readDirectory(bytes.subarray(8, 8 + headerBytes), bytes.length, file);
  const tensors = new Map<string, FileTensor>();
  for (const { name, dtype, shape, start, end } of placed) {
    tensors.set(name, { name, dtype, shape, bytes: bytes.subarray(start, end) });
  }
  return { tensors, metadata };
}

const weightTypes: ReadonlySet<Dtype> = new Set<Dtype>(['F32', 'F16', 'BF16']);

/**
 * A tensor's values as new float32 numbers. Throws 'weights-format' for a type that is not F32, F16 or BF16 and
 * 'weights-corrupt' where a value is not a finite number.
 */
export function decodeTensor(tensor: FileTensor, file: string): Float32Array<ArrayBuffer> {
  const { name, dtype, bytes } = tensor;
  if (!weightTypes.has(dtype)) {
    throw new ConvScopeError(
      'weights-format',
      `${file} is not a safetensors file that can be read: the tensor ${name} is stored as ${dtype}. ` +
        'Save the weights with `safetensors.torch.save_file(model.state_dict(), ...)` in F32, F16 or BF16.',
      { file },
    );
  }
  const values = decodeElements(dtype as ElementType, bytes.slice() as Uint8Array<ArrayBuffer>);
  for (let i = 0; i < values.length; i++) {
    // A number minus itself is 0 unless it is infinite or NaN: one comparison for both.
    if (values[i]! - values[i]! !== 0) throw notFinite(file, name, i, values[i]!);
  }
  return values;
}

export interface TensorToWrite extends TensorPlan {
  readonly values: Float32Array;
}

/** Writes a file that `readSafetensors` and Python's `safetensors` read; the data starts at a multiple of 8 bytes. */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const { header, offsets, bytes } = safetensorsPlan(tensors, metadata);
  const out = new Uint8Array(bytes);
  out.set(header);
  tensors.forEach(({ dtype, shape, values }, i) => {
    const size = elements(shape) * bytesPerElement[dtype];
    const encoded = encodeElements(values, dtype);
    if (encoded.length !== size) throw new Error(`${encoded.length} bytes for ${size}`);
    out.set(encoded, offsets[i]);
  });
  return out;
}

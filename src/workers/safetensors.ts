import { ConvScopeError } from '../models/errors.ts';
import { bfloatsToFloats, floatsToBfloats, floatsToHalves, halvesToFloats } from './safetensors.half.ts';

/**
 * A strict reader of the safetensors format (github.com/huggingface/safetensors, "Format"): eight bytes of header
 * length, a JSON header, then the tensors without a gap. Nothing is executed and nothing is guessed.
 */

const bytesPerElement = {
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

/** The format's own bound on the header, so that a wrong first byte does not ask for gigabytes. */
const maximalHeaderBytes = 100_000_000;
const bigFiles = 'Get the file again from where it came, and compare its size.';

function truncated(file: string, message: string, expectedBytes: number, bytes: number): ConvScopeError {
  return new ConvScopeError('weights-truncated', `${file} ends too early: ${message}. ${bigFiles}`, {
    file,
    expectedBytes,
    bytes,
  });
}

function notTheFormat(file: string, message: string): ConvScopeError {
  return new ConvScopeError(
    'weights-format',
    `${file} is not a safetensors file that can be read: ${message}. ` +
      'Save the weights with `safetensors.torch.save_file(model.state_dict(), ...)` in F32, F16 or BF16.',
    { file },
  );
}

function corrupt(file: string, message: string): ConvScopeError {
  return new ConvScopeError('weights-corrupt', `${file} is damaged: ${message}. ${bigFiles}`, { file });
}

/**
 * Reads a file's header and checks every tensor's place in it. `file` is the name for the messages.
 * Throws 'weights-truncated' (too short), 'weights-format' (another format) or 'weights-corrupt' (offsets that
 * overlap, leave gaps, or do not agree with shape and type).
 */
export function readSafetensors(bytes: Uint8Array, file: string): TensorFile {
  if (bytes.length === 0) throw truncated(file, 'it is empty', 8, 0);
  if (bytes.length < 8) {
    throw truncated(
      file,
      `it has ${bytes.length} bytes and the header's length alone takes 8`,
      8,
      bytes.length,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  const looksLikeOne = bytes.length === 8 || bytes[8] === 0x7b;
  if (headerBytes > maximalHeaderBytes || headerBytes < 2 || !looksLikeOne) {
    throw notTheFormat(file, 'it does not begin with a header length and a JSON object');
  }
  const dataStart = 8 + headerBytes;
  if (bytes.length < dataStart) {
    throw truncated(
      file,
      `its header needs ${dataStart} bytes, it has ${bytes.length}`,
      dataStart,
      bytes.length,
    );
  }
  const header = parseHeader(bytes.subarray(8, dataStart), file);
  const metadata = readMetadata(header['__metadata__'], file);
  const placed = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readEntry(name, entry, file))
    .sort((a, b) => a.start - b.start || a.end - b.end);

  let position = 0;
  for (const { name, start, end } of placed) {
    if (start !== position) {
      const what = start > position ? 'leaves a gap before it' : 'overlaps the tensor before it';
      throw corrupt(file, `${name} begins at byte ${start} of the data, which ${what} (${position})`);
    }
    position = end;
  }
  const expected = dataStart + position;
  if (bytes.length < expected) {
    const last = placed.find(({ end }) => dataStart + end > bytes.length)?.name ?? '';
    throw truncated(
      file,
      `its header announces ${expected} bytes, it has ${bytes.length}, and ${last} is the first incomplete tensor`,
      expected,
      bytes.length,
    );
  }
  if (bytes.length > expected) {
    throw corrupt(file, `${bytes.length - expected} bytes follow after the last tensor`);
  }
  const tensors = new Map<string, FileTensor>();
  for (const { name, dtype, shape, start, end } of placed) {
    tensors.set(name, { name, dtype, shape, bytes: bytes.subarray(dataStart + start, dataStart + end) });
  }
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw notTheFormat(file, 'its header is not valid JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw notTheFormat(file, 'its header is not a JSON object');
  }
  return parsed as Record<string, unknown>;
}

function readMetadata(value: unknown, file: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : null;
  if (!entries || entries.some(([, text]) => typeof text !== 'string')) {
    throw notTheFormat(file, 'its __metadata__ is not a map from text to text');
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

const isCount = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;

function readEntry(name: string, value: unknown, file: string) {
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !(dtype in bytesPerElement)) {
    throw notTheFormat(file, `the tensor ${name} has the unknown type ${JSON.stringify(dtype)}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw notTheFormat(file, `the tensor ${name} has no valid shape`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw notTheFormat(file, `the tensor ${name} has no valid data_offsets`);
  }
  const [start, end] = offsets as [number, number];
  const elements = shape.reduce((product: number, n: number) => product * n, 1);
  const needed = elements * bytesPerElement[dtype as Dtype];
  if (end - start !== needed) {
    throw corrupt(
      file,
      `the tensor ${name} of shape [${shape.join(', ')}] in ${dtype} needs ${needed} bytes and is given ${end - start}`,
    );
  }
  return { name, dtype: dtype as Dtype, shape: shape as number[], start, end };
}

/**
 * A tensor's values as new float32 numbers. Throws 'weights-format' for a type that is not F32, F16 or BF16 and
 * 'weights-corrupt' where a value is not a finite number.
 */
export function decodeTensor(tensor: FileTensor, file: string): Float32Array<ArrayBuffer> {
  const values = decode(tensor);
  if (!values) {
    throw notTheFormat(file, `the tensor ${tensor.name} is stored as ${tensor.dtype}`);
  }
  for (let i = 0; i < values.length; i++) {
    // A number minus itself is 0 unless it is infinite or NaN: one comparison for both.
    if (values[i]! - values[i]! !== 0) {
      throw corrupt(file, `value ${i} of ${tensor.name} is ${values[i]}`);
    }
  }
  return values;
}

function decode({ dtype, bytes }: FileTensor): Float32Array<ArrayBuffer> | null {
  // A copy starts at offset 0, so that it is aligned for any element type, wherever the header ended.
  const aligned = bytes.slice().buffer;
  if (dtype === 'F32') return new Float32Array(aligned);
  if (dtype === 'F16') return halvesToFloats(new Uint16Array(aligned));
  if (dtype === 'BF16') return bfloatsToFloats(new Uint16Array(aligned));
  return null;
}

export interface TensorToWrite {
  readonly name: string;
  readonly dtype: 'F32' | 'F16' | 'BF16';
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Writes a file that `readSafetensors` and Python's `safetensors` read; the data starts at a multiple of 8 bytes. */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const { name, dtype, shape, values } of tensors) {
    const bytes = encode(values, dtype);
    header[name] = { dtype, shape, data_offsets: [position, position + bytes.length] };
    parts.push(bytes);
    position += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerBytes + position).fill(0x20, 8, 8 + headerBytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerBytes), true);
  out.set(json, 8);
  let at = 8 + headerBytes;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function encode(values: Float32Array, dtype: TensorToWrite['dtype']): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.slice().buffer);
  const words = dtype === 'F16' ? floatsToHalves(values) : floatsToBfloats(values);
  return new Uint8Array(words.buffer);
}

import { clipped, ConvScopeError } from '../../models/errors.ts';
import { elements } from '../../models/shape.ts';
import { bytesPerElement, type Dtype } from './elements.ts';
import { corrupt, saveAgain, truncated, unreadable } from './failures.ts';
import type { ByteSource, StoredTensor, TensorFile } from './tensorFile.ts';
import { fileHalves, fileValues, isShape, storedTensor } from './values.ts';

/**
 * A strict reader of the safetensors format (github.com/huggingface/safetensors, "Format"): eight bytes of header
 * length, a JSON header, then the tensors without a gap. Nothing is executed and nothing is guessed.
 */

/**
 * A wrong first byte must not ask for gigabytes. The format's own bound is 100 MB; a header here takes about 100 bytes a
 * tensor, and JSON can take ten times its size in memory.
 */
const maximalHeaderBytes = 25_000_000;

function notTheFormat(file: string, message: string): ConvScopeError {
  return new ConvScopeError(
    'weights-format',
    `${file} is not a safetensors file that can be read: ${clipped(message, 500)}. ` +
      'Save the weights with `safetensors.torch.save_file(model.state_dict(), ...)` in F32, F16 or BF16.',
    { file },
  );
}

/** One tensor's place: bytes `start` to `end` of the file. */
export interface Placed {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface Directory {
  readonly placed: readonly Placed[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * How long the header is, from the file's first nine bytes (fewer where the file has fewer).
 * Throws 'weights-truncated' or 'weights-format'.
 */
export function headerLength(head: Uint8Array, fileSize: number, file: string): number {
  if (fileSize === 0) throw truncated(file, 'it is empty', 0, 8);
  if (fileSize < 8) {
    throw truncated(file, `it has ${fileSize} bytes and the header's length alone takes 8`, fileSize, 8);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const headerBytes = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  const looksLikeOne = fileSize === 8 || head[8] === 0x7b;
  if (headerBytes > maximalHeaderBytes || headerBytes < 2 || !looksLikeOne) {
    throw notTheFormat(file, 'it does not begin with a header length and a JSON object');
  }
  const dataStart = 8 + headerBytes;
  if (fileSize < dataStart) {
    throw truncated(file, `its header needs ${dataStart} bytes, it has ${fileSize}`, fileSize, dataStart);
  }
  return headerBytes;
}

/**
 * Checks every tensor's place in a file of `fileSize` bytes by its header (the JSON, without its length).
 * Throws 'weights-truncated' (too short), 'weights-format' (another format) or 'weights-corrupt' (offsets that
 * overlap, leave gaps, or do not agree with shape and type).
 */
export function readDirectory(headerJson: Uint8Array, fileSize: number, file: string): Directory {
  const header = parseHeader(headerJson, file);
  const metadata = readMetadata(header['__metadata__'], file);
  const dataStart = 8 + headerJson.length;
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readEntry(name, entry, file))
    .sort((a, b) => a.start - b.start || a.end - b.end);

  let position = 0;
  for (const { name, start, end } of entries) {
    if (start !== position) {
      const what = start > position ? 'leaves a gap before it' : 'overlaps the tensor before it';
      throw corrupt(file, `${name} begins at byte ${start} of the data, which ${what} (${position})`);
    }
    position = end;
  }
  const expected = dataStart + position;
  if (fileSize < expected) {
    const last = entries.find(({ end }) => dataStart + end > fileSize)?.name ?? '';
    throw truncated(
      file,
      `its header announces ${expected} bytes, it has ${fileSize}, and ${last} is the first incomplete tensor`,
      fileSize,
      expected,
    );
  }
  if (fileSize > expected) {
    throw corrupt(file, `${fileSize - expected} bytes follow after the last tensor`);
  }
  const placed = entries.map((entry) => ({
    ...entry,
    start: dataStart + entry.start,
    end: dataStart + entry.end,
  }));
  return { placed, metadata };
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

function readEntry(name: string, value: unknown, file: string): Placed {
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesPerElement, dtype)) {
    const type = typeof dtype === 'string' ? `"${dtype}"` : 'of no name';
    throw notTheFormat(file, `the tensor ${name} has the unknown type ${type}`);
  }
  if (!Array.isArray(shape) || !isShape(shape)) {
    throw notTheFormat(file, `the tensor ${name} has no valid shape`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw notTheFormat(file, `the tensor ${name} has no valid data_offsets`);
  }
  const [start, end] = offsets as [number, number];
  const needed = elements(shape) * bytesPerElement[dtype as Dtype];
  if (end - start !== needed) {
    throw corrupt(
      file,
      `the tensor ${name} of shape [${shape.join(', ')}] in ${dtype} needs ${needed} bytes and is given ${end - start}`,
    );
  }
  return { name, dtype: dtype as Dtype, shape, start, end };
}

/** Opens a safetensors file: only its header is read. Throws as `headerLength` and `readDirectory` do. */
export async function openSafetensors(source: ByteSource): Promise<TensorFile> {
  const { name: file, size } = source;
  const headerBytes = headerLength(await source.read(0, Math.min(9, size)), size, file);
  const { placed, metadata } = readDirectory(await source.read(8, 8 + headerBytes), size, file);
  const tensors = new Map(placed.map((entry) => [entry.name, tensorAt(entry, source)]));
  return { name: file, format: 'safetensors', bytes: size, tensors, metadata };
}

function tensorAt({ name, dtype, shape, start, end }: Placed, source: ByteSource): StoredTensor {
  if (dtype === 'F8_E4M3' || dtype === 'F8_E5M2') {
    const refuse = async () => {
      const what = `stores ${name} as ${dtype}, eight-bit floats that this reader does not take`;
      throw unreadable(source.name, 'part', what, saveAgain, { tensor: name });
    };
    return { name, dtype, shape, read: refuse };
  }
  const count = (end - start) / bytesPerElement[dtype];
  const tensor = storedTensor(source.name, name, dtype, shape, fileValues(source, dtype, start, count));
  return dtype === 'F16' ? { ...tensor, readHalves: fileHalves(source, name, start) } : tensor;
}

import type { ConvScopeError } from '../../models/errors.ts';
import { saveAgain, truncated, unreadable, type Found } from './failures.ts';

/** What a file is, by its first bytes. */

const startsWith = (head: Uint8Array, mark: readonly number[] | string, at = 0): boolean => {
  const bytes = typeof mark === 'string' ? [...mark].map((c) => c.charCodeAt(0)) : mark;
  return head.length >= at + bytes.length && bytes.every((byte, i) => head[at + i] === byte);
};

export const seemsZip = (head: Uint8Array): boolean =>
  startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06');

/** A header length that is possible, and a brace behind it. */
export function seemsSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  // An announced length over the file's size is a file that did not arrive whole; over 2^40 it is no length.
  return size >= 9 && view.getUint32(4, true) < 256;
}

/** The magic number 0x1950a86a20f9469cfc6c as a pickle writes it (LONG1), behind the protocol and perhaps a frame. */
const magic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

export const seemsLegacyPytorch = (head: Uint8Array): boolean =>
  head[0] === 0x80 && (startsWith(head, magic, 2) || startsWith(head, magic, 11));

/** An ONNX model is a protobuf message whose first field is its version (field 1, a number below 128). */
export const seemsOnnx = (head: Uint8Array): boolean =>
  head[0] === 0x08 && head.length > 3 && head[1]! < 0x80 && (head[2]! & 7) < 6;

interface Kind {
  readonly mark: readonly number[] | string;
  readonly at?: number;
  readonly found: Found;
  readonly what: string;
  readonly wayOut: string;
}

const unpack = 'Unpack it first.';
const asOnnx = 'Load it in Python with its own framework, and export it as ONNX.';
const picture = 'Choose the weight file, or drop it where pictures go.';
const numpy =
  'Save the arrays as safetensors: `safetensors.numpy.save_file(dict(numpy.load(...)), "weights.safetensors")`.';

const kinds: readonly Kind[] = [
  { mark: [0x1f, 0x8b], found: 'archive', what: 'is packed with gzip', wayOut: unpack },
  { mark: [0x28, 0xb5, 0x2f, 0xfd], found: 'archive', what: 'is packed with zstd', wayOut: unpack },
  { mark: [0xfd, 0x37, 0x7a, 0x58, 0x5a], found: 'archive', what: 'is packed with xz', wayOut: unpack },
  { mark: 'BZh', found: 'archive', what: 'is packed with bzip2', wayOut: unpack },
  { mark: [0x37, 0x7a, 0xbc, 0xaf], found: 'archive', what: 'is a 7z archive', wayOut: unpack },
  { mark: 'Rar!', found: 'archive', what: 'is a RAR archive', wayOut: unpack },
  {
    mark: 'ustar',
    at: 257,
    found: 'archive',
    what: 'is a tar archive, as PyTorch wrote them before version 0.1.10 or somebody packed it',
    wayOut: `Unpack it, or load it in an old PyTorch and save it again. ${saveAgain}`,
  },
  {
    mark: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    found: 'hdf5',
    what: 'is an HDF5 file (.h5, as Keras writes them)',
    wayOut: 'Load the model in Python and export it as ONNX: `tf2onnx.convert.from_keras(model)`.',
  },
  { mark: '\x93NUMPY', found: 'numpy', what: 'is one NumPy array (.npy) without names', wayOut: numpy },
  { mark: 'TFL3', at: 4, found: 'tflite', what: 'is a TensorFlow Lite model', wayOut: asOnnx },
  {
    mark: 'GGUF',
    found: 'gguf',
    what: 'is a GGUF file, as language models have them',
    wayOut: 'It belongs to no network here.',
  },
  { mark: [0x89, 0x50, 0x4e, 0x47], found: 'picture', what: 'is a picture (PNG)', wayOut: picture },
  { mark: [0xff, 0xd8, 0xff], found: 'picture', what: 'is a picture (JPEG)', wayOut: picture },
  { mark: 'GIF8', found: 'picture', what: 'is a picture (GIF)', wayOut: picture },
  { mark: 'WEBP', at: 8, found: 'picture', what: 'is a picture (WebP)', wayOut: picture },
  { mark: '%PDF', found: 'text', what: 'is a PDF document', wayOut: 'Choose the weight file.' },
  {
    mark: [4, 0, 0, 0, 1, 0, 0, 0],
    found: 'torch7',
    what: 'is a file of Lua Torch (.t7)',
    wayOut: 'Convert it to PyTorch first.',
  },
];

const again =
  'The download gave a page instead of the file: open the address in a browser, and save what it offers for download.';

/** Files of text that arrive in place of weights. */
const texts: readonly (Omit<Kind, 'mark' | 'at'> & { readonly pattern: RegExp })[] = [
  {
    pattern: /^version https:\/\/git-lfs/,
    found: 'lfs',
    what: 'is the pointer that Git LFS keeps in place of a large file',
    wayOut:
      'Run `git lfs pull` in the repository, or use the "download" link of its page ("resolve", not "raw").',
  },
  { pattern: /^<!doctype html|^<html|^<head/i, found: 'html', what: 'is a web page (HTML)', wayOut: again },
  { pattern: /^<\?xml|^<error/i, found: 'xml', what: 'is an XML document', wayOut: again },
  {
    pattern: /^[[{]/,
    found: 'json',
    what: 'is a JSON text',
    wayOut: 'Choose the file of the weights themselves: .safetensors, .pth or .onnx.',
  },
];

/** The error for a file that no reader takes. */
export function refuse(head: Uint8Array, size: number, file: string): ConvScopeError {
  const kind = kinds.find(({ mark, at = 0 }) => startsWith(head, mark, at));
  if (kind) return unreadable(file, kind.found, kind.what, kind.wayOut);
  const text = textOf(head);
  if (text !== null) {
    const told = texts.find(({ pattern }) => pattern.test(text));
    if (told) return unreadable(file, told.found, told.what, told.wayOut);
    const begins = JSON.stringify(text.slice(0, 40));
    return unreadable(file, 'text', `is a text, which begins with ${begins}`, again);
  }
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) {
    return unreadable(file, 'pickle', 'is a pickle of Python that PyTorch did not write', saveAgain);
  }
  if (seemsCaffe(head)) {
    return unreadable(
      file,
      'caffe',
      'is a Caffe model (.caffemodel)',
      'Convert it to ONNX (`caffe2onnx`, or `mmdnn`), or look for the network in the ONNX model zoo.',
    );
  }
  if (size < 16) return truncated(file, `it has ${size} bytes, and no weight file is so short`, size);
  return unreadable(
    file,
    'unknown',
    'is no weight file that is known here: its first bytes belong to no such format',
    `Readable are safetensors, PyTorch (.pth, .pt) and ONNX. ${saveAgain}`,
  );
}

/** The beginning as text without spaces and a byte order mark in front; null where it is none. */
function textOf(head: Uint8Array): string | null {
  // A sequence may be cut where the head ends, so the last bytes are left out of the test.
  const sure = head.length < 64 ? head : head.subarray(0, head.length - 4);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sure).trimStart();
    // eslint-disable-next-line no-control-regex -- control characters are exactly what no text has
    return text.length >= 4 && !/[\x00-\x08\x0e-\x1f]/.test(text) ? text : null;
  } catch {
    return null;
  }
}

/** NetParameter of caffe.proto: a printable name (field 1), then layers (field 100, or 2 in its first version). */
function seemsCaffe(head: Uint8Array): boolean {
  const length = head[1]!;
  if (head[0] !== 0x0a || length === 0 || length > 100 || head.length < length + 4) return false;
  const printable = head.subarray(2, 2 + length).every((byte) => byte >= 0x20 && byte < 0x7f);
  const next = head.subarray(2 + length);
  return printable && (startsWith(next, [0xa2, 0x06]) || [0x12, 0x1a, 0x22, 0x42].includes(next[0]!));
}

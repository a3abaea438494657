import { describe, expect, it } from 'vitest';
import { ConvScopeError } from '../../src/models/errors.ts';
import { openTensorFile } from '../../src/workers/readers/open.ts';
import { bytesOf } from '../../src/workers/readers/tensorFile.ts';
import { fixture, openBytes, openFixture } from './fixtures.ts';

async function failure(work: Promise<unknown>): Promise<ConvScopeError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ConvScopeError) return error;
  throw error ?? new Error('nothing was thrown');
}

const text = (words: string) => new TextEncoder().encode(words);
const mark = (...bytes: number[]) => Uint8Array.from({ length: 600 }, (_, i) => bytes[i] ?? 0);
const tar = () => mark().map((_, i) => 'ustar'.charCodeAt(i - 257) || 0);
const caffe = () =>
  Uint8Array.from([0x0a, 7, ...text('AlexNet'), 0xa2, 0x06, 4, 0x0a, 2, 0x64, 0x61, 0, 0, 0]);

describe('a file that is something else is named, with a way out', () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 553433881\n';
  const cases: readonly [string, Uint8Array, string, string, string][] = [
    [
      'a web page',
      text('\n<!DOCTYPE html><html><title>404</title>'),
      'html',
      'a web page',
      'open the address',
    ],
    [
      'a server error',
      text('<?xml version="1.0"?><Error><Code>AccessDenied'),
      'xml',
      'XML',
      'open the address',
    ],
    [
      'plain words',
      text('Entry not found in this repository'),
      'text',
      '"Entry not found',
      'open the address',
    ],
    ['an LFS pointer', text(pointer), 'lfs', 'Git LFS', 'git lfs pull'],
    ['an index', text('{"metadata": {"total_size": 1}, "weight_map": {}}'), 'json', 'JSON', '.safetensors'],
    ['gzip', mark(0x1f, 0x8b, 8), 'archive', 'gzip', 'Unpack'],
    ['tar', tar(), 'archive', 'tar archive', 'Unpack'],
    ['HDF5', mark(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a), 'hdf5', 'HDF5', 'tf2onnx'],
    ['TensorFlow Lite', mark(0x1c, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33), 'tflite', 'TensorFlow Lite', 'ONNX'],
    ['a Caffe model', caffe(), 'caffe', '.caffemodel', 'ONNX'],
    ['a picture', mark(0x89, 0x50, 0x4e, 0x47), 'picture', 'PNG', 'weight file'],
    [
      'noise',
      mark(0xf3, 0x91, 0x05, 0xee),
      'unknown',
      'no weight file that is known',
      'safetensors, PyTorch',
    ],
    [
      'a SavedModel',
      Uint8Array.from([8, 1, 0x12, 2, 0x0a, 0]),
      'tensorflow',
      'without an ONNX graph',
      'ONNX',
    ],
  ];
  it.each(cases)('%s', async (_title, bytes, found, what, wayOut) => {
    const error = await failure(openBytes('odd.bin', bytes));
    expect([error.code, error.details['found']]).toEqual(['weights-format', found]);
    expect(error.message).toContain('odd.bin');
    expect(error.message).toContain(what);
    expect(error.message).toContain(wayOut);
  });

  const written: readonly [string, string, string][] = [
    ['zip-module.pth', 'module', 'torch.nn.modules.linear.Linear'],
    ['legacy-module.pth', 'module', 'torch.nn.modules.linear.Linear'],
    ['zip-numpy.pth', 'pickle', 'numpy._core.multiarray.scalar'],
    ['legacy-numpy.pth', 'pickle', 'numpy._core.multiarray.scalar'],
    ['zip-tensor.pth', 'pickle', 'one tensor without a name'],
    ['legacy-expanded.pth', 'part', 'expanded tensor'],
    ['torchscript.pt', 'torchscript', 'torch.jit.load'],
    ['zip-compressed.pth', 'archive', 'compressed'],
    ['arrays.npz', 'numpy', '.npz'],
    ['array.npy', 'numpy', '.npy'],
    ['plain.pkl', 'pickle', 'PyTorch did not write'],
    ['external.onnx', 'external-data', 'external_data=False'],
  ];
  it.each(written)('%s', async (name, found, words) => {
    const error = await failure(openFixture(name));
    expect([error.code, error.details['found']]).toEqual(['weights-format', found]);
    expect(error.message).toContain(words);
  });

  it('eight-bit floats, when they are read', async () => {
    const { tensors } = await openFixture('f8.safetensors');
    const error = await failure(tensors.get('w')!.read());
    expect([error.code, error.details['tensor']]).toEqual(['weights-format', 'w']);
    expect(error.message).toContain('F8_E4M3');
  });
});

describe('the name says nothing', () => {
  it.each(['zip-small.pth', 'legacy-small.pth', 'types.safetensors', 'onnx-raw.onnx'])('%s', async (name) => {
    const { format, tensors } = await openFixture(name);
    const renamed = await openBytes('weights.h5', fixture(name));
    expect([renamed.format, [...renamed.tensors.keys()]]).toEqual([format, [...tensors.keys()]]);
  });
});

describe('a file that did not arrive whole is refused at every length', () => {
  it.each(['zip-small.pth', 'legacy-small.pth', 'types.safetensors', 'export-new.onnx'])(
    '%s',
    async (name) => {
      const bytes = fixture(name);
      for (let length = 0; length < bytes.length; length += 7) {
        const { code } = await failure(openBytes(name, bytes.subarray(0, length)));
        expect([length, code.startsWith('weights-')]).toEqual([length, true]);
        // From the first mark on it is known what the file was meant to be.
        if (length >= 40) expect([length, code]).toEqual([length, 'weights-truncated']);
      }
    },
  );
});

describe('a source that fails', () => {
  it('by giving less than was asked is a file that ends early', async () => {
    const bytes = fixture('zip-small.pth');
    const short = {
      ...bytesOf('short.pth', bytes),
      read: async (start: number) => bytes.slice(start, start + 10),
    };
    expect((await failure(openTensorFile(short))).code).toBe('weights-truncated');
  });

  it('with an error of its own: the error is passed on', async () => {
    const bytes = fixture('zip-small.pth');
    for (let readable = 0; readable < 5; readable++) {
      let left = readable;
      const gone = {
        ...bytesOf('gone.pth', bytes),
        read: async (start: number, end: number) => {
          if (left-- > 0) return bytes.slice(start, end);
          throw new TypeError('disk');
        },
      };
      await expect(openTensorFile(gone)).rejects.toThrow(new TypeError('disk'));
    }
  });
});

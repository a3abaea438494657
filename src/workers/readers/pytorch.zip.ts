import { bytesPerElement } from './elements.ts';
import { corrupt, saveAgain, unreadable } from './failures.ts';
import { pickleTruncated, unpickle } from './pickle.ts';
import { PickleEnds, type Pickled } from './pickle.values.ts';
import type { Storage } from './pytorch.objects.ts';
import { torchVocabulary } from './pytorch.objects.ts';
import { stateDictOf } from './pytorch.state.ts';
import type { ByteSource, StoredTensor, TensorFile } from './tensorFile.ts';
import { fileValues, storedTensor, stridedValues, type Values } from './values.ts';
import { entryStart, readZipDirectory, type ZipEntry } from './zip.ts';

/**
 * What `torch.save` has written since PyTorch 1.6: a zip archive without compression, in which `data.pkl` is a pickle
 * that names storages and `data/0`, `data/1` ... are their numbers (torch/serialization.py, caffe2/serialize).
 */

/** Far more than the names and shapes of any network take. */
const maximalPickleBytes = 32 * 2 ** 20;

/** Opens such an archive: its directory and its pickle are read, and no number of a tensor. */
export async function openPytorchZip(source: ByteSource): Promise<TensorFile> {
  const { name: file, size } = source;
  const entries = await readZipDirectory(source);
  const pickle = findPickle(entries, file);
  const root = pickle.slice(0, -'data.pkl'.length);
  const storages = new Map<string, Storage>();
  const value = unpickleAll(await readEntry(source, entries, pickle, maximalPickleBytes), file, storages);
  const { views, metadata } = stateDictOf(value, file);
  const bigEndian = await isBigEndian(source, entries, root);

  // A thousand small reads, which a browser does at the same time.
  const used = new Map([...views.values()].map(({ storage }) => [storage.key, storage]));
  const places = new Map<string, Values>();
  await Promise.all(
    [...used.values()].map(async (storage) => {
      places.set(storage.key, await storageValues(source, entries, root, storage, bigEndian));
    }),
  );
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { storage, offset, shape, strides }] of views) {
    const values = stridedValues(places.get(storage.key)!, shape, strides, offset);
    tensors.set(name, storedTensor(file, name, storage.type, shape, values));
  }
  return { name: file, format: 'pytorch', bytes: size, tensors, metadata };
}

type Entries = ReadonlyMap<string, ZipEntry>;

/** The archive's pickle; what else a zip archive may be is told by what lies in it. */
function findPickle(entries: Entries, file: string): string {
  const names = [...entries.keys()];
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (has(/(^|\/)constants\.pkl$/) || has(/(^|\/)code\/__torch__/)) {
    throw unreadable(
      file,
      'torchscript',
      'is a TorchScript archive: a program with its weights',
      "Save the weights alone: `torch.save(torch.jit.load('model.pt').state_dict(), 'weights.pth')`.",
    );
  }
  const pickles = names.filter((name) => /^([^/]*\/)?data\.pkl$/.test(name));
  if (pickles.length === 1) return pickles[0]!;
  if (has(/(^|\/)(archive_format|models\/.*\.json|serialized_exported_program\.json)$/)) {
    throw unreadable(
      file,
      'torch-export',
      'is an exported program (torch.export) with its weights',
      "Save the weights alone: `torch.save(torch.export.load('model.pt2').state_dict, 'weights.pth')`.",
    );
  }
  if (has(/\.npy$/)) throw unreadable(file, 'numpy', 'is an archive of NumPy arrays (.npz)', fromNumpy);
  if (has(/(^|\/)model\.weights\.h5$/)) {
    throw unreadable(file, 'keras', 'is a Keras model', 'Load it in Python, and export it as ONNX.');
  }
  const some = names.slice(0, 5).join(', ');
  throw unreadable(
    file,
    'archive',
    `is a zip archive without PyTorch's data.pkl${some ? ` (it holds ${some})` : ''}`,
    'If a weight file is in it, unpack it first.',
  );
}

const fromNumpy =
  'Save the arrays as safetensors: `safetensors.numpy.save_file(dict(numpy.load(...)), "weights.safetensors")`.';

function unpickleAll(bytes: Uint8Array, file: string, storages: Map<string, Storage>): Pickled {
  try {
    return unpickle(bytes, 0, file, torchVocabulary(file, storages)).value;
  } catch (error) {
    throw error instanceof PickleEnds ? pickleTruncated(file, bytes.length) : error;
  }
}

/** The bytes of a small entry, stored as they are. */
async function readEntry(source: ByteSource, entries: Entries, name: string, limit: number) {
  const entry = entries.get(name)!;
  if (entry.size > limit) {
    throw unreadable(source.name, 'part', `has an entry ${name} of ${entry.size} bytes`, saveAgain);
  }
  const start = await entryStart(source, name, entry);
  return source.read(start, start + entry.size);
}

async function isBigEndian(source: ByteSource, entries: Entries, root: string): Promise<boolean> {
  const name = `${root}byteorder`;
  // Files from before PyTorch 2.1 do not say, and were written on little-endian machines.
  if (!entries.has(name)) return false;
  const order = new TextDecoder().decode(await readEntry(source, entries, name, 64)).trim();
  if (order === 'little' || order === 'big') return order === 'big';
  throw corrupt(source.name, `its byte order is "${order}"`);
}

async function storageValues(
  source: ByteSource,
  entries: Entries,
  root: string,
  { type, key, count }: Storage,
  bigEndian: boolean,
): Promise<Values> {
  const name = `${root}data/${key}`;
  const entry = entries.get(name);
  if (!entry) throw corrupt(source.name, `its storage ${name} is missing`);
  const needed = count * bytesPerElement[type];
  if (entry.size !== needed) {
    throw corrupt(source.name, `its storage ${name} needs ${needed} bytes and has ${entry.size}`);
  }
  return fileValues(source, type, await entryStart(source, name, entry), count, bigEndian);
}

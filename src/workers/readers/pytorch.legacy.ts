import { bytesPerElement } from './elements.ts';
import { corrupt, saveAgain, truncated, unreadable } from './failures.ts';
import { pickleTruncated, unpickle } from './pickle.ts';
import { PickleEnds, type Pickled, type Vocabulary } from './pickle.values.ts';
import type { Storage } from './pytorch.objects.ts';
import { torchVocabulary } from './pytorch.objects.ts';
import { stateDictOf } from './pytorch.state.ts';
import type { ByteSource, StoredTensor, TensorFile } from './tensorFile.ts';
import { fileValues, storedTensor, stridedValues, type Values } from './values.ts';

/**
 * What `torch.save` wrote before PyTorch 1.6, and writes with `_use_new_zipfile_serialization=False`: five pickles (a
 * magic number, a version, the machine, the object, the keys of its storages), then each storage as its count (eight
 * bytes) and its numbers, little-endian on every machine (torch/serialization.py, `_legacy_save`).
 */

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;
/** The pickles' length stands nowhere: they are tried with this much of the file, then with twice as much ... */
const firstWindow = 256 * 2 ** 10;
/** ... up to far more than the names and shapes of any network take. */
const maximalPickleBytes = 32 * 2 ** 20;

/** Opens such a file: its pickles and the counts of its storages are read, and no number of a tensor. */
export async function openPytorchLegacy(source: ByteSource): Promise<TensorFile> {
  const { name: file, size } = source;
  const { value, keys, storages, end } = await readPickles(source);
  const { views, metadata } = stateDictOf(value, file);
  const places = await placeStorages(source, keys, storages, end);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { storage, offset, shape, strides }] of views) {
    const base = places.get(storage.key);
    if (!base) throw corrupt(file, `its storage ${storage.key} is missing`);
    tensors.set(
      name,
      storedTensor(file, name, storage.type, shape, stridedValues(base, shape, strides, offset)),
    );
  }
  return { name: file, format: 'pytorch-legacy', bytes: size, tensors, metadata };
}

interface Pickles {
  readonly value: Pickled;
  readonly keys: readonly string[];
  readonly storages: ReadonlyMap<string, Storage>;
  /** The byte behind the last pickle. */
  readonly end: number;
}

async function readPickles(source: ByteSource): Promise<Pickles> {
  const limit = Math.min(source.size, maximalPickleBytes);
  for (let window = Math.min(firstWindow, limit); ; window = Math.min(window * 2, limit)) {
    try {
      return parsePickles(await source.read(0, window), source.name);
    } catch (error) {
      if (!(error instanceof PickleEnds)) throw error;
      if (window === source.size) throw pickleTruncated(source.name, source.size);
      if (window === limit) {
        const what = `holds a pickle of more than ${maximalPickleBytes} bytes`;
        throw unreadable(source.name, 'part', what, saveAgain);
      }
    }
  }
}

/** The first three pickles and the last name nothing. */
const noNames = (file: string): Vocabulary => {
  const refuse = () => {
    throw corrupt(file, 'a pickle that should hold numbers and text names something');
  };
  return { known: refuse, call: refuse, persistent: refuse };
};

function parsePickles(bytes: Uint8Array, file: string): Pickles {
  const storages = new Map<string, Storage>();
  const magic = unpickle(bytes, 0, file, noNames(file));
  if (magic.value !== magicNumber) throw corrupt(file, 'its magic number is wrong');
  const version = unpickle(bytes, magic.end, file, noNames(file));
  if (version.value !== protocolVersion)
    throw corrupt(file, `its format's version is not ${protocolVersion}`);
  const machine = unpickle(bytes, version.end, file, noNames(file));
  const object = unpickle(bytes, machine.end, file, torchVocabulary(file, storages));
  const keys = unpickle(bytes, object.end, file, noNames(file));
  if (!Array.isArray(keys.value) || !keys.value.every((key) => typeof key === 'string')) {
    throw corrupt(file, 'it does not list its storages');
  }
  return { value: object.value, keys: keys.value as string[], storages, end: keys.end };
}

/** Where each storage's numbers lie: one after another in the order of the keys, each behind its count. */
async function placeStorages(
  source: ByteSource,
  keys: readonly string[],
  storages: ReadonlyMap<string, Storage>,
  begin: number,
): Promise<ReadonlyMap<string, Values>> {
  const { name: file, size } = source;
  const places = new Map<string, Values>();
  let at = begin;
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage || places.has(key)) throw corrupt(file, `it lists a storage ${key} that no tensor has`);
    if (at + 8 > size) throw truncated(file, `its storage ${key} is missing`, size, at + 8);
    const count = new DataView((await source.read(at, at + 8)).buffer).getBigUint64(0, true);
    if (count !== BigInt(storage.count)) {
      throw corrupt(file, `its storage ${key} has ${count} numbers instead of ${storage.count}`);
    }
    const end = at + 8 + storage.count * bytesPerElement[storage.type];
    if (end > size) throw truncated(file, `its storage ${key} is incomplete`, size, end);
    places.set(key, fileValues(source, storage.type, at + 8, storage.count));
    at = end;
  }
  if (at !== size) throw corrupt(file, `${size - at} bytes follow after the last storage`);
  return places;
}

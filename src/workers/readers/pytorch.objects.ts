import type { ConvScopeError } from '../../models/errors.ts';
import { elements } from '../../models/shape.ts';
import type { ElementType } from './elements.ts';
import { corrupt, saveAgain, unreadable } from './failures.ts';
import { Known, Made, Tuple, type Pickled, type Vocabulary } from './pickle.values.ts';
import { isShape, reach } from './values.ts';

/** The few names that a pickle of weights needs (torch/_utils.py, torch/storage.py), and what is made of them. */

/** The numbers of one or more tensors: a file within the archive, or a stretch of a legacy file. */
export class Storage extends Made {
  readonly kind = 'storage';
  constructor(
    readonly type: ElementType,
    readonly key: string,
    readonly count: number,
  ) {
    super();
  }
}

/** A view of a storage: element (i, j, ...) is number `offset` + i * strides[0] + j * strides[1] + ... of it. */
export class TensorView extends Made {
  readonly kind = 'tensor';
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    super();
  }
}

const storageTypes: Readonly<Record<string, ElementType>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

/** What calls may copy in all: a list that is built once can be handed to a million calls. */
const mostPairs = 1_000_000;

interface Caller {
  readonly file: string;
  /** Pairs that `OrderedDict` may still copy. */
  pairsLeft: number;
}

type Call = (args: readonly Pickled[], caller: Caller) => Pickled;

const calls: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': orderedDict,
  'torch.Size': ([sizes], { file }) => (sizes instanceof Tuple ? sizes : wrong(file, 'torch.Size')),
  'torch._utils._rebuild_tensor': tensorView,
  'torch._utils._rebuild_tensor_v2': tensorView,
  'torch._utils._rebuild_parameter': parameter,
  'torch._utils._rebuild_parameter_with_state': parameter,
};

function wrong(file: string, name: string): never {
  throw corrupt(file, `its pickle calls ${name} with something that it does not take`);
}

/** Empty, or from a list of pairs, as Python 2 wrote it. */
function orderedDict([pairs = []]: readonly Pickled[], caller: Caller): Pickled {
  const { file } = caller;
  if (!Array.isArray(pairs)) return wrong(file, 'OrderedDict');
  caller.pairsLeft -= pairs.length;
  if (caller.pairsLeft < 0) throw corrupt(file, `its pickle makes dicts of more than ${mostPairs} pairs`);
  const dict = new Map<Pickled, Pickled>();
  for (const pair of pairs) {
    const items = pair instanceof Tuple ? pair.items : pair;
    if (!Array.isArray(items) || items.length !== 2) return wrong(file, 'OrderedDict');
    dict.set(items[0] as Pickled, items[1] as Pickled);
  }
  return dict;
}

function parameter([data]: readonly Pickled[], { file }: Caller): Pickled {
  return data instanceof TensorView ? data : wrong(file, '_rebuild_parameter');
}

function tensorView([storage, offset, size, stride]: readonly Pickled[], { file }: Caller): Pickled {
  const isIndex = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
  if (!(storage instanceof Storage) || !isIndex(offset)) return wrong(file, '_rebuild_tensor_v2');
  if (!(size instanceof Tuple) || !(stride instanceof Tuple)) return wrong(file, '_rebuild_tensor_v2');
  const shape = size.items as readonly unknown[];
  const strides = stride.items as readonly unknown[];
  if (!isShape(shape) || shape.length !== strides.length || !strides.every(isIndex)) {
    return wrong(file, '_rebuild_tensor_v2');
  }
  const steps = strides as readonly number[];
  const count = elements(shape);
  if (count > 0 && offset + reach(shape, steps) >= storage.count) {
    throw corrupt(
      file,
      `a tensor of shape [${shape.join(', ')}] needs numbers behind the ${storage.count} of its storage ${storage.key}`,
    );
  }
  if (count > storage.count) {
    throw unreadable(
      file,
      'part',
      `holds an expanded tensor: ${count} values over a storage of ${storage.count}`,
      'Save it after `.contiguous()`.',
    );
  }
  return new TensorView(storage, offset, shape, steps);
}

/** Names of old PyTorch under Python 2 and of aliases, as they are called today. */
const aliases: Readonly<Record<string, string>> = {
  'torch.nn.parameter._rebuild_parameter': 'torch._utils._rebuild_parameter',
};

const nameOf = (name: string): string => (Object.hasOwn(aliases, name) ? aliases[name]! : name);

function notAllowed(file: string, name: string): ConvScopeError {
  const [root = ''] = name.split('.');
  const isPlain = root === 'torch' || root === 'numpy' || root === 'collections' || root === 'argparse';
  const isModule = /^torch\.nn\./.test(name) || (!isPlain && /\.[A-Z]\w*$/.test(name));
  const what = isModule
    ? `holds a whole model (an object of the class ${name}), not its weights alone`
    : `holds more than weights: it asks for ${name}`;
  const why = 'Nothing of it was run, since a pickle can do anything that Python can.';
  return unreadable(file, isModule ? 'module' : 'pickle', what, `${why} ${saveAgain}`, { asksFor: name });
}

/** The vocabulary of a file; storages are noted in `storages` by their key, so that each has one type and length. */
export function torchVocabulary(file: string, storages: Map<string, Storage>): Vocabulary {
  const caller: Caller = { file, pairsLeft: mostPairs };
  return {
    known: (name) => {
      const known = nameOf(name);
      if (!Object.hasOwn(calls, known) && !Object.hasOwn(storageTypes, known)) throw notAllowed(file, name);
    },
    call: (name, args) => {
      const call = Object.hasOwn(calls, nameOf(name)) ? calls[nameOf(name)] : undefined;
      if (!call) throw corrupt(file, `its pickle calls ${name}`);
      return call(args, caller);
    },
    persistent: (id) => storageOf(id, file, storages),
  };
}

/** ('storage', type, key, device, count), and in legacy files whether it is a part of another one. */
function storageOf(id: Pickled, file: string, storages: Map<string, Storage>): Storage {
  const [word, type, key, , count, part = null] = id instanceof Tuple ? id.items : [];
  if (word === 'module') throw notAllowed(file, 'torch.nn.Module');
  const stored = type instanceof Known ? storageTypes[type.name] : undefined;
  if (word !== 'storage' || stored === undefined || typeof key !== 'string') {
    throw corrupt(file, 'its pickle names a storage wrongly');
  }
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw corrupt(file, `its storage ${key} has no valid length`);
  }
  if (part !== null) {
    throw unreadable(file, 'part', `keeps storage ${key} as a part of another one`, saveAgain);
  }
  const known = storages.get(key);
  if (known && (known.type !== stored || known.count !== count)) {
    throw corrupt(file, `its storage ${key} is announced in two ways`);
  }
  const storage = known ?? new Storage(stored, key, count);
  storages.set(key, storage);
  return storage;
}

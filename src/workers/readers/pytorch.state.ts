import { clipped } from '../../models/errors.ts';
import { corrupt, saveAgain, unreadable } from './failures.ts';
import type { Pickled } from './pickle.values.ts';
import { TensorView } from './pytorch.objects.ts';

/** From what a checkpoint holds to its tensors by name. */

export interface StateDict {
  readonly views: ReadonlyMap<string, TensorView>;
  readonly metadata: Readonly<Record<string, string>>;
}

type Dict = ReadonlyMap<Pickled, Pickled>;

/** Under which key training scripts keep the weights beside the optimiser's state and the epoch; the first found counts. */
const wrappers = ['state_dict', 'model_state_dict', 'model', 'net', 'network', 'weights', 'params'] as const;

const hasTensors = (value: Pickled | undefined): boolean =>
  value instanceof Map && [...value.values()].some((item) => item instanceof TensorView);

/**
 * The tensors of a state dict, or of the one that a checkpoint wraps; `metadata` says what was unwrapped
 * (`container`), which prefix all names had (`prefix`) and which entries are no tensors (`leftOut`).
 */
export function stateDictOf(value: Pickled, file: string): StateDict {
  if (!(value instanceof Map)) {
    const what = value instanceof TensorView ? 'one tensor without a name' : `no state dict`;
    throw unreadable(file, 'pickle', `holds ${what}`, saveAgain);
  }
  if (hasTensors(value)) return namedTensors(value, file, {});
  const container = wrappers.find((key) => hasTensors(value.get(key)));
  if (container !== undefined) return namedTensors(value.get(container) as Dict, file, { container });
  const keys = [...value.keys()].slice(0, 10).map(keyText).join(', ');
  throw unreadable(
    file,
    'pickle',
    keys === '' ? 'holds an empty dict' : `holds a dict without weights at a usual place (its keys: ${keys})`,
    saveAgain,
  );
}

/** What is left out of a checkpoint, as one text. */
const longestList = 10_000;

/** A key as a sentence can hold it; a key that is a list may hold itself, or the same list a million times. */
const keyText = (key: Pickled): string =>
  typeof key === 'object' && key !== null ? 'an object' : clipped(String(key));

/** `torch.nn.DataParallel` and its successor put this before every name. */
const parallel = 'module.';

function namedTensors(dict: Dict, file: string, found: Readonly<Record<string, string>>): StateDict {
  const views = new Map<string, TensorView>();
  const leftOut: string[] = [];
  for (const [key, item] of dict) {
    if (item instanceof TensorView && typeof key === 'string') views.set(key, item);
    else leftOut.push(keyText(key));
  }
  const wrapped = [...views.keys()].every((name) => name.startsWith(parallel));
  const metadata = {
    ...found,
    ...(wrapped && { prefix: parallel }),
    ...(leftOut.length > 0 && { leftOut: clipped(leftOut.join(', '), longestList) }),
  };
  if (!wrapped) return { views, metadata };
  const bare = new Map([...views].map(([name, view]) => [name.slice(parallel.length), view]));
  if (bare.size !== views.size) throw corrupt(file, 'two tensors have the same name');
  return { views: bare, metadata };
}

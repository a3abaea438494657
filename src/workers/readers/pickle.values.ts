/** What a pickle's bytes stand for, and what the caller decides of it. */

/** A name that the file asked for and the caller allowed. */
export class Known {
  constructor(readonly name: string) {}
}

export class Tuple {
  constructor(readonly items: readonly Pickled[]) {}
}

/** Whatever the caller makes of a persistent id or of a call. */
export abstract class Made {
  abstract readonly kind: string;
}

export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Pickled[]
  | Tuple
  | Set<Pickled>
  | Map<Pickled, Pickled>
  | Known
  | Made;

export interface Vocabulary {
  /** Whether 'module.name' may be named at all; throws an error that says why not. */
  known(name: string): void;
  call(name: string, args: readonly Pickled[]): Pickled;
  /** What a persistent id (for torch: a storage) stands for. */
  persistent(id: Pickled): Pickled;
}

/** Raised where the bytes end within the pickle; the caller may know where more are. */
export class PickleEnds extends Error {}

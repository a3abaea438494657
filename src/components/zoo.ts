import type { NetworkInfo } from '../models/network.ts';
import type * as Zoo from '../models/zoo/index.ts';

/**
 * The zoo as the page sees it. Its texts and tables are a quarter of all code, so they are a chunk of their own that
 * travels beside the rest: `openZoo` is awaited once, before anything is drawn, and from then on all of it is at hand.
 */
type Opened = typeof Zoo;
let zoo: Opened | null = null;

export async function openZoo(): Promise<void> {
  provideZoo(await import('../models/zoo/index.ts'));
}

export function provideZoo(opened: Opened): void {
  zoo = opened;
}

function opened(): Opened {
  if (!zoo) throw new Error('The zoo is used before openZoo() has resolved.');
  return zoo;
}

export const buildNetwork: Opened['buildNetwork'] = (ref) => opened().buildNetwork(ref);
export const parseReference: Opened['parseReference'] = (ref) => opened().parseReference(ref);
export const referenceTo: Opened['referenceTo'] = (family, settings) =>
  opened().referenceTo(family, settings);
/** Of the bundled weights those that the network of `ref` can use: training-only structure does not matter. */
export const weightsFor: Opened['weightsFor'] = (entries, ref) => opened().weightsFor(entries, ref);
export const allMembers = (): readonly NetworkInfo[] => opened().members;
export const allFamilies = (): Opened['families'] => opened().families;

import { members } from '../../../models/zoo/index.ts';

/** Pairs that lectures show, each of which differs by one idea. */
const refs = [
  ['resnet-34', 'plain-34'],
  ['alexnet-2012', 'zfnet'],
  ['googlenet-naive', 'googlenet'],
  ['resnet-50', 'preact-resnet-50'],
  ['resnet-50', 'resnext-50-32x4d'],
] as const;

export interface ReadyPair {
  readonly pair: readonly [string, string];
  readonly name: string;
}

/** The ready-made pairs with their networks' names. */
export const readyPairs: readonly ReadyPair[] = refs.map((pair): ReadyPair => ({
  pair,
  name: pair.map(nameOf).join(' · '),
}));

/** A listed network's name; any other is called by its reference. */
export function nameOf(ref: string): string {
  return members.find(({ id }) => id === ref)?.name ?? ref;
}

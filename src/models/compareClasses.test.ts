import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  alignAnswers,
  classKey,
  imagenetteClasses,
  knowsClass,
  type RankedAnswer,
} from './compareClasses.ts';

interface Entry {
  readonly network: string;
  readonly dataset: string;
  readonly classes: readonly string[];
}
const { weights } = JSON.parse(
  readFileSync(new URL('../../public/weights/manifest.json', import.meta.url), 'utf8'),
) as { readonly weights: readonly Entry[] };
const of = (network: string) => weights.find((entry) => entry.network === network)!;
const [thousand, ten, digits] = ['efficientnet-lite0', 'zfnet-imagenette', 'lenet-5-modern'].map(of) as [
  Entry,
  Entry,
  Entry,
];
const answer = (entry: Entry, first: readonly [string, number][]): RankedAnswer => ({
  ...entry,
  top: first.map(([name, probability]) => ({ index: entry.classes.indexOf(name), name, probability })),
});

describe('the classes of Imagenette', () => {
  it('are those of ImageNet at their indices, in the words of both data sets', () => {
    expect(ten.classes).toEqual(imagenetteClasses.map(({ imageNet }) => thousand.classes[imageNet]));
  });

  it('are in the order of their synsets, as ImageNet’s are', () => {
    const sorted = [...imagenetteClasses].sort((a, b) => a.synset.localeCompare(b.synset));
    expect(imagenetteClasses).toEqual(sorted);
    expect(imagenetteClasses.map(({ imageNet }) => imageNet)).toEqual(
      imagenetteClasses.map(({ imageNet }) => imageNet).sort((a, b) => a - b),
    );
  });

  it('are one class with ImageNet’s under any spelling, and none with a digit', () => {
    const spelled = { dataset: 'ImageNet-1k', classes: thousand.classes.map((name) => name.toUpperCase()) };
    expect(classKey(spelled, 217)).toBe(classKey(ten, 1));
    expect(classKey(digits, 0)).not.toBe(classKey(thousand, 0));
    expect(knowsClass(ten, classKey(thousand, 219))).toBe(false);
    expect(knowsClass(ten, classKey(thousand, 701))).toBe(true);
  });
});

describe('answers of several networks', () => {
  const worlds = alignAnswers([
    answer(ten, [
      ['English springer', 0.9],
      ['tench', 0.1],
    ]),
    answer(thousand, [
      ['cocker spaniel', 0.6],
      ['English springer', 0.3],
    ]),
    answer(digits, [['0', 0.7]]),
  ]);

  it('have one row a class, the likeliest of all first, and say who does not know it', () => {
    expect(worlds[0]!.rows.map(({ name }) => name)).toEqual(['English springer', 'cocker spaniel', 'tench']);
    expect(
      worlds[0]!.rows.map(({ cells }) => cells.map((cell) => ('rank' in cell ? cell.rank : cell.said))),
    ).toEqual([
      [1, 2, 'unknown'],
      ['unknown', 1, 'unknown'],
      [2, 'below', 'unknown'],
    ]);
  });

  it('keep data sets apart that share no class', () => {
    expect(worlds.map(({ name, datasets }) => [name, ...datasets])).toEqual([
      ['ImageNet-1k', 'Imagenette', 'ImageNet-1k'],
      ['MNIST', 'MNIST'],
    ]);
    expect(worlds[1]!.rows).toEqual([
      {
        key: 'MNIST 0',
        name: '0',
        cells: [{ said: 'unknown' }, { said: 'unknown' }, { said: 'ranked', rank: 1, probability: 0.7 }],
      },
    ]);
  });
});

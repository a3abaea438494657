import i18next from 'i18next';
import type { TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { graphDifference } from '../../../models/difference.ts';
import { differenceGroups } from '../../../models/differenceGroups.ts';
import { buildNetwork, members } from '../../../models/zoo/index.ts';
import diagramEn from '../../i18n/en/diagram.json';
import diagramKo from '../../i18n/ko/diagram.json';
import { changeWords, chosenWords, groupPlaces, groupSubject } from './differenceWords.ts';
import type { PairText } from './differenceWords.ts';
import { readyPairs } from './readyPairs.ts';
import en from './text/en.json';
import ko from './text/ko.json';

type Tree = { readonly [key: string]: string | Tree };
const flat = (tree: Tree, prefix = ''): readonly (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as const] : flat(value, `${prefix}${key}.`),
  );
const facts = (tree: Tree) =>
  flat(tree).map(([key, text]) => [key, [...text.matchAll(/{{\s*(\w+)/g)].map(([, name]) => name).sort()]);

const missing: string[] = [];
beforeAll(() =>
  i18next.init({
    lng: 'en',
    resources: { en: { pair: en, diagram: diagramEn }, ko: { pair: ko, diagram: diagramKo } },
    saveMissing: true,
    missingKeyHandler: (_languages, namespace, key) => missing.push(`${namespace}:${key}`),
    interpolation: { escapeValue: false },
  }),
);
const words = (language: 'en' | 'ko'): PairText =>
  i18next.getFixedT(language, ['pair', 'diagram']) as TFunction<readonly ['pair', 'diagram']>;

function lines(language: 'en' | 'ko', a: string, b: string): readonly string[] {
  const t = words(language);
  const graphs = [buildNetwork(a).graph, buildNetwork(b).graph] as const;
  return differenceGroups(...graphs, graphDifference(...graphs)).map((group) =>
    [
      `${group.members.length} × ${groupSubject(t, group, graphs)}`,
      changeWords(t, group.aspects),
      groupPlaces(group, graphs),
    ].join(' | '),
  );
}

describe('the words of a pair', () => {
  it('are the same sentences with the same facts in both languages, none of them empty', () => {
    expect(facts(ko)).toEqual(facts(en));
    expect([...flat(en), ...flat(ko)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
  it('say what differs as a lecturer would', () => {
    expect(lines('en', 'resnet-34', 'plain-34')).toEqual([
      '16 × sum |  | conv2_x/1/add … conv5_x/3/add',
      '3 × convolution 1×1 with batch normalisation |  | conv3_x/1/shortcut_conv … conv5_x/1/shortcut_conv',
    ]);
    expect(lines('en', 'alexnet-2012', 'zfnet')[0]).toBe(
      '1 × convolution | kernel 11×11 → 7×7, stride 4 → 2, padding 0 → 1, shape 55×55×96 → 110×110×96 | conv1',
    );
    expect(lines('ko', 'resnet-50', 'resnext-50-32x4d')[1]).toMatch(
      /^16 × 합성곱 3×3 \| 그룹 1 → 32, 맵 ×2 /,
    );
    expect(lines('en', 'lenet-5', 'lenet-5-modern')).toContainEqual(
      expect.stringMatching(/^2 × trainable subsampling \| trainable subsampling → average pooling/),
    );
  });
  it.each(members.map(({ id }, i) => [id, members[(i * 7 + 3) % members.length]!.id] as const))(
    'exist for all that differs between %s and %s',
    (id, other) => {
      missing.length = 0;
      for (const language of ['en', 'ko'] as const)
        for (const line of lines(language, id, other)) expect(line).not.toMatch(/undefined|null|NaN|{{/);
      expect(missing).toEqual([]);
    },
  );
  it('tell what a chosen layer is in both', () => {
    const [first, second] = [buildNetwork('alexnet-2012'), buildNetwork('zfnet')];
    const difference = graphDifference(first.graph, second.graph);
    const said = (one: string | null, other: string | null) =>
      chosenWords(words('en'), { difference, chosen: { first: one, second: other } }, { first, second });
    expect(said('conv3', 'conv3')).toBe('conv3 and conv3 are the same.');
    expect(said('conv4', 'conv4')).toBe('conv4 and conv4: groups 2 → 1.');
    expect(said(null, 'norm1')).toBe('norm1 is only in ZFNet.');
  });
});

describe('ready-made pairs', () => {
  it('are networks that exist, named as they are', () => {
    for (const { pair, name } of readyPairs)
      expect(name).toBe(pair.map((ref) => buildNetwork(ref).info.name).join(' · '));
    expect(readyPairs).toHaveLength(5);
  });
});

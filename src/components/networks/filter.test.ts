import { describe, expect, it } from 'vitest';
import { ingredientsOf } from '../../models/ingredients.ts';
import { buildNetwork, families, members } from '../../models/zoo/index.ts';
import { factsOf } from './facts.ts';
import { isFiltering, noFilter, passes, type Filter } from './filter.ts';

const names = { lrn: 'LRN', batchNorm: 'batch normalisation' } as const;
const words = (each: string) => [names[each as keyof typeof names] ?? each];

const candidate = (id: string, known = true) => {
  const network = buildNetwork(id);
  return {
    info: network.info,
    familyName: network.family.name,
    facts: known ? factsOf(network) : null,
    words,
  };
};
const finds = (filter: Partial<Filter>, id: string) => passes({ ...noFilter, ...filter }, candidate(id));

describe('the filter of networks', () => {
  it('passes everything while nothing is asked for', () => {
    expect(isFiltering(noFilter)).toBe(false);
    expect(isFiltering({ ...noFilter, query: '  ' })).toBe(false);
    expect(members.every((info) => passes(noFilter, { info, familyName: '', facts: null, words }))).toBe(
      true,
    );
  });

  it.each([
    ['resnet 50', 'resnet-50', true],
    ['ResNet-50', 'resnet-50', true],
    ['resnet50', 'resnet-50', true],
    ['2014', 'googlenet', true],
    ['2014', 'resnet-50', false],
    ['2014-2015', 'resnet-50', true],
    ['2014-2015 residual', 'mobilenet-v1-100', false],
    ['krizhevsky', 'alexnet-2012', true],
    ['cifar', 'cifar-resnet-20', true],
    ['LRN', 'alexnet-2012', true],
    ['lrn', 'resnet-18', false],
    ['batch', 'resnet-18', true],
    ['vgg 2014 batch', 'vgg-d-bn', true],
    ['vgg 2014 batch', 'vgg-d', false],
  ])('by the words %j: %s %s', (query, id, found) => {
    expect(finds({ query }, id)).toBe(found);
  });

  it('by ingredients, all of them', () => {
    expect(finds({ ingredients: ['residual'] }, 'resnext-50-32x4d')).toBe(true);
    expect(finds({ ingredients: ['residual', 'grouped'] }, 'resnext-50-32x4d')).toBe(true);
    expect(finds({ ingredients: ['residual', 'grouped'] }, 'resnet-50')).toBe(false);
    expect(finds({ ingredients: ['depthwise'] }, 'mobilenet-v1-100')).toBe(true);
  });

  it('by size, whose bounds leave no gap', () => {
    expect(finds({ size: 'tiny' }, 'lenet-5-modern')).toBe(true);
    expect(finds({ size: 'medium' }, 'resnet-50')).toBe(true);
    expect(finds({ size: 'large' }, 'alexnet-2012')).toBe(true);
    const { facts, ...rest } = candidate('resnet-50');
    const at = (params: number, size: Filter['size']) =>
      passes({ ...noFilter, size }, { ...rest, facts: facts && { ...facts, params } });
    expect([at(1e6 - 1, 'tiny'), at(1e6, 'tiny'), at(1e6, 'small')]).toEqual([true, false, true]);
  });

  it('passes nothing by what is not known yet', () => {
    const unknown = candidate('alexnet-2012', false);
    expect(passes({ ...noFilter, ingredients: ['lrn'] }, unknown)).toBe(false);
    expect(passes({ ...noFilter, size: 'large' }, unknown)).toBe(false);
    expect(passes({ ...noFilter, query: 'alex' }, unknown)).toBe(true);
  });
});

describe('the facts of a network', () => {
  it('are those of its graph, for one member of every family', () => {
    for (const family of families) {
      const network = buildNetwork(family.members[0]!.info.id);
      const facts = factsOf(network);
      expect(facts.ingredients).toEqual([...ingredientsOf(network.graph)]);
      expect(facts.weightBytes).toBeGreaterThanOrEqual(4 * facts.params);
      expect(facts.silhouette.path).toMatch(/^M/);
      expect(structuredClone(facts)).toEqual(facts);
    }
  });
});

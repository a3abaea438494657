import { describe, expect, it } from 'vitest';
import {
  chartedErrors,
  firstComparison,
  layersOf,
  measures,
  mostVisited,
  movedBytes,
  ratioTo,
  stagesOf,
  visitedAfter,
} from './compare.ts';
import { comparisonOfQuery, comparisonToQuery } from './compareQuery.ts';
import { networkCost } from './cost.ts';
import { buildNetwork, members } from './zoo/index.ts';
import { notesOf } from './zoo/notes.ts';

describe('ratios', () => {
  it('say how many times larger or smaller, never below one', () => {
    expect(ratioTo(50, 100)).toEqual({ factor: 2, direction: 'smaller' });
    expect(ratioTo(300, 100)).toEqual({ factor: 3, direction: 'larger' });
    expect(ratioTo(7, 7)).toEqual({ factor: 1, direction: 'same' });
    expect(ratioTo(0, 7)).toBeNull();
  });

  it('of AlexNet to SqueezeNet are the fifty times of the paper', () => {
    const [small, large] = ['squeezenet-1-0', 'alexnet-2012'].map((id) => measures(buildNetwork(id)));
    expect(ratioTo(small!.params, large!.params)?.factor).toBeGreaterThan(48);
  });
});

describe('the bytes that a network moves', () => {
  it('are those of a sum by hand for LeNet-5 in its modern form', () => {
    const { graph } = buildNetwork('lenet-5-modern');
    const cost = networkCost(graph);
    let values = cost.stored;
    for (const node of graph.nodes) {
      if (node.inputs.length === 0 || cost.nodes.get(node.id)!.inPlace) continue;
      const shapes = [node.shape, ...node.inputs.map((id) => graph.nodes.find((n) => n.id === id)!.shape)];
      for (const [height, width, channels] of shapes) values += height * width * channels;
    }
    expect(movedBytes(graph)).toBe(values * 4);
  });
});

describe('stages', () => {
  it.each(['lenet-5', 'alexnet-2012', 'vgg-d', 'googlenet', 'resnet-50', 'densenet-121', 'mobilenet-v1-100'])(
    'of %s add up to the network, in stages and in layers',
    (id) => {
      const { graph } = buildNetwork(id);
      const cost = networkCost(graph);
      const stages = stagesOf(graph);
      const sum = (key: 'params' | 'macs' | 'activationBytes', of = stages) =>
        of.reduce((all, stage) => all + stage[key], 0);
      expect(sum('params')).toBe(cost.params);
      expect(sum('macs')).toBe(cost.macs);
      expect(sum('activationBytes')).toBe(cost.allOutputElements * 4);
      const layers = stages.flatMap((stage) => layersOf(graph, stage));
      expect(sum('params', layers)).toBe(cost.params);
      expect(stages.flatMap(({ nodes }) => nodes)).toEqual(graph.nodes.map((node) => node.id));
    },
  );

  it('of AlexNet put most of its parameters into dense layers', () => {
    const stages = stagesOf(buildNetwork('alexnet-2012').graph);
    const dense = stages.filter(({ kind }) => kind === 'dense').reduce((sum, s) => sum + s.params, 0);
    expect(dense / 60_965_224).toBeGreaterThan(0.9);
  });
});

describe('charted errors', () => {
  it('of released weights are at most one a network, single-crop, with a source', () => {
    const charted = members.flatMap((info) => {
      const errors = chartedErrors(notesOf(info.id).publishedErrors, 'weights', 'top1');
      expect(errors.length).toBeLessThanOrEqual(1);
      return errors;
    });
    expect(charted.length).toBeGreaterThan(30);
    expect(charted.every((e) => e.protocol === 'single-crop' && e.source !== '')).toBe(true);
  });

  it('of papers are the best figure of each protocol, on the classes of 2012', () => {
    const errors = chartedErrors(notesOf('googlenet').publishedErrors, 'papers', 'top5');
    expect(Object.fromEntries(errors.map((e) => [e.protocol, e.top5]))).toEqual({
      'single-crop': 10.07,
      '10-crop': 9.15,
      '144-crop': 7.89,
      ensemble: 6.67,
    });
  });
});

describe('the address of a comparison', () => {
  it('brings it back, settings of a family included', () => {
    const comparison = {
      nets: ['vgg-d', 'wide-resnet?depth=28&k=12', 'resnet-34'],
      base: 'vgg-d',
      x: 'params',
      y: 'top5',
      area: 'depth',
      figures: 'papers',
      sort: { column: 'memory', direction: 'descending' },
      columns: ['params', 'source'],
      trace: ['wide-resnet?depth=28&k=3', 'wide-resnet?depth=28&k=4'],
      pair: ['googlenet?module=naive', 'googlenet'],
    } as const;
    const query = new URLSearchParams();
    comparisonToQuery(comparison, query);
    expect(comparisonOfQuery(new URLSearchParams(query.toString()))).toEqual(comparison);
  });

  it('is short where nothing was changed, and has no column, order or setting that does not exist', () => {
    const query = new URLSearchParams();
    comparisonToQuery(firstComparison, query);
    expect([...query.keys()]).toEqual(['nets', 'x', 'y', 'area']);
    const read = (text: string) => comparisonOfQuery(new URLSearchParams(text));
    expect(read('sort=-params').sort).toEqual({ column: 'params', direction: 'descending' });
    expect(read('sort=name').sort).toEqual({ column: 'name', direction: 'ascending' });
    expect(read('sort=price').sort).toBeNull();
    expect(read('cols=source,price,year').columns).toEqual(['year', 'source']);
    expect(read('cols=').columns).toEqual([]);
    for (const text of ['pair=a', 'pair=a,', 'pair=a,b,c']) expect(read(text).pair).toBeNull();
    expect(
      read(`trace=${Array.from({ length: 40 }, (_, k) => `wide-resnet?k=${k}`).join(',')}`).trace,
    ).toEqual(Array.from({ length: mostVisited }, (_, k) => `wide-resnet?k=${k + 40 - mostVisited}`));
  });

  it('holds each visited setting once, at its last visit', () => {
    expect(['a', 'b', 'a'].reduce(visitedAfter, [] as readonly string[])).toEqual(['b', 'a']);
  });

  it('keeps to eight different networks and to what exists', () => {
    const read = comparisonOfQuery(new URLSearchParams('nets=a,b,a,c,d,e,f,g,h,i&base=z&x=price&y=top7'));
    expect(read).toMatchObject({ nets: [...'abcdefgh'], base: null, x: 'macs', y: 'top1' });
    expect(comparisonOfQuery(new URLSearchParams('nets='))).toMatchObject({ nets: [] });
    expect(comparisonOfQuery(new URLSearchParams('figures=papers'))).toEqual({
      ...firstComparison,
      figures: 'papers',
    });
  });
});

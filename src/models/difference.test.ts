import { describe, expect, it } from 'vitest';
import { graphDifference } from './difference.ts';
import type { GraphDifference } from './difference.ts';
import { aligned } from './differenceAlign.ts';
import { changeOf, differenceGroups } from './differenceGroups.ts';
import type { DifferenceGroup } from './differenceGroups.ts';
import type { Graph, Node } from './graph.ts';
import { nodesById } from './lookup.ts';
import { buildNetwork, members } from './zoo/index.ts';

const built = new Map<string, Graph>();
function graph(ref: string): Graph {
  if (!built.has(ref)) built.set(ref, buildNetwork(ref).graph);
  return built.get(ref)!;
}
interface Compared {
  readonly first: Graph;
  readonly second: Graph;
  readonly difference: GraphDifference;
  readonly groups: readonly DifferenceGroup[];
}
function compared(a: string, b: string): Compared {
  const [first, second] = [graph(a), graph(b)];
  const difference = graphDifference(first, second);
  return { first, second, difference, groups: differenceGroups(first, second, difference) };
}
const nodes = (of: Graph, ids: readonly string[]): readonly Node[] => ids.map((id) => nodesById(of).get(id)!);
const kinds = (of: Graph, ids: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { op } of nodes(of, ids)) counts[op.kind] = (counts[op.kind] ?? 0) + 1;
  return counts;
};
/** Groups as short lines: `16 onlyFirst add`. */
const lines = ({ first, second, groups }: Compared): readonly string[] =>
  groups.map(({ kind, block, members: [member], members: all }) => {
    const node = nodesById(first).get(member!.first ?? '') ?? nodesById(second).get(member!.second ?? '');
    return `${all.length} ${kind} ${block?.kind ?? node!.op.kind}`;
  });
const aspects = ({ difference }: Compared, id: string): Record<string, unknown> => {
  const pair = difference.pairs.find(({ first }) => first === id);
  if (!pair) throw new Error(`${id} has no counterpart`);
  return Object.fromEntries(pair.aspects.map(({ key, before, after }) => [key, [before, after]]));
};
const partnerOf = ({ difference }: Compared, id: string) =>
  difference.pairs.find(({ first }) => first === id)?.second;

describe('aligning sequences', () => {
  const equal = (a: string, b: string) => (a === b ? 1 : 0);
  const common = (a: string, b: string) =>
    aligned([...a], [...b], equal)
      .map(([i]) => a[i])
      .join('');
  it('finds the longest common subsequence', () => {
    expect(common('abcbdab', 'bdcaba')).toHaveLength(4);
    expect(common('abc', '')).toBe('');
  });
  it('takes the pairs of the largest sum, not the most pairs', () => {
    const table: Record<string, number> = { ax: 1, by: 1, bx: 5 };
    expect(aligned(['a', 'b'], ['x', 'y'], (a, b) => table[a + b] ?? 0)).toEqual([[1, 0]]);
  });
});

describe('ResNet-34 and the plain network (He et al. 2015, Fig. 3)', () => {
  const both = compared('resnet-34', 'plain-34');
  it('differ by sixteen sums and the three projections with their normalisations, and by nothing else', () => {
    expect(kinds(both.first, both.difference.onlyFirst)).toEqual({ add: 16, conv: 3, batchNorm: 3 });
    expect(both.difference.onlySecond).toEqual([]);
    expect(both.difference.pairs.filter(({ aspects: differs }) => differs.length > 0)).toEqual([]);
    expect(lines(both)).toEqual(['16 onlyFirst add', '3 onlyFirst conv']);
  });
  it('with option A differ by the sums and shortcuts without weights', () => {
    const { first, difference } = compared('resnet-34-a', 'plain-34');
    expect(kinds(first, difference.onlyFirst)).toMatchObject({ add: 16, channelPad: 3 });
    expect(kinds(first, difference.onlyFirst).conv).toBeUndefined();
  });
});

describe('AlexNet and ZFNet (Zeiler & Fergus 2014, Sec. 4.1)', () => {
  const both = compared('alexnet-2012', 'zfnet');
  it('differ by filters of 7x7 in place of 11x11, and stride 2 in place of 4', () => {
    expect(aspects(both, 'conv1')).toMatchObject({
      kernel: [
        [11, 11],
        [7, 7],
      ],
      stride: [
        [4, 4],
        [2, 2],
      ],
      shape: [
        [55, 55, 96],
        [110, 110, 96],
      ],
    });
  });
  it('differ by dense connections in place of those split over two GPUs', () => {
    for (const id of ['conv2', 'conv4', 'conv5']) expect(aspects(both, id)).toMatchObject({ groups: [2, 1] });
    expect(aspects(both, 'conv3')).toEqual({});
  });
  it('differ by the order of normalisation and pooling, which is told as such', () => {
    expect([both.difference.onlyFirst, both.difference.onlySecond].map((ids) => ids.join())).toEqual([
      'norm1,norm2',
      'norm1,norm2',
    ]);
  });
  it('have equal fully connected layers', () => {
    for (const id of ['fc6', 'fc7', 'fc8', 'softmax']) expect(aspects(both, id)).toEqual({});
  });
});

describe('GoogLeNet’s naive and reduced modules (Szegedy et al. 2015, Fig. 2)', () => {
  const both = compared('googlenet-naive', 'googlenet');
  it('differ by three 1x1 convolutions in each of nine modules', () => {
    expect(both.difference.onlyFirst).toEqual([]);
    expect(kinds(both.second, both.difference.onlySecond)).toEqual({ conv: 27, relu: 27 });
    for (const { op } of nodes(both.second, both.difference.onlySecond))
      if (op.kind === 'conv') expect(op.kernel).toEqual([1, 1]);
    expect(lines(both).filter((line) => line.includes('only'))).toEqual([
      '9 onlySecond conv',
      '9 onlySecond conv',
      '9 onlySecond conv',
    ]);
  });
  it('keep the 3x3 and 5x5, which then read fewer maps', () => {
    expect(partnerOf(both, 'inception_3a/5x5')).toBe('inception_3a/5x5');
    expect(aspects(both, 'inception_3a/5x5')).toEqual({ reads: [192, 16] });
    expect(both.difference.pairs.filter((pair) => changeOf(pair) === 'changed')).toEqual([]);
  });
});

describe('original and pre-activation units (He et al. 2016, Fig. 1)', () => {
  const both = compared('resnet-50', 'preact-resnet-50');
  it('have the same convolutions, sums and pools', () => {
    const minor = { batchNorm: expect.any(Number), relu: expect.any(Number) };
    expect(kinds(both.first, both.difference.onlyFirst)).toEqual(minor);
    expect(kinds(both.second, both.difference.onlySecond)).toEqual(minor);
    expect(both.difference.pairs.every((pair) => pair.aspects.length === 0)).toBe(true);
  });
  it('normalise and activate before the first convolution in place of after the last and after the sum', () => {
    const { onlyFirst, onlySecond } = both.difference;
    const inUnits = (ids: readonly string[], name: string) => ids.filter((id) => id.endsWith(`/${name}`));
    expect(inUnits(onlySecond, 'bn1')).toHaveLength(16);
    expect(inUnits(onlySecond, 'relu1')).toHaveLength(16);
    expect(inUnits(onlyFirst, 'bn3')).toHaveLength(16);
    expect(inUnits(onlyFirst, 'relu3')).toHaveLength(16);
    expect(inUnits(onlyFirst, 'shortcut_bn')).toHaveLength(4);
    expect(partnerOf(both, 'conv2_x/1/bn1')).toBe('conv2_x/1/bn2');
    expect(onlyFirst).toEqual(expect.arrayContaining(['bn1', 'relu1']));
    expect(onlySecond).toEqual(expect.arrayContaining(['bn_last', 'relu_last']));
  });
  it('have the same projections, though these stand before the branch here and behind it there', () => {
    expect(partnerOf(both, 'conv2_x/1/shortcut_conv')).toBe('conv2_x/1/shortcut_conv');
    const cifar = compared('cifar-resnet-110', 'preact-resnet-110');
    expect(partnerOf(cifar, 'conv3_x/1/shortcut_pad')).toBe('conv3_x/1/shortcut_pad');
  });
});

describe('ResNet-50 and ResNeXt-50 (Xie et al. 2017, Table 1)', () => {
  const both = compared('resnet-50', 'resnext-50-32x4d');
  it('have 3x3 convolutions of 32 groups and twice the width in all sixteen blocks', () => {
    const group = both.groups.find(({ aspects: ranges }) => ranges.some(({ key }) => key === 'groups'))!;
    expect(group.members).toHaveLength(16);
    expect(group.aspects.find(({ key }) => key === 'groups')!.values).toEqual([{ before: 1, after: 32 }]);
    expect(group.aspects.find(({ key }) => key === 'filters')!.ratio).toBe(2);
  });
  it('have 1x1 of twice the width before them, and no layer of their own', () => {
    expect(lines(both)).toEqual([
      '16 changed conv',
      '16 changed conv',
      '16 reads conv',
      '64 shape batchNorm',
    ]);
    expect(aspects(both, 'conv2_x/1/conv1')).toMatchObject({ filters: [64, 128] });
    expect(aspects(both, 'conv2_x/1/conv3')).toEqual({ reads: [64, 128] });
  });
});

describe('other pairs', () => {
  it('of one family and two depths differ by whole blocks', () => {
    expect(lines(compared('resnet-50', 'resnet-152'))).toEqual(['34 onlySecond bottleneck']);
  });
  it('of other ideas keep those whole', () => {
    const both = compared('googlenet', 'resnet-50');
    expect(lines(both)).toEqual(
      expect.arrayContaining(['9 onlyFirst inception', '16 onlySecond bottleneck', '1 changed conv']),
    );
  });
  it('tell an op that takes another’s place', () => {
    const both = compared('lenet-5', 'lenet-5-modern');
    expect(aspects(both, 's2')).toMatchObject({ kind: ['subsample', 'avgPool'] });
    expect(aspects(both, 'output')).toMatchObject({ kind: ['rbf', 'dense'] });
  });
  it('see the 3x3 that stands for the 5x5 in torchvision’s GoogLeNet', () => {
    const both = compared('googlenet', 'googlenet-torchvision');
    expect(aspects(both, 'inception_3a/5x5')).toMatchObject({
      kernel: [
        [5, 5],
        [3, 3],
      ],
    });
  });
});

const ids = members.map(({ id }) => id);
/** Every class of every node, counted; exactly one each. */
function isTotal(a: Graph, b: Graph, { pairs, onlyFirst, onlySecond }: GraphDifference): void {
  const count = (all: readonly string[]) => expect(new Set(all).size).toBe(all.length);
  const left = [...pairs.map(({ first }) => first), ...onlyFirst];
  const right = [...pairs.map(({ second }) => second), ...onlySecond];
  count(left);
  count(right);
  expect(new Set(left)).toEqual(new Set(a.nodes.map(({ id }) => id)));
  expect(new Set(right)).toEqual(new Set(b.nodes.map(({ id }) => id)));
}
function coversAll({ groups, difference }: Compared): void {
  const grouped = (kind: (of: DifferenceGroup) => boolean) =>
    groups.filter(kind).flatMap(({ members: all }) => all.flatMap((member) => member.nodes));
  expect(grouped(({ kind }) => kind === 'onlyFirst').sort()).toEqual([...difference.onlyFirst].sort());
  expect(grouped(({ kind }) => kind === 'onlySecond').sort()).toEqual([...difference.onlySecond].sort());
  const differing = difference.pairs.filter(({ aspects: differs }) => differs.length > 0);
  expect(grouped(({ kind }) => kind !== 'onlyFirst' && kind !== 'onlySecond').sort()).toEqual(
    differing.map(({ first }) => first).sort(),
  );
}

describe('every network of the zoo', () => {
  it.each(ids)('%s does not differ from itself', (id) => {
    const { first, difference, groups } = compared(id, id);
    expect(difference.pairs.map((pair) => pair.second)).toEqual(first.nodes.map((node) => node.id));
    expect(groups).toEqual([]);
    expect([...difference.blocks].filter(([from, to]) => from !== to)).toEqual([]);
  });
  it.each(ids)('%s is told apart from its neighbours, node by node, forwards and backwards', (id) => {
    const place = ids.indexOf(id);
    for (const step of [1, 7, 31]) {
      const other = ids[(place + step) % ids.length]!;
      const both = compared(id, other);
      isTotal(both.first, both.second, both.difference);
      coversAll(both);
      const back = graphDifference(both.second, both.first);
      isTotal(both.second, both.first, back);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { networkCost } from '../cost.ts';
import type { ConvScopeError } from '../errors.ts';
import type { OpKind } from '../graph.ts';
import { nodeById } from '../lookup.ts';
import { buildNetwork, members } from './index.ts';
import { notesOf } from './notes.ts';

const counts = (ref: string): readonly [params: number, macs: number] => {
  const { params, macs } = networkCost(buildNetwork(ref).graph);
  return [params, macs];
};

const nodesOf = (ref: string, kind: OpKind) =>
  buildNetwork(ref).graph.nodes.filter(({ op }) => op.kind === kind);

function refusal(ref: string): ConvScopeError {
  try {
    buildNetwork(ref);
  } catch (caught) {
    return caught as ConvScopeError;
  }
  throw new Error(`${ref} was built`);
}

/** Figures of the papers' tables, of forms that are not listed: parameters as printed, and what they are exactly. */
describe('forms of the tables that are not listed', () => {
  it.each([
    ['wide-resnet?depth=22&k=8', 17_158_106, 2_454_115_328],
    ['wide-resnet?depth=28&k=12', 52_517_850, 7_543_905_792],
    ['densenet?depth=264&k=48', 72_686_632, 12_850_693_632],
    ['resnet?depth=34&shortcut=C', 22_716_840, 3_830_747_136],
  ])('%s', (ref, params, macs) => {
    expect(counts(ref)).toEqual([params, macs]);
  });

  it('WRN-28-10 with a hundred classes', () => {
    expect(counts('wide-resnet?classes=100')[0]).toBe(36_536_884);
  });

  it("ResNeXt's Table 2: cardinality 1 to 32 at about the cost of ResNet-50", () => {
    const cells = [
      [1, 64],
      [2, 40],
      [4, 24],
      [8, 14],
      [32, 4],
    ] as const;
    for (const [cardinality, width] of cells) {
      const [params, macs] = counts(`resnext?depth=50&cardinality=${cardinality}&width=${width}`);
      expect(params / 25.0e6, `${cardinality}x${width}d`).toBeCloseTo(1, 1);
      expect(macs / 4.15e9, `${cardinality}x${width}d`).toBeCloseTo(1, 1);
    }
    expect(counts('resnext?cardinality=1&width=64')).toEqual(counts('resnet-50'));
  });

  it('a Wide ResNet of bottlenecks with k = 1 is ResNet', () => {
    expect(counts('wide-resnet-50-2?depth=101&k=1')).toEqual(counts('resnet-101'));
  });
});

describe('the three forms of a ResNeXt block', () => {
  const [a, b, c] = (['summed', 'concatenated', 'grouped'] as const).map(
    (form) => `resnext-29-8x64d?form=${form}`,
  ) as [string, string, string];

  it('have the same parameters and multiply-adds', () => {
    expect(counts(a)).toEqual(counts(c));
    expect(counts(b)).toEqual(counts(c));
  });

  it('are paths that are summed, paths that are joined, and one grouped convolution', () => {
    expect(nodeById(buildNetwork(a).graph, 'conv2_x/1/paths').inputs).toHaveLength(8);
    expect(nodeById(buildNetwork(b).graph, 'conv2_x/1/paths').shape).toEqual([32, 32, 512]);
    expect(nodeById(buildNetwork(c).graph, 'conv2_x/1/conv2').op).toMatchObject({ groups: 8 });
  });

  it('have the same errors', () => {
    const errors = (ref: string) => notesOf(ref).publishedErrors;
    expect(errors('resnext?form=summed')).toEqual(errors('resnext-50-32x4d'));
    expect(errors(a)).toEqual(errors('resnext-29-8x64d'));
    expect(errors('resnext-29-8x64d?classes=100').map(({ top1 }) => top1)).toEqual([17.77]);
    expect(errors('resnext?form=summed&classes=10')).toEqual([]);
  });
});

describe('shortcuts', () => {
  it('A takes every second position and adds zeros after the other channels', () => {
    const { graph } = buildNetwork('cifar-resnet-20');
    const pad = nodeById(graph, 'conv3_x/1/shortcut_pad');
    expect(pad.op).toEqual({ kind: 'channelPad', before: 0, after: 16 });
    expect(nodeById(graph, pad.inputs[0]!).op).toMatchObject({ kernel: [1, 1], stride: [2, 2] });
    expect(nodeById(graph, 'conv3_x/1/add').inputs).toContain(pad.id);
    expect(nodesOf('cifar-resnet-20', 'channelPad')).toHaveLength(2);
  });

  it('C projects in every block, none has no sums', () => {
    const projections = (ref: string) =>
      buildNetwork(ref).graph.nodes.filter(({ id }) => id.endsWith('/shortcut_conv')).length;
    expect(projections('resnet-34-c')).toBe(16);
    expect(projections('resnet-34')).toBe(3);
    expect(projections('resnet-34-a')).toBe(0);
    expect(nodesOf('plain-34', 'add')).toHaveLength(0);
    expect(nodesOf('resnet-34', 'add')).toHaveLength(16);
  });

  it('of a pre-activation unit read the sum itself, or its first activation where the shape changes', () => {
    const { graph } = buildNetwork('preact-resnet-164');
    expect(nodeById(graph, 'conv2_x/2/add').inputs).toContain('conv2_x/1/add');
    expect(nodeById(graph, 'conv3_x/1/shortcut_conv').inputs).toEqual(['conv3_x/1/relu1']);
  });
});

describe('structure of training', () => {
  it('stochastic depth: survival falls in a straight line to p_L', () => {
    const drops = nodesOf('stochastic-depth-resnet-110', 'dropout').map(({ op }) => op);
    expect(drops).toHaveLength(54);
    expect(drops[0]).toEqual({ kind: 'dropout', rate: 0.0093, wholePath: true });
    expect(drops[26]).toEqual({ kind: 'dropout', rate: 0.25, wholePath: true });
    expect(drops[53]).toEqual({ kind: 'dropout', rate: 0.5, wholePath: true });
    const survivors = drops.reduce((sum, op) => sum + (op.kind === 'dropout' ? 1 - op.rate : 0), 0);
    // (3L - 1)/4 with L = 54.
    expect(survivors).toBeCloseTo(40.25, 2);
    expect(nodesOf('stochastic-depth-resnet-1202', 'dropout')).toHaveLength(0);
    expect(nodesOf('stochastic-depth-resnet-1202?survival=true&pL=0.8', 'dropout').at(-1)!.op).toEqual({
      kind: 'dropout',
      rate: 0.2,
      wholePath: true,
    });
  });

  it.each([
    ['wide-resnet-28-10', 'dropout=true', 12],
    ['fractalnet-20', 'dropout=true', 28],
    ['fractalnet-20', 'dropPath=true', 25],
    ['densenet-l40-k12', 'dropout=true', 38],
    ['stochastic-depth-resnet-110', 'survival=false', 0],
    ['mobilenet-v2', 'dropout=false', 0],
  ])('%s with %s has %i dropouts and the counts and errors of the plain form', (id, setting, dropouts) => {
    const ref = `${id}?${setting}`;
    expect(nodesOf(ref, 'dropout')).toHaveLength(dropouts);
    expect(counts(ref)).toEqual(counts(id));
    expect(notesOf(ref).publishedErrors).toEqual(notesOf(id).publishedErrors);
  });
});

describe('FractalNet', () => {
  it('column c has 2^(c-1) convolutions a block, joined wherever columns end together', () => {
    const { graph } = buildNetwork('fractalnet-40');
    const inBlock = graph.nodes.filter(({ group }) => group === 'block1');
    for (const column of [1, 2, 3, 4]) {
      const own = inBlock.filter(({ id, op }) => op.kind === 'conv' && id.includes(`/conv${column}_`));
      expect(own).toHaveLength(2 ** (column - 1));
    }
    const joins = inBlock.filter(({ op }) => op.kind === 'mean');
    expect(joins.map(({ id, inputs }) => [id, inputs.length])).toEqual([
      ['block1/join_2', 2],
      ['block1/join_4', 3],
      ['block1/join_6', 2],
      ['block1/join_8', 4],
    ]);
  });

  it('one column is a plain stack', () => {
    expect(nodesOf('fractalnet?columns=1', 'mean')).toHaveLength(0);
    expect(buildNetwork('fractalnet?columns=1').info.depth).toBe(5);
  });
});

describe('impossible settings are refused with those that are possible', () => {
  it.each([
    ['resnet?depth=20', /depth=20\. Possible: 18, 34, 50, 101, 152\.$/],
    ['resnet?depth=18&stride=1x1', /stride=1x1 is possible with depth 50, 101 and 152\.$/],
    ['cifar-resnet?depth=21', /Possible: 8, 14, 20, \.\.\. 1202\.$/],
    ['preact-cifar-resnet?depth=110&unit=basic&shortcut=C', /Possible: A, B\.$/],
    ['preact-cifar-resnet?depth=113', /depth is 9n \+ 2; nearest to 113 are 110 and 119\.$/],
    ['preact-cifar-resnet?depth=8', /nearest to 8 are 11 and 20\.$/],
    ['preact-cifar-resnet?depth=11&unit=basic', /depth is 6n \+ 2; nearest to 11 are 8 and 14\.$/],
    ['wide-resnet?depth=30', /Possible: 10, 16, 22, \.\.\. 100\.$/],
    ['resnext-cifar?depth=30', /Possible: 11, 20, 29, /],
    ['stochastic-depth-resnet?pL=0', /Possible: a number from 0\.05 to 1\.$/],
    ['fractalnet?blocks=6', /Possible: a whole number from 1 to 5\.$/],
    ['cifar-densenet?depth=43&bc=true', /depth is 6n \+ 4; nearest to 43 are 40 and 46\.$/],
    ['densenet?depth=100', /Possible: 121, 161, 169, 201, 264\.$/],
  ])('%s', (ref, sentence) => {
    const { code, message } = refusal(ref);
    expect(code).toBe('bad-parameter');
    expect(message).toMatch(sentence);
  });
});

it('the reference of the README names a listed member', () => {
  expect(buildNetwork('wide-resnet?depth=28&k=10&classes=10').ref).toBe('wide-resnet-28-10');
});

it('every residual family is listed whole', () => {
  const ids = members.map(({ id }) => id);
  const families = ['resnet', 'preact-resnet', 'wide-resnet', 'resnext', 'stochastic-depth', 'fractalnet'];
  const listed = members.filter(({ family }) => [...families, 'densenet'].includes(family));
  expect(listed).toHaveLength(55);
  for (const depth of [20, 32, 44, 56, 110, 1202]) expect(ids).toContain(`cifar-resnet-${depth}`);
});

import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph, Node } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { factsOf } from './facts.ts';
import { byNodeId, family, onCifar100 } from './recipe.ts';
import type { MemberOf } from './recipe.ts';
import { classifier, imagenetStem } from './residual.ts';
import { boolean, choice, classesSpec, int, number, resolutionSpec } from './settings.ts';

/** Table 1: layers in each of the four dense blocks; 161 is the authors' release. */
const table = {
  121: [6, 12, 24, 16],
  161: [6, 12, 36, 24],
  169: [6, 12, 32, 32],
  201: [6, 12, 48, 32],
  264: [6, 12, 64, 48],
} as const;

interface Layers {
  /** k: maps that every layer adds. */
  readonly k: number;
  /** B: a 1x1 to 4k maps before each 3x3. */
  readonly bottleneck: boolean;
  /** theta: share of the maps that a transition keeps. */
  readonly compression: number;
  readonly dropout: number | undefined;
}

const weightless = (b: GraphBuilder, name: string, from: Value, filters: number, kernel: 1 | 3): Value =>
  b.conv(name, from, filters, kernel, { pad: (kernel - 1) / 2, bias: false });

const activated = (b: GraphBuilder, name: string, from: Value): Value =>
  b.relu(`relu${name}`, b.batchNorm(`bn${name}`, from));

/** Sec. 3: normalisation, ReLU, convolution; its k maps are joined to everything that it read. */
function denseLayer(b: GraphBuilder, from: Value, { k, bottleneck, dropout }: Layers): Value {
  const dropped = (name: string, x: Value): Value =>
    dropout === undefined ? x : b.dropout(name, x, dropout);
  let x = activated(b, '1', from);
  if (bottleneck) x = activated(b, '2', dropped('drop1', weightless(b, 'conv1', x, 4 * k, 1)));
  x = weightless(b, bottleneck ? 'conv2' : 'conv1', x, k, 3);
  return b.concat('concat', from, dropped(bottleneck ? 'drop2' : 'drop1', x));
}

/** Dense blocks with a transition (1x1 convolution, 2x2 average) after each but the last, and the last activation. */
function denseBlocks(b: GraphBuilder, from: Value, counts: readonly number[], layers: Layers): Value {
  let x = from;
  counts.forEach((count, index) => {
    b.block(`dense${index + 1}`, 'dense', () => {
      for (let i = 1; i <= count; i++) x = b.block(`${i}`, 'dense', () => denseLayer(b, x, layers));
    });
    if (index === counts.length - 1) return;
    b.block(`transition${index + 1}`, 'stage', () => {
      const kept = Math.floor(b.shapeOf(x)[2] * layers.compression);
      const narrowed = weightless(b, 'conv', activated(b, '', x), kept, 1);
      const { dropout } = layers;
      x = b.avgPool('pool', dropout === undefined ? narrowed : b.dropout('drop', narrowed, dropout), 2);
    });
  });
  return b.relu('relu_last', b.batchNorm('bn_last', x));
}

interface ImagenetSettings {
  readonly depth: keyof typeof table;
  readonly k: number;
  readonly compression: number;
  readonly resolution: number;
  readonly classes: number;
}

/** The DenseNet-BC of Table 1: 2k maps enter the first block. */
function imagenetGraph({ depth, k, compression, resolution, classes }: ImagenetSettings): Graph {
  const b = new GraphBuilder([resolution, resolution, 3]);
  const layers = { k, bottleneck: true, compression, dropout: undefined };
  return b.build(classifier(b, denseBlocks(b, imagenetStem(b, 2 * k), table[depth], layers), classes));
}

const inBlock: Readonly<Record<string, string>> = { bn1: 'norm1', bn2: 'norm2', bn: 'norm' };
const outside: Readonly<Record<string, string>> = {
  conv1: 'features.conv0',
  bn1: 'features.norm0',
  bn_last: 'features.norm5',
  fc: 'classifier',
};

export const torchvisionNames = (node: Node, parameter: string): string => {
  const [block, second, third] = node.id.split('/') as [string, string | undefined, string | undefined];
  if (second === undefined) return `${outside[block] ?? block}.${parameter}`;
  if (third === undefined) return `features.${block}.${inBlock[second] ?? second}.${parameter}`;
  const layer = `${block.replace('dense', 'denseblock')}.denselayer${second}`;
  return `features.${layer}.${inBlock[third] ?? third}.${parameter}`;
};

/** The released files, ported from Torch, still have `norm.1` and `conv.1`; torchvision renames them as it loads. */
const luaNames: NameMap = (node, parameter) =>
  torchvisionNames(node, parameter).replace(/(denselayer\d+\.(?:norm|conv))([12]\.)/, '$1.$2');

const figures = [
  [121, 32, 7_978_856, 2_834_161_664, 1024],
  [161, 48, 28_681_000, 7_727_907_072, 2208],
  [169, 32, 14_149_480, 3_359_843_328, 1664],
  [201, 32, 20_013_928, 4_291_365_888, 1920],
  [264, 32, 33_337_704, 5_751_653_376, 2688],
] as const;

const imagenetMembers: readonly MemberOf<ImagenetSettings>[] = figures.map(
  ([depth, k, params, macs, last]) => ({
    info: factsOf(`densenet-${depth}`, { classes: 1000, depth }),
    settings: { depth, k },
    expect: {
      params,
      macs,
      shapes: {
        'dense1/6/concat': [56, 56, 8 * k],
        'transition1/pool': [28, 28, 4 * k],
        'transition2/pool': [14, 14, 8 * k],
        relu_last: [7, 7, last],
      },
      source:
        depth === 161
          ? "the authors' release; equal to torchvision's densenet161"
          : 'Huang et al. 2017, Table 1',
    },
  }),
);

const growthSpec = (value: number): ReturnType<typeof int> =>
  int({ en: 'growth rate k', ko: '성장률 k' }, { min: 4, max: 96 }, value, {
    note: { en: 'Maps that each layer adds.', ko: '층마다 더하는 맵의 수.' },
  });

export const densenet = family({
  id: 'densenet',
  name: 'DenseNet',
  parameters: {
    depth: choice({ en: 'layers', ko: '층 수' }, [121, 161, 169, 201, 264], 121),
    k: growthSpec(32),
    compression: number({ en: 'compression', ko: '압축률' }, { min: 0.1, max: 1, step: 0.05 }, 0.5, {
      note: {
        en: 'Share of the maps that a transition keeps.',
        ko: '전이 층이 남기는 맵의 비율.',
      },
    }),
    resolution: resolutionSpec(224),
    classes: classesSpec(1000),
  },
  graph: imagenetGraph,
  names: () => ({
    torchvision: torchvisionNames,
    'torchvision-lua': luaNames,
    timm: torchvisionNames,
    convscope: byNodeId,
  }),
  title: ({ depth, k, compression }) => `DenseNet-${depth}, k = ${k}, compression ${compression}`,
  depth: ({ depth }) => depth,
  members: imagenetMembers,
});

interface CifarSettings {
  readonly depth: number;
  readonly k: number;
  readonly bc: boolean;
  readonly classes: number;
  readonly dropout: boolean;
}

/** Sec. 3: three dense blocks of (L - 4)/3 layers, or half as many with bottlenecks, which count twice. */
function cifarGraph({ depth, k, bc, classes, dropout }: CifarSettings): Graph {
  const count = (depth - 4) / (bc ? 6 : 3);
  const b = new GraphBuilder([32, 32, 3]);
  const first = weightless(b, 'conv1', b.input, bc ? 2 * k : 16, 3);
  const layers = { k, bottleneck: bc, compression: bc ? 0.5 : 1, dropout: dropout ? 0.2 : undefined };
  return b.build(classifier(b, denseBlocks(b, first, [count, count, count], layers), classes));
}

const cifarFigures = [
  [40, 12, false, 1_019_722, 264_812_928, 448],
  [100, 12, false, 6_979_642, 1_769_516_448, 1168],
  [100, 24, false, 27_249_082, 6_889_347_744, 2320],
  [100, 12, true, 769_162, 287_929_692, 342],
  [250, 24, true, 15_324_406, 5_418_785_724, 1734],
  [190, 40, true, 25_624_430, 9_301_945_740, 2190],
] as const;

const cifarMembers: readonly MemberOf<CifarSettings>[] = cifarFigures.map(
  ([depth, k, bc, params, macs, last]) => ({
    info: factsOf(`densenet-${bc ? 'bc-' : ''}l${depth}-k${k}`, { classes: 10, depth }),
    settings: { depth, k, bc },
    expect: {
      params,
      macs,
      shapes: { relu_last: [8, 8, last] },
      source: 'Huang et al. 2017, Sec. 3 (implementation details) and Table 2',
    },
  }),
);

export const cifarDensenet = family({
  id: 'cifar-densenet',
  name: 'DenseNet for CIFAR',
  parameters: {
    depth: int({ en: 'layers L', ko: '층 수 L' }, { min: 10, max: 250, step: 3 }, 40, {
      note: { en: '3n + 4, with bottlenecks 6n + 4.', ko: '3n + 4이며, 병목을 쓰면 6n + 4이다.' },
    }),
    k: growthSpec(12),
    bc: boolean({ en: 'bottlenecks and compression (BC)', ko: '병목과 압축(BC)' }, false),
    classes: classesSpec(10),
    dropout: boolean({ en: 'dropout 0.2', ko: '드롭아웃 0.2' }, false, { trainingOnly: true }),
  },
  check: ({ depth, bc }) => {
    if (!bc || (depth - 4) % 6 === 0) return null;
    return {
      en: `With bc=true the depth is 6n + 4; nearest to ${depth} are ${depth - 3} and ${depth + 3}.`,
      ko: `bc=true이면 층 수(depth)는 6n + 4입니다. ${depth}에 가장 가까운 값은 ${depth - 3}과 ${depth + 3}입니다.`,
    };
  },
  graph: cifarGraph,
  names: () => ({ convscope: byNodeId }),
  published: ({ depth, k, bc, classes }) =>
    onCifar100(
      cifarMembers.find(({ settings }) => settings.depth === depth && settings.k === k && settings.bc === bc),
      classes,
    ),
  title: ({ depth, k, bc }) => `DenseNet${bc ? '-BC' : ''} L=${depth} k=${k}`,
  depth: ({ depth }) => depth,
  members: cifarMembers,
});

import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph, Shape } from '../graph.ts';
import { byNodeId, datasetOf, family, onCifar100 } from './recipe.ts';
import type { MemberOf } from './recipe.ts';
import { SHORTCUTS, basic, classifier, convBn, stages } from './residual.ts';
import type { Shortcut } from './residual.ts';
import { factsOf } from './facts.ts';
import { boolean, choice, classesSpec, int, number } from './settings.ts';

/** CIFAR's pictures, and those of MNIST and Fashion-MNIST. */
const inputs: Readonly<Record<string, Shape>> = { '32x32x3': [32, 32, 3], '28x28x1': [28, 28, 1] };

export const inputSpec = choice({ en: 'input', ko: '입력' }, ['32x32x3', '28x28x1'], '32x32x3');

/** Sec. 4.2: one 3x3 convolution of 16 maps, which keeps the size. */
export function cifarStem(b: GraphBuilder): Value {
  return b.relu('relu1', convBn(b, ['conv1', 'bn1'], b.input, 16, 3));
}

interface Settings {
  /** 6n + 2: the first convolution, three stages of n blocks of two, and the dense layer. */
  readonly depth: number;
  readonly shortcut: Shortcut;
  readonly input: '32x32x3' | '28x28x1';
  readonly classes: number;
  /** Of the last block; blocks before it survive more often, by a straight line from 1. */
  readonly pL?: number;
}

/** The table of Sec. 4.2: 2n layers with 16, 32 and 64 maps of 32x32, 16x16 and 8x8. */
function cifarResnetGraph({ depth, shortcut, input, classes, pL }: Settings): Graph {
  const blocks = (depth - 2) / 6;
  const b = new GraphBuilder(inputs[input]!);
  const x = stages(b, cifarStem(b), 'residual', [blocks, blocks, blocks], (from, stage, stride, position) =>
    basic(b, from, 16 * 2 ** stage, stride, {
      shortcut,
      ...(pL === undefined ? {} : { dropPath: dropProbability(position, 3 * blocks, pL) }),
    }),
  );
  return b.build(classifier(b, x, classes));
}

/** 1 - p_l of the linear decay p_l = 1 - (l/L)(1 - p_L), to four decimals. */
export function dropProbability(position: number, blocks: number, pL: number): number {
  return Math.round((position / blocks) * (1 - pL) * 1e4) / 1e4;
}

const depthSpec = (value: number): ReturnType<typeof int> =>
  int({ en: 'layers', ko: '층 수' }, { min: 8, max: 1202, step: 6 }, value);

type Member = MemberOf<Omit<Settings, 'pL'>>;

/** 6n + 2 layers with their parameters and MACs, the same with option A and without shortcuts. */
const figures = [
  [20, 269_722, 40_551_040],
  [32, 464_154, 68_862_592],
  [44, 658_586, 97_174_144],
  [56, 853_018, 125_485_696],
  [110, 1_727_962, 252_887_680],
  [1202, 19_421_274, 2_829_238_912],
] as const;

const stageShapes = (depth: number): Readonly<Record<string, Shape>> => {
  const last = (depth - 2) / 6;
  return {
    [`conv2_x/${last}/relu2`]: [32, 32, 16],
    [`conv3_x/${last}/relu2`]: [16, 16, 32],
    [`conv4_x/${last}/relu2`]: [8, 8, 64],
  };
};

const source = 'He et al. 2015, Sec. 4.2 and Table 6';

const residualMembers: readonly Member[] = figures.map(([depth, params, macs]) => ({
  info: factsOf(`cifar-resnet-${depth}`, { classes: 10, depth }),
  settings: { depth },
  expect: { params, macs, shapes: stageShapes(depth), source },
}));

const plainMembers: readonly Member[] = figures.slice(0, 4).map(([depth, params, macs]) => ({
  info: factsOf(`cifar-plain-${depth}`, { classes: 10, depth }),
  settings: { depth, shortcut: 'none' },
  expect: { params, macs, shapes: stageShapes(depth), source },
}));

export const cifarResnet = family({
  id: 'cifar-resnet',
  name: 'ResNet for small pictures',
  parameters: {
    depth: depthSpec(20),
    shortcut: choice({ en: 'shortcuts', ko: '지름길 연결' }, SHORTCUTS, 'A', {
      note: {
        en: 'A: zero channels where the shape changes; B: a 1x1 projection there; C: a projection in every block; none: the plain network.',
        ko: 'A: 형태가 바뀌는 곳에 0인 채널을 덧붙인다. B: 그곳에 1x1 투영을 둔다. C: 모든 블록에 투영을 둔다. none: 지름길이 없는 보통의 망.',
      },
    }),
    input: inputSpec,
    classes: classesSpec(10),
  },
  graph: cifarResnetGraph,
  names: () => ({ convscope: byNodeId }),
  title: ({ depth, shortcut, input }) =>
    [
      `${shortcut === 'none' ? 'Plain' : 'ResNet'}-${depth} for ${input}`,
      ...(shortcut === 'B' || shortcut === 'C' ? [`shortcuts ${shortcut}`] : []),
    ].join(', '),
  dataset: ({ input, classes }) =>
    input === '28x28x1' ? datasetOf('Fashion-MNIST', 10, classes) : datasetOf('CIFAR-10', 10, classes),
  depth: ({ depth }) => depth,
  members: [
    ...residualMembers,
    ...plainMembers,
    {
      info: factsOf('cifar-resnet-20', {
        id: 'fashion-resnet-20',
        name: 'ResNet-20 (28x28, one channel)',
        dataset: 'Fashion-MNIST',
        classes: 10,
        depth: 20,
      }),
      settings: { depth: 20, input: '28x28x1' },
      expect: {
        params: 269_434,
        macs: 30_821_248,
        shapes: { 'conv2_x/3/relu2': [28, 28, 16], 'conv4_x/3/relu2': [7, 7, 64] },
        source: 'ResNet-20 of Sec. 4.2 with 288 weights less in conv1 and 28x28 in place of 32x32',
      },
    },
  ],
});

interface StochasticSettings {
  readonly depth: number;
  readonly pL: number;
  readonly survival: boolean;
  readonly classes: number;
}

const stochasticMembers: readonly MemberOf<StochasticSettings>[] = figures
  .slice(4)
  .map(([depth, params, macs]) => ({
    info: factsOf(`stochastic-depth-resnet-${depth}`, { classes: 10, depth }),
    // Six hundred blocks, each with a probability of its own, are shown on demand.
    settings: { depth, survival: depth < 1000 },
    expect: { params, macs, shapes: stageShapes(depth), source: `Huang et al. 2016; ${source}` },
  }));

export const stochasticDepth = family({
  id: 'stochastic-depth-resnet',
  name: 'ResNet with stochastic depth',
  parameters: {
    depth: depthSpec(110),
    pL: number(
      { en: 'survival of the last block, p_L', ko: '마지막 블록의 생존 확률 p_L' },
      { min: 0.05, max: 1, step: 0.05 },
      0.5,
      {
        note: {
          en: 'Block l of L survives a training step with probability 1 - (l/L)(1 - p_L).',
          ko: 'L개 가운데 l번째 블록은 학습 단계마다 1 - (l/L)(1 - p_L)의 확률로 살아남는다.',
        },
      },
    ),
    survival: boolean({ en: 'dropping of blocks', ko: '블록 건너뛰기' }, true, { trainingOnly: true }),
    classes: classesSpec(10),
  },
  graph: ({ depth, pL, survival, classes }) =>
    cifarResnetGraph({ depth, shortcut: 'A', input: '32x32x3', classes, ...(survival ? { pL } : {}) }),
  names: () => ({ convscope: byNodeId }),
  published: ({ depth, pL, classes }) =>
    pL === 0.5
      ? onCifar100(
          stochasticMembers.find(({ settings }) => settings.depth === depth),
          classes,
        )
      : null,
  title: ({ depth, pL }) => `ResNet-${depth} with stochastic depth, p_L = ${pL}`,
  depth: ({ depth }) => depth,
  members: stochasticMembers,
});

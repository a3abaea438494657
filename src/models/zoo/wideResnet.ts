import { GraphBuilder } from '../build.ts';
import type { Graph } from '../graph.ts';
import { lastActivation, preactBasic } from './preactUnits.ts';
import { byNodeId, family, onCifar100 } from './recipe.ts';
import type { MemberOf } from './recipe.ts';
import { bottleneck, classifier, imagenetStem, stages } from './residual.ts';
import { table, torchvisionNames } from './resnet.ts';
import { boolean, choice, classesSpec, int, number, resolutionSpec } from './settings.ts';
import { factsOf } from './facts.ts';

interface WideSettings {
  /** 6n + 4: with n units in each of three stages, and the three projections counted. */
  readonly depth: number;
  /** Times as many maps as the ResNet of Sec. 4.2 has. */
  readonly k: number;
  readonly dropout: boolean;
  readonly classes: number;
}

/** Table 1: three stages of n pre-activation units with 16k, 32k and 64k maps. */
function wideGraph({ depth, k, dropout, classes }: WideSettings): Graph {
  const units = (depth - 4) / 6;
  const b = new GraphBuilder([32, 32, 3]);
  const first = b.conv('conv1', b.input, 16, 3, { pad: 1, bias: false });
  const x = stages(b, first, 'residual', [units, units, units], (from, stage, stride) =>
    preactBasic(b, from, 16 * k * 2 ** stage, stride, {
      shortcut: 'B',
      ...(dropout ? { dropout: 0.3 } : {}),
    }),
  );
  return b.build(classifier(b, lastActivation(b, x), classes));
}

/** Depth, k, parameters and MACs of the members. */
const figures = [
  [16, 8, 10_961_370, 1_548_145_664],
  [28, 10, 36_479_194, 5_243_328_768],
  [40, 4, 8_949_210, 1_298_582_016],
] as const;

const members: readonly MemberOf<WideSettings>[] = figures.map(([depth, k, params, macs]) => ({
  info: factsOf(`wide-resnet-${depth}-${k}`, { classes: 10, depth }),
  settings: { depth, k },
  expect: {
    params,
    macs,
    shapes: {
      [`conv2_x/${(depth - 4) / 6}/add`]: [32, 32, 16 * k],
      [`conv3_x/${(depth - 4) / 6}/add`]: [16, 16, 32 * k],
      relu_last: [8, 8, 64 * k],
    },
    source: "Zagoruyko & Komodakis 2016, Tables 1 and 4; the authors' pytorch/resnet.py",
  },
}));

export const wideResnet = family({
  id: 'wide-resnet',
  name: 'Wide ResNet',
  parameters: {
    depth: int({ en: 'layers', ko: '층 수' }, { min: 10, max: 100, step: 6 }, 28),
    k: int({ en: 'widening factor', ko: '너비 배수' }, { min: 1, max: 20 }, 10),
    dropout: boolean({ en: 'dropout 0.3 in every unit', ko: '블록마다 드롭아웃 0.3' }, false, {
      trainingOnly: true,
    }),
    classes: classesSpec(10),
  },
  graph: wideGraph,
  names: () => ({ convscope: byNodeId }),
  title: ({ depth, k }) => `WRN-${depth}-${k}`,
  published: ({ depth, k, classes }) =>
    onCifar100(
      members.find(({ settings }) => settings.depth === depth && settings.k === k),
      classes,
    ),
  depth: ({ depth }) => depth,
  members,
});

interface WideBottleneckSettings {
  readonly depth: 50 | 101 | 152;
  readonly k: number;
  readonly resolution: number;
  readonly classes: number;
}

/** ResNet's bottlenecks with k times the maps in their 3x3; what goes in and out has the usual width. */
function wideBottleneckGraph({ depth, k, resolution, classes }: WideBottleneckSettings): Graph {
  const b = new GraphBuilder([resolution, resolution, 3]);
  const x = stages(b, imagenetStem(b), 'bottleneck', table[depth].blocks, (from, stage, stride) => {
    const width = 64 * 2 ** stage;
    const widths = { inner: Math.round(width * k), outer: 4 * width };
    return bottleneck(b, from, widths, stride, { shortcut: 'B', strideIn: '3x3' });
  });
  return b.build(classifier(b, x, classes));
}

export const wideBottleneckResnet = family({
  id: 'wide-bottleneck-resnet',
  name: 'Wide ResNet of bottlenecks',
  parameters: {
    depth: choice({ en: 'layers', ko: '층 수' }, [50, 101, 152], 50),
    k: number({ en: 'widening factor', ko: '너비 배수' }, { min: 0.5, max: 4, step: 0.25 }, 2),
    resolution: resolutionSpec(224),
    classes: classesSpec(1000),
  },
  graph: wideBottleneckGraph,
  names: () => ({ torchvision: torchvisionNames, timm: torchvisionNames, convscope: byNodeId }),
  title: ({ depth, k }) => `WRN-${depth}-${k}-bottleneck`,
  depth: ({ depth }) => depth,
  members: [
    {
      info: factsOf('wide-resnet-50-2', { classes: 1000, depth: 50 }),
      settings: { depth: 50, k: 2 },
      expect: {
        params: 68_883_240,
        macs: 11_398_021_120,
        shapes: { 'conv2_x/1/conv2': [56, 56, 128], 'conv5_x/3/relu3': [7, 7, 2048] },
        source: "Zagoruyko & Komodakis 2016, Table 8 (68.9 million); equal to torchvision's wide_resnet50_2",
      },
    },
  ],
});

import { GraphBuilder } from '../build.ts';
import type { ConvOptions, Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import { byNodeId, datasetOf, family } from './recipe.ts';
import { boolean, choice, classesSpec } from './settings.ts';
import { factsOf } from './facts.ts';

interface NinSettings {
  readonly data: 'cifar' | 'imagenet';
  readonly classes: number;
  readonly dropout: boolean;
}

/** One mlpconv layer: the kernel of its convolution, and the maps of it and of the two 1x1 after it. */
interface Row {
  readonly kernel: number;
  readonly options: ConvOptions;
  /** null: as many as classes. */
  readonly maps: readonly [number, number, number | null];
  readonly pool: 'max' | 'average' | 'global';
  readonly dropout: boolean;
}

/** Widths of the authors' releases; the figure of the paper has three mlpconv layers and no numbers. */
const tables: Readonly<Record<NinSettings['data'], readonly Row[]>> = {
  cifar: [
    { kernel: 5, options: { pad: 2 }, maps: [192, 160, 96], pool: 'max', dropout: true },
    { kernel: 5, options: { pad: 2 }, maps: [192, 192, 192], pool: 'average', dropout: true },
    { kernel: 3, options: { pad: 1 }, maps: [192, 192, null], pool: 'global', dropout: false },
  ],
  imagenet: [
    { kernel: 11, options: { stride: 4 }, maps: [96, 96, 96], pool: 'max', dropout: false },
    { kernel: 5, options: { pad: 2 }, maps: [256, 256, 256], pool: 'max', dropout: false },
    { kernel: 3, options: { pad: 1 }, maps: [384, 384, 384], pool: 'max', dropout: true },
    { kernel: 3, options: { pad: 1 }, maps: [1024, 1024, null], pool: 'global', dropout: false },
  ],
};

/** Sec. 3: a convolution, then a small perceptron at every position, which is two 1x1 convolutions ("cccp"). */
function ninGraph({ data, classes, dropout }: NinSettings): Graph {
  const b = new GraphBuilder(data === 'cifar' ? [32, 32, 3] : [227, 227, 3]);
  let x = b.input;
  tables[data].forEach((row, index) => {
    const layer = index + 1;
    x = b.block(`mlpconv${layer}`, 'stage', () => mlpconv(b, x, layer, row, classes));
    if (row.pool === 'max') x = b.maxPool(`pool${layer}`, x, 3, { stride: 2, ceil: true });
    else if (row.pool === 'average') x = b.avgPool(`pool${layer}`, x, 3, { stride: 2, ceil: true });
    else x = b.globalAvgPool(`pool${layer}`, x);
    if (dropout && row.dropout) x = b.dropout(`drop${layer}`, x, 0.5);
  });
  return b.build(b.softmax('softmax', x));
}

function mlpconv(b: GraphBuilder, from: Value, layer: number, row: Row, classes: number): Value {
  const { kernel, options, maps } = row;
  let x = b.relu(`relu${layer}0`, b.conv(`conv${layer}`, from, maps[0], kernel, options));
  for (const i of [1, 2] as const) {
    const cccp = 2 * layer - 2 + i;
    x = b.relu(`relu${layer}${i}`, b.conv(`cccp${cccp}`, x, maps[i] ?? classes, 1));
  }
  return x;
}

export const nin = family({
  id: 'nin',
  name: 'Network in Network',
  parameters: {
    data: choice({ en: 'data set', ko: '데이터셋' }, ['cifar', 'imagenet'], 'cifar', {
      valueLabels: {
        cifar: { en: 'CIFAR: 32x32, three mlpconv layers', ko: 'CIFAR: 32x32, mlpconv 층 세 개' },
        imagenet: { en: 'ImageNet: 227x227, four mlpconv layers', ko: 'ImageNet: 227x227, mlpconv 층 네 개' },
      },
    }),
    classes: classesSpec(10),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  graph: ninGraph,
  dataset: ({ data, classes }) =>
    data === 'cifar' ? datasetOf('CIFAR-10', 10, classes) : datasetOf('ImageNet-1k', 1000, classes),
  names: () => ({ convscope: byNodeId }),
  members: [
    {
      info: factsOf('nin-cifar', { classes: 10, depth: 9 }),
      settings: {},
      expect: {
        params: 966_986,
        macs: 222_486_528,
        shapes: { pool1: [16, 16, 96], pool2: [8, 8, 192], 'mlpconv3/cccp6': [8, 8, 10], pool3: [1, 1, 10] },
        source: "computed from the widths of the authors' release",
      },
    },
    {
      info: factsOf('nin-imagenet', { classes: 1000, depth: 12 }),
      settings: { data: 'imagenet', classes: 1000 },
      expect: {
        params: 7_595_176,
        macs: 1_105_996_320,
        shapes: { pool1: [27, 27, 96], pool2: [13, 13, 256], pool3: [6, 6, 384], pool4: [1, 1, 1000] },
        source: "computed from the widths of the authors' Caffe model",
      },
    },
  ],
});

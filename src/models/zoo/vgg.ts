import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph, Node } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { byNodeId, family } from './recipe.ts';
import type { FamilyOf } from './recipe.ts';
import { boolean, choice, classesSpec } from './settings.ts';
import { factsOf } from './facts.ts';

/** Table 1: the convolutions of each of the five stages by kernel and maps; `lrn` normalises after the first. */
const table = {
  A: [['3-64'], ['3-128'], ['3-256', '3-256'], ['3-512', '3-512'], ['3-512', '3-512']],
  'A-LRN': [['3-64', 'lrn'], ['3-128'], ['3-256', '3-256'], ['3-512', '3-512'], ['3-512', '3-512']],
  B: [
    ['3-64', '3-64'],
    ['3-128', '3-128'],
    ['3-256', '3-256'],
    ['3-512', '3-512'],
    ['3-512', '3-512'],
  ],
  C: [
    ['3-64', '3-64'],
    ['3-128', '3-128'],
    ['3-256', '3-256', '1-256'],
    ['3-512', '3-512', '1-512'],
    ['3-512', '3-512', '1-512'],
  ],
  D: [
    ['3-64', '3-64'],
    ['3-128', '3-128'],
    ['3-256', '3-256', '3-256'],
    ['3-512', '3-512', '3-512'],
    ['3-512', '3-512', '3-512'],
  ],
  E: [
    ['3-64', '3-64'],
    ['3-128', '3-128'],
    ['3-256', '3-256', '3-256', '3-256'],
    ['3-512', '3-512', '3-512', '3-512'],
    ['3-512', '3-512', '3-512', '3-512'],
  ],
} as const;

export type Configuration = keyof typeof table;

interface VggSettings {
  readonly configuration: Configuration;
  readonly bn: boolean;
  readonly classes: number;
  readonly dropout: boolean;
}

/** The paper's A-LRN has AlexNet's constants. */
const lrn = { size: 5, alpha: 1e-4, beta: 0.75, k: 2, alphaOverSize: false };

/** Table 1, column by column: stages of small convolutions, each followed by 2x2 pooling, and three dense layers. */
function vggGraph({ configuration, bn, classes, dropout }: VggSettings): Graph {
  const b = new GraphBuilder([224, 224, 3]);
  let x = b.input;
  table[configuration].forEach((rows: readonly string[], index) => {
    const stage = index + 1;
    x = b.block(`stage${stage}`, 'stage', () => {
      rows.forEach((row, i) => {
        x = row === 'lrn' ? b.lrn('norm1', x, lrn) : convolution(b, `${stage}_${i + 1}`, x, row, bn);
      });
      return b.maxPool(`pool${stage}`, x, 2);
    });
  });
  for (const layer of [6, 7]) {
    x = b.relu(`relu${layer}`, b.dense(`fc${layer}`, x, 4096));
    if (dropout) x = b.dropout(`drop${layer}`, x, 0.5);
  }
  return b.build(b.softmax('softmax', b.dense('fc8', x, classes)));
}

/** One cell of Table 1, `3-64`: the kernel's size and the number of maps. */
function convolution(b: GraphBuilder, name: string, from: Value, cell: string, bn: boolean): Value {
  const [kernel, filters] = cell.split('-').map(Number) as [number, number];
  let x = b.conv(`conv${name}`, from, filters, kernel, { pad: (kernel - 1) / 2 });
  if (bn) x = b.batchNorm(`bn${name}`, x);
  return b.relu(`relu${name}`, x);
}

/** torchvision counts every convolution, normalisation, ReLU and pool in one sequence. */
function torchvisionNames({ configuration, bn }: VggSettings): NameMap {
  const modules = new Map<string, string>([
    ['fc6', 'classifier.0'],
    ['fc7', 'classifier.3'],
    ['fc8', 'classifier.6'],
  ]);
  let position = 0;
  table[configuration].forEach((rows: readonly string[], index) => {
    rows.forEach((_, i) => {
      const cell = `${index + 1}_${i + 1}`;
      modules.set(`stage${index + 1}/conv${cell}`, `features.${position}`);
      modules.set(`stage${index + 1}/bn${cell}`, `features.${position + 1}`);
      position += bn ? 3 : 2;
    });
    position += 1;
  });
  return (node: Node, parameter: string) => {
    const module = modules.get(node.id);
    return module === undefined ? null : `${module}.${parameter}`;
  };
}

/** timm's dense layers are convolutions, the first of them 7x7. */
function timmNames(settings: VggSettings): NameMap {
  const dense: Readonly<Record<string, string>> = {
    fc6: 'pre_logits.fc1',
    fc7: 'pre_logits.fc2',
    fc8: 'head.fc',
  };
  const features = torchvisionNames(settings);
  return (node, parameter) => {
    const module = dense[node.id];
    if (module === undefined) return features(node, parameter);
    const tensor = `${module}.${parameter}`;
    return node.id === 'fc8' || parameter === 'bias' ? tensor : { tensor, layout: 'reshaped' };
  };
}

/** torchvision has A, B, D and E, and timm the same. */
const inTorchvision: readonly Configuration[] = ['A', 'B', 'D', 'E'];
const depths: Readonly<Record<Configuration, number>> = { A: 11, 'A-LRN': 11, B: 13, C: 16, D: 16, E: 19 };

/** Parameters without and with batch normalisation, and MACs, of the members. */
const figures: readonly (readonly [Configuration, params: number, withBn: number | null, macs: number])[] = [
  ['A', 132_863_336, 132_868_840, 7_609_090_048],
  ['A-LRN', 132_863_336, null, 7_609_090_048],
  ['B', 133_047_848, 133_053_736, 11_308_466_176],
  ['C', 133_638_952, 133_647_400, 11_770_888_192],
  ['D', 138_357_544, 138_365_992, 15_470_264_320],
  ['E', 143_667_240, 143_678_248, 19_632_062_464],
];

const shapes = {
  'stage1/pool1': [112, 112, 64],
  'stage2/pool2': [56, 56, 128],
  'stage3/pool3': [28, 28, 256],
  'stage4/pool4': [14, 14, 512],
  'stage5/pool5': [7, 7, 512],
} as const;

const paperSource = 'Simonyan & Zisserman 2014, Tables 1 and 2';

/** vgg-d-bn: a column of Table 1, with batch normalisation or without. */
export const vggId = (configuration: Configuration, bn: boolean): string =>
  `vgg-${configuration.toLowerCase()}${bn ? '-bn' : ''}`;

function members(bn: boolean): FamilyOf<VggSettings>['members'] {
  return figures.flatMap(([configuration, plain, withBn, macs]) => {
    const params = bn ? withBn : plain;
    if (params === null) return [];
    return [
      {
        info: factsOf(vggId(configuration, bn), { classes: 1000, depth: depths[configuration] }),
        settings: { configuration, bn },
        expect: {
          params,
          macs,
          shapes,
          source: bn ? `${paperSource}; 2 more a map with batch normalisation` : paperSource,
        },
      },
    ];
  });
}

export const vgg = family({
  id: 'vgg',
  name: 'VGG',
  parameters: {
    configuration: choice(
      { en: 'configuration of Table 1', ko: '표 1의 구성' },
      ['A', 'A-LRN', 'B', 'C', 'D', 'E'],
      'D',
    ),
    bn: boolean({ en: 'batch normalisation', ko: '배치 정규화' }, false),
    classes: classesSpec(1000),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  check: ({ configuration, bn }) =>
    configuration === 'A-LRN' && bn
      ? {
          en: 'A-LRN has response normalisation; with bn=true the configurations A, B, C, D and E are possible.',
          ko: 'A-LRN에는 국소 응답 정규화가 있습니다. bn=true이면 A, B, C, D, E 구성이 가능합니다.',
        }
      : null,
  graph: vggGraph,
  names: (settings): Readonly<Record<string, NameMap>> =>
    inTorchvision.includes(settings.configuration)
      ? { torchvision: torchvisionNames(settings), timm: timmNames(settings), convscope: byNodeId }
      : { convscope: byNodeId },
  depth: ({ configuration }) => depths[configuration],
  members: [...members(false), ...members(true)],
});

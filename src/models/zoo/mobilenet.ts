import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { factsOf } from './facts.ts';
import { byNodeId, family } from './recipe.ts';
import { boolean, choice, classesSpec, int, number } from './settings.ts';

/**
 * Table 1, rows of depthwise and pointwise pairs: maps and stride. The table prints stride 2 for the last depthwise
 * layer, but its own sizes need 1.
 */
const table: readonly (readonly [maps: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** Sec. 4.1: the shallow variant leaves out the five layers of 14x14x512. */
const repeated = { from: 6, count: 5 };

interface MobilenetSettings {
  /** The width multiplier. */
  readonly alpha: number;
  readonly resolution: number;
  readonly classes: number;
  /** Sec. 4.1 compares with the same network of full convolutions. */
  readonly convolution: 'separable' | 'full';
  readonly shallow: boolean;
  /** ReLU as the paper draws it, or capped at 6 as the released weights were trained (TF-Slim, timm). */
  readonly activation: 'relu' | 'relu6';
}

function mobilenetGraph(settings: MobilenetSettings): Graph {
  const { alpha, resolution, classes, convolution, shallow, activation } = settings;
  // Batch normalisation and ReLU after each convolution, Fig. 3.
  const normalised = (b: GraphBuilder, name: string, convolved: Value): Value =>
    b.relu(`${name}_relu`, b.batchNorm(`${name}_bn`, convolved), activation === 'relu6' ? { cap: 6 } : {});

  // TF-Slim rounds down and keeps at least 8; at the paper's multipliers every width is whole.
  const width = (maps: number): number => Math.max(8, Math.floor(maps * alpha));
  const b = new GraphBuilder([resolution, resolution, 3]);
  let x = b.conv('conv1', b.input, width(32), 3, { stride: 2, pad: 1, bias: false });
  x = normalised(b, 'conv1', x);
  const rows = shallow ? table.toSpliced(repeated.from, repeated.count) : table;
  rows.forEach(([maps, stride], index) => {
    const options = { stride, pad: 1, bias: false } as const;
    if (convolution === 'full') {
      const name = `conv${index + 2}`;
      x = normalised(b, name, b.conv(name, x, width(maps), 3, options));
      return;
    }
    x = b.block(`block_${String(index + 1).padStart(2, '0')}`, 'separable', () => {
      const filtered = normalised(b, 'depthwise', b.depthwise('depthwise', x, 3, options));
      return normalised(b, 'pointwise', b.conv('pointwise', filtered, width(maps), 1, { bias: false }));
    });
  });
  x = b.globalAvgPool('avgpool', x);
  return b.build(b.softmax('softmax', b.dense('fc', x, classes)));
}

const timmModules: Readonly<Record<string, string>> = {
  conv1: 'conv_stem',
  conv1_bn: 'bn1',
  fc: 'classifier',
  depthwise: 'conv_dw',
  depthwise_bn: 'bn1',
  pointwise: 'conv_pw',
  pointwise_bn: 'bn2',
};

/** timm's mobilenetv1_100 counts blocks anew wherever the number of maps changes. */
const timmNames: NameMap = (node, parameter) => {
  const inside = /^block_(\d+)\/(.+)$/.exec(node.id);
  const module = timmModules[inside ? inside[2]! : node.id];
  if (module === undefined) return null;
  if (!inside) return `${module}.${parameter}`;
  const row = Number(inside[1]) - 1;
  const maps = table[row]![0];
  const stage = [64, 128, 256, 512, 1024].indexOf(maps);
  const position = row - table.findIndex(([each]) => each === maps);
  return `blocks.${stage}.${position}.${module}.${parameter}`;
};

/** Table 6: multipliers with their parameters and MACs at 224x224. */
const figures = [
  [1, 4_231_976, 568_740_352],
  [0.75, 2_585_560, 325_400_448],
  [0.5, 1_331_592, 149_497_088],
  [0.25, 470_072, 41_030_272],
] as const;

/** mobilenet-v1-075: what the listed width multipliers of the paper are called. */
export const mobilenetId = (alpha: number): string => `mobilenet-v1-${String(alpha * 100).padStart(3, '0')}`;

export const mobilenetV1 = family({
  id: 'mobilenet-v1',
  name: 'MobileNet v1',
  parameters: {
    alpha: number({ en: 'width multiplier', ko: '너비 배수' }, { min: 0.05, max: 2, step: 0.05 }, 1),
    resolution: int({ en: 'resolution', ko: '해상도' }, { min: 96, max: 320, step: 32 }, 224),
    classes: classesSpec(1000),
    convolution: choice({ en: 'convolution', ko: '합성곱' }, ['separable', 'full'], 'separable', {
      valueLabels: {
        separable: { en: 'depthwise separable', ko: '채널별로 분리' },
        full: { en: 'full 3x3', ko: '보통의 3x3' },
      },
      note: {
        en: 'A full 3x3 convolution in place of each depthwise and pointwise pair, as Table 4 compares.',
        ko: '표 4의 비교처럼 채널별 합성곱과 1x1 합성곱의 쌍마다 보통의 3x3 합성곱을 쓴다.',
      },
    }),
    shallow: boolean({ en: 'without the five layers of 14x14x512', ko: '14x14x512 층 다섯 개 빼기' }, false),
    activation: choice({ en: 'activation', ko: '활성화 함수' }, ['relu', 'relu6'], 'relu', {
      valueLabels: { relu: { en: 'ReLU', ko: 'ReLU' }, relu6: { en: 'ReLU6', ko: 'ReLU6' } },
      note: {
        en: 'ReLU as in the paper; ReLU6, capped at 6, as the released weights of TF-Slim and timm were trained.',
        ko: '논문은 ReLU이고, 공개된 TF-Slim과 timm의 가중치는 6에서 자르는 ReLU6으로 학습했다.',
      },
    }),
  },
  graph: mobilenetGraph,
  // timm's weights have the names of both forms, and would answer a little wrongly without the cap.
  names: ({ convolution, shallow, activation }): Readonly<Record<string, NameMap>> =>
    convolution === 'separable' && !shallow && activation === 'relu6'
      ? { timm: timmNames, convscope: byNodeId }
      : { convscope: byNodeId },
  title: ({ alpha, resolution, classes, convolution, shallow, activation }) =>
    [
      `MobileNet v1 ${alpha} at ${resolution}`,
      ...(convolution === 'full' ? ['full convolutions'] : []),
      ...(shallow ? ['shallow'] : []),
      ...(activation === 'relu6' ? ['ReLU6'] : []),
      ...(classes === 1000 ? [] : [`${classes} classes`]),
    ].join(', '),
  published: ({ alpha, resolution, classes, convolution, shallow }) =>
    figures.some(([each]) => each === alpha) && classes === 1000 && convolution === 'separable' && !shallow
      ? { member: mobilenetId(alpha), only: ({ cropPx }) => cropPx === resolution }
      : null,
  members: figures.map(([alpha, params, macs]) => ({
    info: factsOf(mobilenetId(alpha), { classes: 1000, depth: 28 }),
    settings: { alpha },
    expect: {
      params,
      macs,
      shapes: {
        conv1: [112, 112, 32 * alpha],
        'block_05/pointwise': [28, 28, 256 * alpha],
        'block_11/pointwise': [14, 14, 512 * alpha],
        'block_13/pointwise': [7, 7, 1024 * alpha],
      },
      source: 'Howard et al. 2017, Tables 1 and 6',
    },
  })),
});

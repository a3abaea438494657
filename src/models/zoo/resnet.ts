import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph, Node } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { byNodeId, family } from './recipe.ts';
import { choice, classesSpec } from './settings.ts';
import { resnet18Info, resnetDeviations } from './resnet.text.ts';

/** Table 1 of the paper: blocks in conv2_x, conv3_x, conv4_x and conv5_x. */
const table = {
  18: { unit: 'residual', blocks: [2, 2, 2, 2] },
  34: { unit: 'residual', blocks: [3, 4, 6, 3] },
  50: { unit: 'bottleneck', blocks: [3, 4, 6, 3] },
  101: { unit: 'bottleneck', blocks: [3, 4, 23, 3] },
  152: { unit: 'bottleneck', blocks: [3, 8, 36, 3] },
} as const;

export interface ResnetSettings {
  readonly depth: keyof typeof table;
  readonly classes?: number;
  /** Which convolution of a bottleneck halves the map: the first 1x1 (the paper) or the 3x3 (torchvision). */
  readonly strideIn?: '1x1' | '3x3';
}

function convBn(
  b: GraphBuilder,
  names: readonly [conv: string, norm: string],
  from: Value,
  filters: number,
  kernel: number,
  stride = 1,
): Value {
  const x = b.conv(names[0], from, filters, kernel, { stride, pad: (kernel - 1) / 2, bias: false });
  return b.batchNorm(names[1], x);
}

/** Identity where the shapes agree, a 1x1 projection where they do not (option B). */
function shortcut(b: GraphBuilder, from: Value, filters: number, stride: number): Value {
  if (b.shapeOf(from)[2] === filters && stride === 1) return from;
  return convBn(b, ['shortcut_conv', 'shortcut_bn'], from, filters, 1, stride);
}

/** Fig. 5 left: two 3x3. */
function basic(b: GraphBuilder, from: Value, width: number, stride: number): Value {
  let x = b.relu('relu1', convBn(b, ['conv1', 'bn1'], from, width, 3, stride));
  x = convBn(b, ['conv2', 'bn2'], x, width, 3);
  return b.relu('relu2', b.add('add', x, shortcut(b, from, width, stride)));
}

/** Fig. 5 right: 1x1 down, 3x3, 1x1 up to four times the width. */
function bottleneck(
  b: GraphBuilder,
  from: Value,
  width: number,
  stride: number,
  strideIn: '1x1' | '3x3',
): Value {
  const [first, second] = strideIn === '1x1' ? [stride, 1] : [1, stride];
  let x = b.relu('relu1', convBn(b, ['conv1', 'bn1'], from, width, 1, first));
  x = b.relu('relu2', convBn(b, ['conv2', 'bn2'], x, width, 3, second));
  x = convBn(b, ['conv3', 'bn3'], x, 4 * width, 1);
  return b.relu('relu3', b.add('add', x, shortcut(b, from, 4 * width, stride)));
}

/** The ImageNet networks of Table 1 at 224x224, shortcuts of option B. */
export function resnetGraph({ depth, classes = 1000, strideIn = '3x3' }: ResnetSettings): Graph {
  const { unit, blocks } = table[depth];
  const b = new GraphBuilder([224, 224, 3]);
  let x = b.relu('relu1', convBn(b, ['conv1', 'bn1'], b.input, 64, 7, 2));
  x = b.maxPool('pool1', x, 3, { stride: 2, pad: 1 });
  blocks.forEach((count, stage) => {
    const width = 64 * 2 ** stage;
    b.block(`conv${stage + 2}_x`, 'stage', () => {
      for (let i = 1; i <= count; i++) {
        const stride = stage > 0 && i === 1 ? 2 : 1;
        x = b.block(`${i}`, unit, () =>
          unit === 'residual' ? basic(b, x, width, stride) : bottleneck(b, x, width, stride, strideIn),
        );
      }
    });
  });
  x = b.globalAvgPool('avgpool', x);
  x = b.dense('fc', x, classes);
  return b.build(b.softmax('softmax', x));
}

/** torchvision counts stages and blocks from `layer1.0`; a projection is `downsample.0` and its normalisation `.1`. */
export const torchvisionNames: NameMap = (node: Node, parameter: string) => {
  const inside = /^conv(\d)_x\/(\d+)\/(.+)$/.exec(node.id);
  if (!inside) return `${node.id}.${parameter}`;
  const [, stage, block, layer] = inside;
  const module =
    layer === 'shortcut_conv' ? 'downsample.0' : layer === 'shortcut_bn' ? 'downsample.1' : layer;
  return `layer${Number(stage) - 1}.${Number(block) - 1}.${module}.${parameter}`;
};

export const resnet = family({
  id: 'resnet',
  name: 'ResNet',
  parameters: {
    depth: choice({ en: 'layers', ko: '층 수' }, [18, 34, 50, 101, 152], 18),
    stride: choice({ en: 'stride in', ko: '보폭의 위치' }, ['1x1', '3x3'], '3x3'),
    classes: classesSpec(1000),
  },
  graph: ({ depth, classes, stride }) => resnetGraph({ depth, classes, strideIn: stride }),
  names: () => ({ torchvision: torchvisionNames, convscope: byNodeId }),
  title: ({ depth }) => `ResNet-${depth}`,
  depth: ({ depth }) => depth,
  members: [
    {
      info: resnet18Info,
      deviations: resnetDeviations,
      settings: { depth: 18 },
      expect: {
        params: 11_689_512,
        macs: 1_814_073_344,
        shapes: {
          conv1: [112, 112, 64],
          'conv2_x/2/relu2': [56, 56, 64],
          'conv3_x/2/relu2': [28, 28, 128],
          'conv4_x/2/relu2': [14, 14, 256],
          'conv5_x/2/relu2': [7, 7, 512],
        },
        source: "He et al. 2015, Table 1 (1.8e9 multiply-adds); equal to torchvision's resnet18",
      },
    },
  ],
});

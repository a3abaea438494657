import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap, NetworkInfo } from '../network.ts';
import { byNodeId, family } from './recipe.ts';
import { classesSpec, int, number } from './settings.ts';

/** Table 1 of the paper (B0), rows 2 to 8: repeats, depthwise kernel, stride of the first, expansion, maps. */
const table = [
  { repeats: 1, kernel: 3, stride: 1, expansion: 1, filters: 16 },
  { repeats: 2, kernel: 3, stride: 2, expansion: 6, filters: 24 },
  { repeats: 2, kernel: 5, stride: 2, expansion: 6, filters: 40 },
  { repeats: 3, kernel: 3, stride: 2, expansion: 6, filters: 80 },
  { repeats: 3, kernel: 5, stride: 1, expansion: 6, filters: 112 },
  { repeats: 4, kernel: 5, stride: 2, expansion: 6, filters: 192 },
  { repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 320 },
] as const;

const epsilon = 1e-3;

interface BlockSettings {
  readonly kernel: number;
  readonly stride: number;
  readonly expansion: number;
  readonly filters: number;
}

/** Batch normalisation and ReLU6 after a convolution `name`; the projection of a block has no ReLU6. */
function normalise(b: GraphBuilder, name: string, x: Value): Value {
  return b.relu(`${name}_relu`, b.batchNorm(`${name}_bn`, x, { epsilon }), { cap: 6 });
}

/** MBConv without squeeze-and-excitation: 1x1 up, depthwise, linear 1x1 down, and a sum where the shapes agree. */
function invertedResidual(
  b: GraphBuilder,
  from: Value,
  { kernel, stride, expansion, filters }: BlockSettings,
): Value {
  const channels = b.shapeOf(from)[2];
  let x = from;
  if (expansion !== 1) {
    x = normalise(b, 'expand', b.conv('expand', x, channels * expansion, 1, { bias: false }));
  }
  x = normalise(b, 'depthwise', b.depthwise('depthwise', x, kernel, { stride, pad: 'same', bias: false }));
  x = b.batchNorm('project_bn', b.conv('project', x, filters, 1, { bias: false }), { epsilon });
  return stride === 1 && channels === filters ? b.add('add', x, from) : x;
}

interface LiteSettings {
  /** What B0's maps and repeats are multiplied by. */
  readonly width: number;
  readonly depth: number;
  readonly resolution: number;
  readonly classes: number;
  readonly dropout: number;
}

/** TensorFlow's rounding to multiples of 8, never down by more than a tenth. */
function scaledMaps(filters: number, width: number): number {
  const wanted = filters * width;
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}

/** Rows between the first and the last repeat more; those two, the stem and the head are not scaled in depth. */
const scaledRepeats = (index: number, repeats: number, depth: number): number =>
  index === 0 || index === table.length - 1 ? repeats : Math.ceil(repeats * depth);

/**
 * EfficientNet-Lite: B0 without squeeze-and-excitation, ReLU6 for SiLU, TensorFlow's 'same' padding. Stem and head keep
 * their 32 and 1280 maps at every width.
 */
function liteGraph({ width, depth, resolution, classes, dropout }: LiteSettings): Graph {
  const b = new GraphBuilder([resolution, resolution, 3]);
  let x = b.conv('stem', b.input, 32, 3, { stride: 2, pad: 'same', bias: false });
  x = normalise(b, 'stem', x);
  let index = 0;
  table.forEach(({ repeats, stride, filters, ...row }, place) => {
    for (let i = 0; i < scaledRepeats(place, repeats, depth); i++) {
      index += 1;
      const settings = { ...row, filters: scaledMaps(filters, width), stride: i === 0 ? stride : 1 };
      const name = `block_${String(index).padStart(2, '0')}`;
      x = b.block(name, 'invertedResidual', () => invertedResidual(b, x, settings));
    }
  });
  x = normalise(b, 'head', b.conv('head', x, 1280, 1, { bias: false }));
  x = b.globalAvgPool('avgpool', x);
  if (dropout > 0) x = b.dropout('dropout', x, dropout);
  x = b.dense('fc', x, classes);
  return b.build(b.softmax('softmax', x));
}

const modules: Readonly<Record<string, string>> = {
  stem: '_conv_stem',
  stem_bn: '_bn0',
  head: '_conv_head',
  head_bn: '_bn1',
  fc: '_fc',
  expand: '_expand_conv',
  expand_bn: '_bn0',
  depthwise: '_depthwise_conv',
  depthwise_bn: '_bn1',
  project: '_project_conv',
  project_bn: '_bn2',
};

/** The PyPI package efficientnet-lite-pytorch: blocks from `_blocks.0`, every module with a leading underscore. */
const packageNames: NameMap = (node, parameter) => {
  const inside = /^block_(\d+)\/(.+)$/.exec(node.id);
  const module = modules[inside ? inside[2]! : node.id];
  if (module === undefined) return null;
  return inside ? `_blocks.${Number(inside[1]) - 1}.${module}.${parameter}` : `${module}.${parameter}`;
};

/** No file of the reference has them. The paper does not count layers: stem, blocks' convolutions, head and classifier. */
const facts = (lite: number, depth: number): NetworkInfo => ({
  id: `efficientnet-lite${lite}`,
  name: `EfficientNet-Lite${lite}`,
  family: 'efficientnet',
  year: 2020,
  authors: 'Tan, Le (EfficientNet, 2019); Google (Lite, 2020)',
  dataset: 'ImageNet-1k',
  classes: 1000,
  depth,
});

/** The released networks: width, depth, resolution, dropout; layers, parameters and MACs. */
const released = [
  [1, 1, 224, 0.2, 50, 4_652_008, 385_187_552],
  [1, 1.1, 240, 0.2, 65, 5_416_680, 600_185_232],
  [1.1, 1.2, 260, 0.3, 65, 6_092_072, 859_736_272],
  [1.2, 1.4, 280, 0.3, 74, 8_197_096, 1_383_321_872],
  [1.4, 1.8, 300, 0.3, 92, 13_006_568, 2_553_034_336],
] as const;

const lite0Shapes = {
  stem: [112, 112, 32],
  'block_03/add': [56, 56, 24],
  'block_05/add': [28, 28, 40],
  'block_11/add': [14, 14, 112],
  'block_16/project_bn': [7, 7, 320],
  head: [7, 7, 1280],
} as const;

export const efficientnet = family({
  id: 'efficientnet-lite',
  name: 'EfficientNet-Lite',
  parameters: {
    width: number({ en: 'width', ko: '너비' }, { min: 0.25, max: 3, step: 0.05 }, 1),
    depth: number({ en: 'depth', ko: '깊이' }, { min: 0.25, max: 4, step: 0.05 }, 1),
    resolution: int({ en: 'resolution', ko: '해상도' }, { min: 64, max: 600 }, 224),
    classes: classesSpec(1000),
    dropout: number({ en: 'dropout', ko: '드롭아웃' }, { min: 0, max: 0.9, step: 0.05 }, 0.2, {
      trainingOnly: true,
    }),
  },
  graph: liteGraph,
  names: () => ({ 'efficientnet-lite-pytorch': packageNames, convscope: byNodeId }),
  members: released.map(([width, depth, resolution, dropout, layers, params, macs], lite) => ({
    info: facts(lite, layers),
    settings: { width, depth, resolution, dropout },
    expect: {
      params,
      macs,
      ...(lite === 0 ? { shapes: lite0Shapes } : {}),
      source: "PyTorch's own count of the package efficientnet-lite-pytorch",
    },
  })),
});

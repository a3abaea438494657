import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { byNodeId, family } from './recipe.ts';
import { efficientnetDeviations, efficientnetInfo } from './efficientnet.text.ts';

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

/** EfficientNet-Lite0: B0 without squeeze-and-excitation, ReLU6 for SiLU, TensorFlow's 'same' padding. */
function lite0(): Graph {
  const b = new GraphBuilder([224, 224, 3]);
  let x = b.conv('stem', b.input, 32, 3, { stride: 2, pad: 'same', bias: false });
  x = normalise(b, 'stem', x);
  let index = 0;
  for (const { repeats, stride, ...row } of table) {
    for (let i = 0; i < repeats; i++) {
      index += 1;
      const settings = { ...row, stride: i === 0 ? stride : 1 };
      const name = `block_${String(index).padStart(2, '0')}`;
      x = b.block(name, 'invertedResidual', () => invertedResidual(b, x, settings));
    }
  }
  x = normalise(b, 'head', b.conv('head', x, 1280, 1, { bias: false }));
  x = b.globalAvgPool('avgpool', x);
  x = b.dropout('dropout', x, 0.2);
  x = b.dense('fc', x, 1000);
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

export const efficientnet = family({
  id: 'efficientnet-lite',
  name: 'EfficientNet-Lite',
  parameters: {},
  graph: () => lite0(),
  names: () => ({ 'efficientnet-lite-pytorch': packageNames, convscope: byNodeId }),
  members: [
    {
      info: efficientnetInfo,
      deviations: efficientnetDeviations,
      settings: {},
      expect: {
        params: 4_652_008,
        macs: 385_187_552,
        shapes: {
          stem: [112, 112, 32],
          'block_03/add': [56, 56, 24],
          'block_05/add': [28, 28, 40],
          'block_11/add': [14, 14, 112],
          'block_16/project_bn': [7, 7, 320],
          head: [7, 7, 1280],
        },
        source: "PyTorch's own count of the package efficientnet-lite-pytorch",
      },
    },
  ],
});

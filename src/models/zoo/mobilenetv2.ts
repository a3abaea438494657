import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph, Node } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { factsOf } from './facts.ts';
import { byNodeId, family } from './recipe.ts';
import { boolean, classesSpec, number, resolutionSpec } from './settings.ts';

/** Table 2: expansion, maps, repetitions and stride of the first. */
const table: readonly (readonly [t: 1 | 6, c: number, n: number, s: 1 | 2])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** A width as TF-Slim rounds it: to a multiple of 8, but not below nine tenths. */
export function roundedWidth(maps: number, alpha: number): number {
  const exact = maps * alpha;
  const rounded = Math.max(8, Math.floor((exact + 4) / 8) * 8);
  return rounded < 0.9 * exact ? rounded + 8 : rounded;
}

interface MobilenetV2Settings {
  readonly alpha: number;
  readonly resolution: number;
  readonly classes: number;
  readonly dropout: boolean;
}

const capped = (b: GraphBuilder, name: string, x: Value): Value =>
  b.relu(`${name}_relu`, b.batchNorm(`${name}_bn`, x), { cap: 6 });

/** Fig. 3d: widen t times, filter each map by itself, narrow again without activation; a shortcut where shapes agree. */
function invertedResidual(b: GraphBuilder, from: Value, t: 1 | 6, filters: number, stride: 1 | 2): Value {
  const channels = b.shapeOf(from)[2];
  const plain = { bias: false };
  let x = from;
  if (t !== 1) x = capped(b, 'expand', b.conv('expand', x, t * channels, 1, plain));
  x = capped(b, 'depthwise', b.depthwise('depthwise', x, 3, { stride, pad: 1, ...plain }));
  x = b.batchNorm('project_bn', b.conv('project', x, filters, 1, plain));
  return stride === 1 && channels === filters ? b.add('add', from, x) : x;
}

function mobilenetV2Graph({ alpha, resolution, classes, dropout }: MobilenetV2Settings): Graph {
  const b = new GraphBuilder([resolution, resolution, 3]);
  const first = b.conv('conv1', b.input, roundedWidth(32, alpha), 3, { stride: 2, pad: 1, bias: false });
  let x = capped(b, 'conv1', first);
  let position = 0;
  for (const [t, c, n, s] of table) {
    for (let i = 0; i < n; i++) {
      position += 1;
      x = b.block(`block_${String(position).padStart(2, '0')}`, 'invertedResidual', () =>
        invertedResidual(b, x, t, roundedWidth(c, alpha), i === 0 ? s : 1),
      );
    }
  }
  // The last layer is not thinned, Sec. 5: narrow networks lose too much by it.
  x = capped(b, 'conv2', b.conv('conv2', x, roundedWidth(1280, Math.max(1, alpha)), 1, { bias: false }));
  x = b.globalAvgPool('avgpool', x);
  if (dropout) x = b.dropout('dropout', x, 0.2);
  return b.build(b.softmax('softmax', b.dense('fc', x, classes)));
}

const outside: Readonly<Record<string, string>> = {
  conv1: 'features.0.0',
  conv1_bn: 'features.0.1',
  conv2: 'features.18.0',
  conv2_bn: 'features.18.1',
  fc: 'classifier.1',
};
const layers = ['expand', 'depthwise', 'project', 'project_bn'];

/** Block 1 does not expand, so its layers stand one place earlier. */
const torchvisionNames: NameMap = (node: Node, parameter: string) => {
  const inside = /^block_(\d+)\/(expand|depthwise|project)(_bn)?$/.exec(node.id);
  if (!inside) {
    const module = outside[node.id];
    return module === undefined ? null : `${module}.${parameter}`;
  }
  const block = Number(inside[1]);
  const layer = inside[2]!;
  const normalises = inside[3] !== undefined;
  const place = layers.indexOf(layer) - (block === 1 ? 1 : 0);
  const module =
    layer === 'project' ? String(place + (normalises ? 1 : 0)) : `${place}.${normalises ? 1 : 0}`;
  return `features.${block}.conv.${module}.${parameter}`;
};

const timmOutside: Readonly<Record<string, string>> = {
  conv1: 'conv_stem',
  conv1_bn: 'bn1',
  conv2: 'conv_head',
  conv2_bn: 'bn2',
  fc: 'classifier',
};
const timmModules = {
  first: { depthwise: 'conv_dw', depthwise_bn: 'bn1', project: 'conv_pw', project_bn: 'bn2' },
  others: {
    expand: 'conv_pw',
    expand_bn: 'bn1',
    depthwise: 'conv_dw',
    depthwise_bn: 'bn2',
    project: 'conv_pwl',
    project_bn: 'bn3',
  },
} as const;

/** timm counts a row of Table 2 as a stage and its repetitions as blocks. */
const timmNames: NameMap = (node, parameter) => {
  const inside = /^block_(\d+)\/(.+)$/.exec(node.id);
  if (!inside) {
    const module = timmOutside[node.id];
    return module === undefined ? null : `${module}.${parameter}`;
  }
  let position = Number(inside[1]) - 1;
  const modules: Readonly<Record<string, string>> = timmModules[position === 0 ? 'first' : 'others'];
  const module = modules[inside[2]!];
  const stage = table.findIndex(([, , n]) => {
    if (position < n) return true;
    position -= n;
    return false;
  });
  return module === undefined ? null : `blocks.${stage}.${position}.${module}.${parameter}`;
};

export const mobilenetV2 = family({
  id: 'mobilenet-v2',
  name: 'MobileNet v2',
  parameters: {
    alpha: number({ en: 'width multiplier', ko: '너비 배수' }, { min: 0.1, max: 2, step: 0.05 }, 1),
    resolution: resolutionSpec(224),
    classes: classesSpec(1000),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  graph: mobilenetV2Graph,
  names: () => ({ torchvision: torchvisionNames, timm: timmNames, convscope: byNodeId }),
  title: ({ alpha, resolution }) => `MobileNet v2 ${alpha} at ${resolution}`,
  members: [
    {
      info: factsOf('mobilenet-v2', { classes: 1000, depth: 53 }),
      settings: {},
      expect: {
        params: 3_504_872,
        macs: 300_774_272,
        shapes: {
          conv1: [112, 112, 32],
          'block_03/add': [56, 56, 24],
          'block_13/add': [14, 14, 96],
          'block_17/project_bn': [7, 7, 320],
          conv2: [7, 7, 1280],
        },
        source: "Sandler et al. 2018, Tables 2 and 4 (3.4 million, 300 million); equal to torchvision's",
      },
    },
  ],
});

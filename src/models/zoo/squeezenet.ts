import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { byNodeId, family } from './recipe.ts';
import { boolean, choice, classesSpec, int, number } from './settings.ts';
import { factsOf } from './facts.ts';

interface SqueezenetSettings {
  readonly version: '1.0' | '1.1';
  readonly resolution: number;
  /** Sec. 5.2: squeeze maps over expand maps. */
  readonly sr: number;
  /** Sec. 5.3: share of 3x3 filters among the expand maps. */
  readonly pct3x3: number;
  /** Sec. 6: sums around fire3, fire5, fire7 and fire9. */
  readonly bypass: boolean;
  readonly classes: number;
  readonly dropout: boolean;
}

/** First convolution, the fire modules after which the maps are pooled, and torchvision's positions of fire2 to fire9. */
const versions = {
  '1.0': { filters: 96, kernel: 7, pooledAfter: [4, 8], positions: [3, 4, 5, 7, 8, 9, 10, 12] },
  '1.1': { filters: 64, kernel: 3, pooledAfter: [3, 5], positions: [3, 4, 6, 7, 9, 10, 11, 12] },
} as const;

/** Sec. 5.1: fire i expands to 128 maps and 128 more after every second module. */
const expanded = (fire: number): number => 128 + 128 * Math.floor((fire - 2) / 2);

/** Fig. 1: 1x1 squeeze, then 1x1 and 3x3 expand side by side. */
function fireModule(b: GraphBuilder, x: Value, fire: number, settings: SqueezenetSettings): Value {
  const maps = expanded(fire);
  const three = Math.max(1, Math.round(maps * settings.pct3x3));
  const squeezed = b.relu(
    'squeeze_relu',
    b.conv('squeeze', x, Math.max(1, Math.round(maps * settings.sr)), 1),
  );
  const expand1 = b.relu('expand1x1_relu', b.conv('expand1x1', squeezed, maps - three, 1));
  const expand3 = b.relu('expand3x3_relu', b.conv('expand3x3', squeezed, three, 3, { pad: 1 }));
  const joined = b.concat('output', expand1, expand3);
  // Only the odd modules have as many maps as they read.
  return settings.bypass && fire % 2 === 1 ? b.add('bypass', joined, x) : joined;
}

/** Table 1 (version 1.0); version 1.1 of the repository has a smaller first layer and pools earlier. */
function squeezenetGraph(settings: SqueezenetSettings): Graph {
  const { filters, kernel, pooledAfter } = versions[settings.version];
  const { resolution, classes, dropout } = settings;
  const b = new GraphBuilder([resolution, resolution, 3]);
  const halve = { stride: 2, ceil: true };
  let x = b.relu('relu_conv1', b.conv('conv1', b.input, filters, kernel, { stride: 2 }));
  x = b.maxPool('pool1', x, 3, halve);
  for (let fire = 2; fire <= 9; fire++) {
    x = b.block(`fire${fire}`, 'inception', () => fireModule(b, x, fire, settings));
    if ((pooledAfter as readonly number[]).includes(fire)) x = b.maxPool(`pool${fire}`, x, 3, halve);
  }
  if (dropout) x = b.dropout('drop9', x, 0.5);
  x = b.relu('relu_conv10', b.conv('conv10', x, classes, 1));
  return b.build(b.softmax('softmax', b.globalAvgPool('pool10', x)));
}

/** torchvision numbers modules by their position in one sequence. */
function torchvisionNames({ version }: SqueezenetSettings): NameMap {
  const { positions } = versions[version];
  return (node, parameter) => {
    if (node.id === 'conv1') return `features.0.${parameter}`;
    if (node.id === 'conv10') return `classifier.1.${parameter}`;
    const inside = /^fire(\d)\/(squeeze|expand1x1|expand3x3)$/.exec(node.id);
    return inside ? `features.${positions[Number(inside[1]) - 2]}.${inside[2]}.${parameter}` : null;
  };
}

export const squeezenet = family({
  id: 'squeezenet',
  name: 'SqueezeNet',
  parameters: {
    version: choice({ en: 'version', ko: '판' }, ['1.0', '1.1'], '1.0'),
    resolution: int({ en: 'resolution', ko: '해상도' }, { min: 64, max: 512 }, 224),
    sr: number({ en: 'squeeze ratio', ko: '스퀴즈 비율' }, { min: 0.01, max: 1, step: 0.005 }, 0.125),
    pct3x3: number(
      { en: 'share of 3x3 filters', ko: '3x3 필터의 비율' },
      { min: 0.01, max: 0.99, step: 0.01 },
      0.5,
    ),
    bypass: boolean({ en: 'simple bypass', ko: '단순 우회 연결' }, false),
    classes: classesSpec(1000),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  graph: squeezenetGraph,
  names: (settings): Readonly<Record<string, NameMap>> => ({
    torchvision: torchvisionNames(settings),
    convscope: byNodeId,
  }),
  members: [
    {
      info: factsOf('squeezenet-1-0', { classes: 1000, depth: 18 }),
      settings: {},
      expect: {
        params: 1_248_424,
        macs: 818_924_576,
        shapes: { conv1: [109, 109, 96], pool4: [27, 27, 256], pool8: [13, 13, 512], conv10: [13, 13, 1000] },
        source: "Iandola et al. 2016, Table 1; equal to torchvision's squeezenet1_0",
      },
    },
    {
      info: factsOf('squeezenet-1-1', { classes: 1000, depth: 18 }),
      settings: { version: '1.1' },
      expect: {
        params: 1_235_496,
        macs: 349_151_936,
        shapes: { conv1: [111, 111, 64], pool3: [27, 27, 128], pool5: [13, 13, 256], conv10: [13, 13, 1000] },
        source: "forresti/SqueezeNet SqueezeNet_v1.1; equal to torchvision's squeezenet1_1",
      },
    },
  ],
});

import { GraphBuilder } from '../build.ts';
import type { Graph, Node } from '../graph.ts';
import type { Expectation, NameMap, NetworkInfo } from '../network.ts';
import { byNodeId, family } from './recipe.ts';
import type { MemberOf } from './recipe.ts';
import { SHORTCUTS, basic, bottleneck, classifier, imagenetStem, stages } from './residual.ts';
import type { Shortcut } from './residual.ts';
import { factsOf } from './facts.ts';
import { choice, classesSpec, resolutionSpec } from './settings.ts';

/** Table 1 of the paper: blocks in conv2_x, conv3_x, conv4_x and conv5_x. */
export const table = {
  18: { unit: 'residual', blocks: [2, 2, 2, 2] },
  34: { unit: 'residual', blocks: [3, 4, 6, 3] },
  50: { unit: 'bottleneck', blocks: [3, 4, 6, 3] },
  101: { unit: 'bottleneck', blocks: [3, 4, 23, 3] },
  152: { unit: 'bottleneck', blocks: [3, 8, 36, 3] },
} as const;

export interface ResnetSettings {
  readonly depth: keyof typeof table;
  readonly shortcut: Shortcut;
  /** Which convolution of a bottleneck halves the map: the first 1x1 (the paper) or the 3x3 (torchvision). */
  readonly stride: '1x1' | '3x3';
  readonly resolution: number;
  readonly classes: number;
}

/** The ImageNet networks of Table 1. */
function resnetGraph({ depth, shortcut, stride: strideIn, resolution, classes }: ResnetSettings): Graph {
  const { unit, blocks } = table[depth];
  const b = new GraphBuilder([resolution, resolution, 3]);
  const x = stages(b, imagenetStem(b), unit, blocks, (from, stage, stride) => {
    const width = 64 * 2 ** stage;
    const options = { shortcut, strideIn };
    return unit === 'residual'
      ? basic(b, from, width, stride, options)
      : bottleneck(b, from, { inner: width, outer: 4 * width }, stride, options);
  });
  return b.build(classifier(b, x, classes));
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

/** Outputs of the stages at 224x224, the same in every form of a depth. */
function stageShapes(depth: keyof typeof table): Expectation['shapes'] {
  const { unit, blocks } = table[depth];
  const [last, growth] = unit === 'residual' ? ['relu2', 1] : ['relu3', 4];
  const outputs = blocks.map((count, stage) => {
    const side = 56 / 2 ** stage;
    return [`conv${stage + 2}_x/${count}/${last}`, [side, side, 64 * 2 ** stage * growth]] as const;
  });
  return Object.fromEntries([['conv1', [112, 112, 64]], ...outputs]);
}

type Member = MemberOf<ResnetSettings>;

const member = (
  info: Member['info'],
  settings: Partial<ResnetSettings> & { readonly depth: keyof typeof table },
  params: number,
  macs: number,
  source: string,
): Member => ({
  info,
  settings,
  expect: { params, macs, shapes: stageShapes(settings.depth), source },
});

const facts = (depth: number, own: Partial<NetworkInfo> = {}): NetworkInfo =>
  factsOf(`resnet-${depth}`, { classes: 1000, depth, ...own });

/** The form of the paper and of its authors' files: stride 2 in the first 1x1 of a bottleneck. */
const strideFacts = (depth: number): NetworkInfo =>
  facts(depth, { id: `resnet-${depth}-paper`, name: `ResNet-${depth} (stride in the 1x1)` });

const shortcutFacts = (depth: number, shortcut: 'A' | 'C'): NetworkInfo =>
  facts(depth, {
    id: `resnet-${depth}-${shortcut.toLowerCase()}`,
    name: `ResNet-${depth}, shortcuts ${shortcut}`,
  });

const paper = 'He et al. 2015, Table 1';
const torchvision = (depth: number): string => `${paper}; equal to torchvision's resnet${depth}`;
const released = `${paper} (3.8e9, 7.6e9, 11.3e9 multiply-adds); equal to the authors' prototxt`;

export const resnet = family({
  id: 'resnet',
  name: 'ResNet',
  parameters: {
    depth: choice({ en: 'layers', ko: '층 수' }, [18, 34, 50, 101, 152], 18),
    shortcut: choice({ en: 'shortcuts', ko: '지름길 연결' }, SHORTCUTS, 'B', {
      note: {
        en: 'A: zero channels where the shape changes; B: a 1x1 projection there; C: a projection in every block; none: the plain network.',
        ko: 'A: 형태가 바뀌는 곳에 0인 채널을 덧붙인다. B: 그곳에 1x1 투영을 둔다. C: 모든 블록에 투영을 둔다. none: 지름길이 없는 보통의 망.',
      },
    }),
    stride: choice({ en: 'stride 2 in', ko: '보폭 2의 위치' }, ['1x1', '3x3'], '3x3', {
      note: {
        en: "Which convolution of a bottleneck halves the map: the first 1x1 in the paper, the 3x3 in torchvision's form.",
        ko: '병목 블록에서 맵을 반으로 줄이는 합성곱으로, 논문은 첫 1x1, torchvision은 3x3이다.',
      },
    }),
    resolution: resolutionSpec(224),
    classes: classesSpec(1000),
  },
  check: ({ depth, stride }) =>
    depth < 50 && stride === '1x1'
      ? {
          en: `ResNet-${depth} has no 1x1 on its main path; stride=1x1 is possible with depth 50, 101 and 152.`,
          ko: `ResNet-${depth}의 주 경로에는 1x1 합성곱이 없습니다. stride=1x1은 층 수(depth)가 50, 101, 152일 때 가능합니다.`,
        }
      : null,
  graph: resnetGraph,
  // Weights of the 3x3 form have the names and shapes of the paper's form too, and would answer wrongly there.
  names: ({ shortcut, stride }): Readonly<Record<string, NameMap>> =>
    shortcut === 'B' && stride === '3x3'
      ? { torchvision: torchvisionNames, timm: torchvisionNames, convscope: byNodeId }
      : { convscope: byNodeId },
  title: ({ depth, shortcut, stride }) =>
    [
      `${shortcut === 'none' ? 'Plain' : 'ResNet'}-${depth}`,
      ...(shortcut === 'A' || shortcut === 'C' ? [`shortcuts ${shortcut}`] : []),
      ...(stride === '1x1' ? ['stride in the 1x1'] : []),
    ].join(', '),
  depth: ({ depth }) => depth,
  members: [
    member(facts(18), { depth: 18 }, 11_689_512, 1_814_073_344, torchvision(18)),
    member(facts(34), { depth: 34 }, 21_797_672, 3_663_761_408, torchvision(34)),
    member(facts(50), { depth: 50 }, 25_557_032, 4_089_184_256, torchvision(50)),
    member(facts(101), { depth: 101 }, 44_549_160, 7_801_405_440, torchvision(101)),
    member(facts(152), { depth: 152 }, 60_192_808, 11_513_626_624, torchvision(152)),
    member(strideFacts(50), { depth: 50, stride: '1x1' }, 25_557_032, 3_857_973_248, released),
    member(strideFacts(101), { depth: 101, stride: '1x1' }, 44_549_160, 7_570_194_432, released),
    member(strideFacts(152), { depth: 152, stride: '1x1' }, 60_192_808, 11_282_415_616, released),
    member(shortcutFacts(18, 'A'), { depth: 18, shortcut: 'A' }, 11_515_688, 1_794_805_760, paper),
    member(shortcutFacts(34, 'A'), { depth: 34, shortcut: 'A' }, 21_623_848, 3_644_493_824, paper),
    member(shortcutFacts(34, 'C'), { depth: 34, shortcut: 'C' }, 22_716_840, 3_830_747_136, paper),
    member(
      factsOf('plain-18', { classes: 1000, depth: 18 }),
      { depth: 18, shortcut: 'none' },
      11_515_688,
      1_794_805_760,
      paper,
    ),
    member(
      factsOf('plain-34', { classes: 1000, depth: 34 }),
      { depth: 34, shortcut: 'none' },
      21_623_848,
      3_644_493_824,
      paper,
    ),
  ],
});

import { GraphBuilder } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { factsOf } from './facts.ts';
import { lastActivation, preactBasic, preactBottleneck } from './preactUnits.ts';
import { byNodeId, family, onCifar100 } from './recipe.ts';
import type { MemberOf } from './recipe.ts';
import { classifier, convBn, stages } from './residual.ts';
import { boolean, choice, classesSpec, int, resolutionSpec } from './settings.ts';

/** Units in each stage: of two 3x3 in 18 and 34 layers (MXNet's v2), else bottlenecks; 200 layers are {3, 24, 36, 3}. */
const table = {
  18: { unit: 'residual', blocks: [2, 2, 2, 2] },
  34: { unit: 'residual', blocks: [3, 4, 6, 3] },
  50: { unit: 'bottleneck', blocks: [3, 4, 6, 3] },
  101: { unit: 'bottleneck', blocks: [3, 4, 23, 3] },
  152: { unit: 'bottleneck', blocks: [3, 8, 36, 3] },
  200: { unit: 'bottleneck', blocks: [3, 24, 36, 3] },
} as const;

interface ImagenetSettings {
  readonly depth: keyof typeof table;
  /** Normalisation and ReLU before the pooling, although the first unit begins with its own. */
  readonly stemNorm: boolean;
  /** Normalisation of the picture itself, by statistics that were learned with the weights. */
  readonly inputNorm: boolean;
  readonly resolution: number;
  readonly classes: number;
}

/** ResNet's bottlenecks with the order turned round: Fig. 4(e). */
function imagenetGraph({ depth, stemNorm, inputNorm, resolution, classes }: ImagenetSettings): Graph {
  const { unit, blocks } = table[depth];
  const b = new GraphBuilder([resolution, resolution, 3]);
  const picture = inputNorm ? b.batchNorm('bn_input', b.input) : b.input;
  let x = stemNorm
    ? b.relu('relu1', convBn(b, ['conv1', 'bn1'], picture, 64, 7, { stride: 2 }))
    : b.conv('conv1', picture, 64, 7, { stride: 2, pad: 3, bias: false });
  x = b.maxPool('pool1', x, 3, { stride: 2, pad: 1 });
  const draw = unit === 'residual' ? preactBasic : preactBottleneck;
  x = stages(b, x, unit, blocks, (from, stage, stride) =>
    draw(b, from, 64 * 2 ** stage, stride, { shortcut: 'B' }),
  );
  return b.build(classifier(b, lastActivation(b, x), classes));
}

const timmOutside: Readonly<Record<string, string>> = { conv1: 'stem.conv', bn_last: 'norm', fc: 'head.fc' };

/** timm's resnetv2 counts stages and blocks from 0; its classifier is a 1x1 convolution. */
const timmNames: NameMap = (node, parameter) => {
  const inside = /^conv(\d)_x\/(\d+)\/(.+)$/.exec(node.id);
  if (inside) {
    const [, stage, block, layer] = inside;
    const module = layer === 'shortcut_conv' ? 'downsample.conv' : layer!.replace('bn', 'norm');
    return `stages.${Number(stage) - 2}.blocks.${Number(block) - 1}.${module}.${parameter}`;
  }
  const module = timmOutside[node.id];
  if (module === undefined) return null;
  const tensor = `${module}.${parameter}`;
  return node.id === 'fc' && parameter === 'weight' ? { tensor, layout: 'reshaped' } : tensor;
};

export const preactResnet = family({
  id: 'preact-resnet',
  name: 'Pre-activation ResNet',
  parameters: {
    depth: choice({ en: 'layers', ko: '층 수' }, [18, 34, 50, 101, 152, 200], 50),
    stemNorm: boolean({ en: 'normalisation before the pooling', ko: '풀링 앞의 정규화' }, true, {
      note: {
        en: 'Batch normalisation and ReLU after the first convolution, as in the Torch code; timm leaves them to the first unit.',
        ko: 'Torch 코드처럼 첫 합성곱 뒤에 배치 정규화와 ReLU를 둔다. timm은 첫 블록의 것으로 대신한다.',
      },
    }),
    inputNorm: boolean({ en: 'normalisation of the picture', ko: '입력의 정규화' }, false, {
      note: {
        en: "Batch normalisation before the first convolution, as MXNet's v2 networks (the ONNX zoo's) have it.",
        ko: 'MXNet의 v2 망(ONNX 저장소)처럼 첫 합성곱 앞에 배치 정규화를 둔다.',
      },
    }),
    resolution: resolutionSpec(224),
    classes: classesSpec(1000),
  },
  graph: imagenetGraph,
  names: ({ depth, stemNorm, inputNorm }): Readonly<Record<string, NameMap>> =>
    stemNorm || inputNorm || depth < 50 ? { convscope: byNodeId } : { timm: timmNames, convscope: byNodeId },
  title: ({ depth }) => `Pre-activation ResNet-${depth}`,
  depth: ({ depth }) => depth,
  members: [
    {
      info: factsOf('preact-resnet-50', { classes: 1000, depth: 50 }),
      settings: { depth: 50, stemNorm: false },
      expect: {
        params: 25_549_352,
        macs: 4_089_184_256,
        shapes: { 'conv2_x/3/add': [56, 56, 256], relu_last: [7, 7, 2048] },
        source: "timm's resnetv2_50",
      },
    },
    {
      info: factsOf('preact-resnet-152', { classes: 1000, depth: 152 }),
      settings: { depth: 152 },
      expect: {
        params: 60_185_256,
        macs: 11_513_626_624,
        shapes: { 'conv3_x/8/add': [28, 28, 512], relu_last: [7, 7, 2048] },
        source: 'He et al. 2016, Table 5 (network), Fig. 4(e) (unit); counted as ResNet-200',
      },
    },
    {
      info: factsOf('preact-resnet-200', { classes: 1000, depth: 200 }),
      settings: { depth: 200 },
      expect: {
        params: 64_666_280,
        macs: 15_007_481_856,
        shapes: { 'conv3_x/24/add': [28, 28, 512], relu_last: [7, 7, 2048] },
        source: "He et al. 2016, Table 5; fb.resnet.torch's preresnet with {3, 24, 36, 3}",
      },
    },
  ],
});

interface CifarSettings {
  readonly depth: number;
  readonly unit: 'basic' | 'bottleneck';
  readonly shortcut: 'A' | 'B';
  readonly classes: number;
}

/** Layers of a unit in each of the three stages. */
const layersOf = { basic: 6, bottleneck: 9 } as const;

/** 6n + 2 layers of two 3x3, or 9n + 2 of bottlenecks whose outputs have 64, 128 and 256 maps. */
function cifarGraph({ depth, unit, shortcut, classes }: CifarSettings): Graph {
  const units = (depth - 2) / layersOf[unit];
  const b = new GraphBuilder([32, 32, 3]);
  const kind = unit === 'basic' ? 'residual' : 'bottleneck';
  const draw = unit === 'basic' ? preactBasic : preactBottleneck;
  const first = b.conv('conv1', b.input, 16, 3, { pad: 1, bias: false });
  const x = stages(b, first, kind, [units, units, units], (from, stage, stride) =>
    draw(b, from, 16 * 2 ** stage, stride, { shortcut, strideIn: '1x1' }),
  );
  return b.build(classifier(b, lastActivation(b, x), classes));
}

const cifarMembers: readonly MemberOf<CifarSettings>[] = [
  {
    info: factsOf('preact-resnet-110', { classes: 10, depth: 110 }),
    settings: { depth: 110, unit: 'basic', shortcut: 'A' },
    expect: {
      params: 1_727_962,
      macs: 252_887_680,
      shapes: { 'conv2_x/18/add': [32, 32, 16], relu_last: [8, 8, 64] },
      source: 'He et al. 2016, Table 3 (1.7 million parameters)',
    },
  },
  {
    info: factsOf('preact-resnet-164', { classes: 10, depth: 164 }),
    settings: { depth: 164 },
    expect: {
      params: 1_703_258,
      macs: 244_500_992,
      shapes: { 'conv2_x/18/add': [32, 32, 64], relu_last: [8, 8, 256] },
      source: "He et al. 2016, Tables 3 and 4; the authors' resnet-pre-act.lua",
    },
  },
  {
    info: factsOf('preact-resnet-1001', { classes: 10, depth: 1001 }),
    settings: { depth: 1001 },
    expect: {
      params: 10_327_706,
      macs: 1_487_849_984,
      shapes: { 'conv2_x/111/add': [32, 32, 64], relu_last: [8, 8, 256] },
      source: "He et al. 2016, Tables 3 and 4; the authors' resnet-pre-act.lua",
    },
  },
];

export const preactCifarResnet = family({
  id: 'preact-cifar-resnet',
  name: 'Pre-activation ResNet for CIFAR',
  parameters: {
    depth: int({ en: 'layers', ko: '층 수' }, { min: 8, max: 1202, step: 3 }, 164, {
      note: {
        en: '6n + 2 with basic units, 9n + 2 with bottlenecks.',
        ko: '기본 블록은 6n + 2, 병목 블록은 9n + 2이다.',
      },
    }),
    unit: choice({ en: 'unit', ko: '블록' }, ['basic', 'bottleneck'], 'bottleneck'),
    shortcut: choice({ en: 'shortcuts', ko: '지름길 연결' }, ['A', 'B'], 'B', {
      note: {
        en: 'Where the shape changes: A zero channels, B a 1x1 projection.',
        ko: '형태가 바뀌는 곳에서 A는 0인 채널을 덧붙이고 B는 1x1 투영을 둔다.',
      },
    }),
    classes: classesSpec(10),
  },
  check: ({ depth, unit }) => {
    const step = layersOf[unit];
    if ((depth - 2) % step === 0) return null;
    const below = 2 + step * Math.max(1, Math.floor((depth - 2) / step));
    return {
      en: `With unit=${unit} the depth is ${step}n + 2; nearest to ${depth} are ${below} and ${below + step}.`,
      ko: `unit=${unit}이면 층 수(depth)는 ${step}n + 2입니다. ${depth}에 가장 가까운 값은 ${below}과 ${below + step}입니다.`,
    };
  },
  graph: cifarGraph,
  names: () => ({ convscope: byNodeId }),
  published: ({ depth, unit, shortcut, classes }) =>
    onCifar100(
      cifarMembers.find(
        ({ settings }) =>
          settings.depth === depth &&
          (settings.unit ?? 'bottleneck') === unit &&
          (settings.shortcut ?? 'B') === shortcut,
      ),
      classes,
    ),
  title: ({ depth, unit }) => `Pre-activation ResNet-${depth}, ${unit} units`,
  depth: ({ depth }) => depth,
  members: cifarMembers,
});

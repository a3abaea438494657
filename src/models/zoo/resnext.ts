import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { byNodeId, family, onCifar100 } from './recipe.ts';
import type { MemberOf } from './recipe.ts';
import { classifier, convBn, imagenetStem, projected, stages } from './residual.ts';
import { table, torchvisionNames } from './resnet.ts';
import { factsOf } from './facts.ts';
import { choice, classesSpec, int, resolutionSpec } from './settings.ts';

/** The three drawings of Fig. 3, which compute the same: paths that are summed, paths that are joined, one grouped layer. */
type Form = 'summed' | 'concatenated' | 'grouped';

interface Cells {
  readonly form: Form;
  /** Number of paths. */
  readonly cardinality: number;
  /** Maps of each path in the first stage; each later stage has twice the one before. */
  readonly width: number;
}

/** Sec. 3.3: a bottleneck of `cardinality` equal paths with `width` maps each. */
function block(
  b: GraphBuilder,
  from: Value,
  { form, cardinality, width }: Cells,
  outer: number,
  stride: number,
): Value {
  const normalised = (names: readonly [string, string, string], x: Value, maps: number, kernel: number) => {
    const options = kernel === 3 ? { stride, groups: form === 'grouped' ? cardinality : 1 } : {};
    return b.relu(names[2], convBn(b, [names[0], names[1]], x, maps, kernel, options));
  };
  const narrow = (maps: number): Value =>
    normalised(['conv2', 'bn2', 'relu2'], normalised(['conv1', 'bn1', 'relu1'], from, maps, 1), maps, 3);
  const last = (x: Value): Value => b.conv('conv3', x, outer, 1, { bias: false });
  const paths = (end: (x: Value) => Value): readonly Value[] =>
    Array.from({ length: cardinality }, (_, i) =>
      b.block(`path_${i + 1}`, 'branch', () => end(narrow(width))),
    );
  const widened: Readonly<Record<Form, () => Value>> = {
    summed: () => b.add('paths', ...paths(last)),
    concatenated: () => last(b.concat('paths', ...paths((x) => x))),
    grouped: () => last(narrow(cardinality * width)),
  };
  const residual = b.batchNorm('bn3', widened[form]());
  return b.relu('relu3', b.add('add', residual, projected(b, from, outer, stride)));
}

interface Settings extends Cells {
  readonly depth: number;
  readonly classes: number;
}

const stageWidth = (cells: Cells, stage: number): Cells => ({ ...cells, width: cells.width * 2 ** stage });

/** Table 1 right: ResNet's stages with these blocks. */
function imagenetGraph(settings: Settings & { depth: 50 | 101 | 152; resolution: number }): Graph {
  const { depth, resolution, classes, ...cells } = settings;
  const b = new GraphBuilder([resolution, resolution, 3]);
  const x = stages(b, imagenetStem(b), 'bottleneck', table[depth].blocks, (from, stage, stride) =>
    block(b, from, stageWidth(cells, stage), 256 * 2 ** stage, stride),
  );
  return b.build(classifier(b, x, classes));
}

/** Sec. 5.3: 9n + 2 layers, three stages of n blocks at 32x32, 16x16 and 8x8. */
function cifarGraph({ depth, classes, ...cells }: Settings): Graph {
  const blocks = (depth - 2) / 9;
  const b = new GraphBuilder([32, 32, 3]);
  const first = b.relu('relu1', convBn(b, ['conv1', 'bn1'], b.input, 64, 3));
  const x = stages(b, first, 'bottleneck', [blocks, blocks, blocks], (from, stage, stride) =>
    block(b, from, stageWidth(cells, stage), 256 * 2 ** stage, stride),
  );
  return b.build(classifier(b, x, classes));
}

const formSpec = choice(
  { en: 'drawn as in Fig. 3', ko: '그림 3의 형태' },
  ['summed', 'concatenated', 'grouped'],
  'grouped',
  {
    note: {
      en: '(a) paths whose outputs are summed, (b) paths joined before one 1x1, (c) one grouped convolution: the same function, the same parameters.',
      ko: '(a) 출력을 더하는 경로들, (b) 1x1 하나 앞에서 이어 붙인 경로들, (c) 그룹 합성곱 하나. 계산하는 함수와 매개변수가 모두 같다.',
    },
  },
);

const cardinalitySpec = (value: number): ReturnType<typeof int> =>
  int({ en: 'cardinality', ko: '카디널리티' }, { min: 1, max: 64 }, value, {
    note: { en: 'Paths in a block.', ko: '블록 안의 경로 수.' },
  });

const widthSpec = (value: number): ReturnType<typeof int> =>
  int({ en: 'maps of a path', ko: '경로의 맵 수' }, { min: 1, max: 128 }, value);

/** The member with these cells, whichever way they are drawn: the three forms are one network. */
const sameCells = <S extends Settings>(
  members: readonly MemberOf<S>[],
  { depth, cardinality, width }: S,
): MemberOf<S> | undefined =>
  members.find(
    ({ settings }) =>
      settings.depth === depth && settings.cardinality === cardinality && settings.width === width,
  );

interface ImagenetSettings extends Settings {
  readonly depth: 50 | 101 | 152;
  readonly resolution: number;
}

const figures = [
  [50, 32, 4, 25_028_904, 4_230_479_872],
  [101, 32, 4, 44_177_704, 7_969_996_800],
  [101, 32, 8, 88_791_336, 16_414_015_488],
  [101, 64, 4, 83_455_272, 15_460_270_080],
] as const;

const imagenetMembers: readonly MemberOf<ImagenetSettings>[] = figures.map(
  ([depth, cardinality, width, params, macs]) => ({
    info: factsOf(`resnext-${depth}-${cardinality}x${width}d`, { classes: 1000, depth }),
    settings: { depth, cardinality, width },
    expect: {
      params,
      macs,
      shapes: {
        'conv2_x/1/conv2': [56, 56, cardinality * width],
        'conv5_x/3/conv2': [7, 7, 8 * cardinality * width],
        'conv5_x/3/relu3': [7, 7, 2048],
      },
      source: `Xie et al. 2016, Table 1; equal to torchvision where it has resnext${depth}_${cardinality}x${width}d`,
    },
  }),
);

export const resnext = family({
  id: 'resnext',
  name: 'ResNeXt',
  parameters: {
    depth: choice({ en: 'layers', ko: '층 수' }, [50, 101, 152], 50),
    cardinality: cardinalitySpec(32),
    width: widthSpec(4),
    form: formSpec,
    resolution: resolutionSpec(224),
    classes: classesSpec(1000),
  },
  graph: imagenetGraph,
  names: ({ form }): Readonly<Record<string, NameMap>> =>
    form === 'grouped'
      ? { torchvision: torchvisionNames, timm: torchvisionNames, convscope: byNodeId }
      : { convscope: byNodeId },
  title: ({ depth, cardinality, width, form }) => `ResNeXt-${depth} ${cardinality}x${width}d, ${form}`,
  depth: ({ depth }) => depth,
  published: (settings) => {
    const member = sameCells(imagenetMembers, settings);
    const published = settings.resolution === 224 && settings.classes === 1000;
    return member && published ? { member: member.info.id } : null;
  },
  members: imagenetMembers,
});

const cifarFigures = [
  [8, 34_426_698, 5_387_266_048],
  [16, 68_155_210, 10_688_866_304],
] as const;

const cifarMembers: readonly MemberOf<Settings>[] = cifarFigures.map(([cardinality, params, macs]) => ({
  info: factsOf(`resnext-29-${cardinality}x64d`, { classes: 10, depth: 29 }),
  settings: { cardinality, width: 64, depth: 29 },
  expect: {
    params,
    macs,
    shapes: { 'conv2_x/3/relu3': [32, 32, 256], 'conv4_x/3/relu3': [8, 8, 1024] },
    source: "Xie et al. 2016, Sec. 5.3 and Table 7; the authors' models/resnext.lua",
  },
}));

export const resnextCifar = family({
  id: 'resnext-cifar',
  name: 'ResNeXt for CIFAR',
  parameters: {
    depth: int({ en: 'layers', ko: '층 수' }, { min: 11, max: 191, step: 9 }, 29),
    cardinality: cardinalitySpec(8),
    width: widthSpec(64),
    form: formSpec,
    classes: classesSpec(10),
  },
  graph: cifarGraph,
  names: () => ({ convscope: byNodeId }),
  title: ({ depth, cardinality, width, form }) => `ResNeXt-${depth} ${cardinality}x${width}d, ${form}`,
  depth: ({ depth }) => depth,
  published: (settings) => {
    const member = sameCells(cifarMembers, settings);
    if (member && settings.classes === 10) return { member: member.info.id };
    return onCifar100(member, settings.classes);
  },
  members: cifarMembers,
});

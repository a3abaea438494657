import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { chain, column3, column7, convBnRelu, row3, row7 } from './inception.blocks.ts';
import { factsOf } from './facts.ts';
import { byNodeId, family, ignoring } from './recipe.ts';
import { boolean, classesSpec, int } from './settings.ts';

interface InceptionV3Settings {
  readonly aux: boolean;
  readonly resolution: number;
  readonly classes: number;
  readonly dropout: boolean;
}

type Module = (b: GraphBuilder, x: Value) => Value;

/** torchvision counts padding in the average. */
function pooledBranch(b: GraphBuilder, x: Value, filters: number): Value {
  return convBnRelu(b, b.avgPool('pool', x, 3, { stride: 1, pad: 1 }), ['branch_pool', filters, 1]);
}

/** Fig. 5 of the paper, with one 5x5 left whole as in the released network. */
const moduleA =
  (poolFilters: number): Module =>
  (b, x) =>
    b.concat(
      'output',
      convBnRelu(b, x, ['branch1x1', 64, 1]),
      chain(b, x, ['branch5x5_1', 48, 1], ['branch5x5_2', 64, 5]),
      chain(b, x, ['branch3x3dbl_1', 64, 1], ['branch3x3dbl_2', 96, 3], ['branch3x3dbl_3', 96, 3]),
      pooledBranch(b, x, poolFilters),
    );

/** Fig. 10: pooling and strided convolutions side by side shrink the grid from 35 to 17. */
const reductionA: Module = (b, x) =>
  b.concat(
    'output',
    convBnRelu(b, x, ['branch3x3', 384, 3, 'stride2']),
    chain(b, x, ['branch3x3dbl_1', 64, 1], ['branch3x3dbl_2', 96, 3], ['branch3x3dbl_3', 96, 3, 'stride2']),
    b.maxPool('pool', x, 3, { stride: 2 }),
  );

/** Fig. 6: 7x7 as 1x7 and 7x1; `maps` widen from 128 to 192 over the four modules. */
const moduleB =
  (maps: number): Module =>
  (b, x) =>
    b.concat(
      'output',
      convBnRelu(b, x, ['branch1x1', 192, 1]),
      chain(b, x, ['branch7x7_1', maps, 1], ['branch7x7_2', maps, row7], ['branch7x7_3', 192, column7]),
      chain(
        b,
        x,
        ['branch7x7dbl_1', maps, 1],
        ['branch7x7dbl_2', maps, column7],
        ['branch7x7dbl_3', maps, row7],
        ['branch7x7dbl_4', maps, column7],
        ['branch7x7dbl_5', 192, row7],
      ),
      pooledBranch(b, x, 192),
    );

const reductionB: Module = (b, x) =>
  b.concat(
    'output',
    chain(b, x, ['branch3x3_1', 192, 1], ['branch3x3_2', 320, 3, 'stride2']),
    chain(
      b,
      x,
      ['branch7x7x3_1', 192, 1],
      ['branch7x7x3_2', 192, row7],
      ['branch7x7x3_3', 192, column7],
      ['branch7x7x3_4', 192, 3, 'stride2'],
    ),
    b.maxPool('pool', x, 3, { stride: 2 }),
  );

/** Fig. 7: the filter banks are widened, not deepened, on the coarsest grid. */
const moduleC: Module = (b, x) => {
  const one = convBnRelu(b, x, ['branch1x1', 320, 1]);
  const two = convBnRelu(b, x, ['branch3x3_1', 384, 1]);
  const twoRow = convBnRelu(b, two, ['branch3x3_2a', 384, row3]);
  const twoColumn = convBnRelu(b, two, ['branch3x3_2b', 384, column3]);
  const three = chain(b, x, ['branch3x3dbl_1', 448, 1], ['branch3x3dbl_2', 384, 3]);
  const threeRow = convBnRelu(b, three, ['branch3x3dbl_3a', 384, row3]);
  const threeColumn = convBnRelu(b, three, ['branch3x3dbl_3b', 384, column3]);
  return b.concat('output', one, twoRow, twoColumn, threeRow, threeColumn, pooledBranch(b, x, 192));
};

const modules: readonly (readonly [name: string, module: Module])[] = [
  ['mixed_5b', moduleA(32)],
  ['mixed_5c', moduleA(64)],
  ['mixed_5d', moduleA(64)],
  ['mixed_6a', reductionA],
  ['mixed_6b', moduleB(128)],
  ['mixed_6c', moduleB(160)],
  ['mixed_6d', moduleB(160)],
  ['mixed_6e', moduleB(192)],
  ['mixed_7a', reductionB],
  ['mixed_7b', moduleC],
  ['mixed_7c', moduleC],
];

/** Sec. 4 and Fig. 8: one auxiliary classifier on the last 17x17 grid, with batch normalisation. */
function auxiliary(b: GraphBuilder, from: Value, classes: number): void {
  b.block('aux', 'auxiliary', () => {
    let x = b.avgPool('pool', from, 5, { stride: 3 });
    x = chain(b, x, ['conv0', 128, 1], ['conv1', 768, 5, 'valid']);
    if (b.shapeOf(x)[0] > 1) x = b.globalAvgPool('avgpool', x);
    b.softmax('softmax', b.dense('fc', x, classes));
  });
}

/** Table 1 as it was released: 42 layers by the paper's count. */
function inceptionV3Graph({ aux, resolution, classes, dropout }: InceptionV3Settings): Graph {
  const b = new GraphBuilder([resolution, resolution, 3]);
  let x = chain(
    b,
    b.input,
    ['conv2d_1a_3x3', 32, 3, 'stride2'],
    ['conv2d_2a_3x3', 32, 3, 'valid'],
    ['conv2d_2b_3x3', 64, 3],
  );
  x = b.maxPool('maxpool1', x, 3, { stride: 2 });
  x = chain(b, x, ['conv2d_3b_1x1', 80, 1], ['conv2d_4a_3x3', 192, 3, 'valid']);
  x = b.maxPool('maxpool2', x, 3, { stride: 2 });
  for (const [name, module] of modules) {
    x = b.block(name, 'inception', () => module(b, x));
    if (aux && name === 'mixed_6e') auxiliary(b, x, classes);
  }
  x = b.globalAvgPool('avgpool', x);
  if (dropout) x = b.dropout('dropout', x, 0.5);
  return b.build(b.softmax('softmax', b.dense('fc', x, classes)));
}

/** torchvision writes the blocks with a capital and nests `conv` and `bn`. */
const torchvisionNames: NameMap = (node, parameter) => {
  if (node.op.kind === 'dense') return `${node.id.replace('aux/', 'AuxLogits.')}.${parameter}`;
  if (node.op.kind !== 'conv' && node.op.kind !== 'batchNorm') return null;
  const part = node.op.kind === 'batchNorm' ? 'bn' : 'conv';
  const path = node.id.replace(/_bn$/, '').replace('aux/', 'AuxLogits/').replace('/', '.');
  return `${path[0]!.toUpperCase()}${path.slice(1)}.${part}.${parameter}`;
};

/** The published files hold the auxiliary classifier, timm's some of them too. */
const withoutAuxiliary = ignoring(torchvisionNames, /^AuxLogits\./);

export const inceptionV3 = family({
  id: 'inception-v3',
  name: 'Inception v3',
  parameters: {
    aux: boolean({ en: 'auxiliary classifier', ko: '보조 분류기' }, false, { trainingOnly: true }),
    resolution: int({ en: 'resolution', ko: '해상도' }, { min: 139, max: 587, step: 32 }, 299),
    classes: classesSpec(1000),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  check: ({ aux, resolution }) =>
    aux && resolution < 299
      ? {
          en: `The auxiliary classifier of Inception v3 reads a 17x17 grid by 5x5 windows: with aux=true the resolution may be 299, 331, ... 587, got ${resolution}.`,
          ko: `Inception v3의 보조 분류기는 17x17 맵을 5x5 창으로 읽습니다. aux=true이면 해상도는 299, 331, ... 587이어야 하는데 ${resolution}입니다.`,
        }
      : null,
  graph: inceptionV3Graph,
  names: () => ({ torchvision: withoutAuxiliary, timm: withoutAuxiliary, convscope: byNodeId }),
  members: [
    {
      // The longest path: 47 convolutions and the classifier. The paper says 42.
      info: factsOf('inception-v3', { classes: 1000, depth: 48 }),
      settings: {},
      expect: {
        params: 23_834_568,
        macs: 5_713_216_096,
        shapes: {
          conv2d_1a_3x3: [149, 149, 32],
          maxpool2: [35, 35, 192],
          'mixed_5d/output': [35, 35, 288],
          'mixed_6e/output': [17, 17, 768],
          'mixed_7a/output': [8, 8, 1280],
          'mixed_7c/output': [8, 8, 2048],
        },
        source: "Szegedy et al. 2015, Table 1, as released; equal to torchvision's inception_v3",
      },
    },
  ],
});

import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { chain, column3, column7, convBnRelu, row3, row7 } from './inception.blocks.ts';
import { factsOf } from './facts.ts';
import { byNodeId, family } from './recipe.ts';
import { boolean, classesSpec, int } from './settings.ts';

interface InceptionV4Settings {
  /** How many Inception-A, -B and -C blocks. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly resolution: number;
  readonly classes: number;
  readonly dropout: boolean;
}

/** Fig. 3 of arXiv: three convolutions and three joins of a pool or a branch with a strided convolution. */
function stem(b: GraphBuilder, input: Value): Value {
  let x = chain(b, input, ['conv1', 32, 3, 'stride2'], ['conv2', 32, 3, 'valid'], ['conv3', 64, 3]);
  x = b.block('mixed_3a', 'inception', () => {
    const pooled = b.maxPool('maxpool', x, 3, { stride: 2 });
    return b.concat('output', pooled, convBnRelu(b, x, ['conv', 96, 3, 'stride2']));
  });
  x = b.block('mixed_4a', 'inception', () => {
    const short = chain(b, x, ['branch0_0', 64, 1], ['branch0_1', 96, 3, 'valid']);
    const long = chain(
      b,
      x,
      ['branch1_0', 64, 1],
      ['branch1_1', 64, row7],
      ['branch1_2', 64, column7],
      ['branch1_3', 96, 3, 'valid'],
    );
    return b.concat('output', short, long);
  });
  return b.block('mixed_5a', 'inception', () => {
    const strided = convBnRelu(b, x, ['conv', 192, 3, 'stride2']);
    return b.concat('output', strided, b.maxPool('maxpool', x, 3, { stride: 2 }));
  });
}

/** The average of 3x3 without padding in its divisor, then 1x1. */
function pooledBranch(b: GraphBuilder, x: Value, filters: number): Value {
  const pooled = b.avgPool('branch3_0', x, 3, { stride: 1, pad: 1, countPadding: false });
  return convBnRelu(b, pooled, ['branch3_1', filters, 1]);
}

/** Fig. 4. */
function inceptionA(b: GraphBuilder, x: Value): Value {
  return b.concat(
    'output',
    convBnRelu(b, x, ['branch0', 96, 1]),
    chain(b, x, ['branch1_0', 64, 1], ['branch1_1', 96, 3]),
    chain(b, x, ['branch2_0', 64, 1], ['branch2_1', 96, 3], ['branch2_2', 96, 3]),
    pooledBranch(b, x, 96),
  );
}

/** Fig. 7 with k, l, m, n of Table 1: 192, 224, 256, 384. */
function reductionA(b: GraphBuilder, x: Value): Value {
  return b.concat(
    'output',
    convBnRelu(b, x, ['branch0', 384, 3, 'stride2']),
    chain(b, x, ['branch1_0', 192, 1], ['branch1_1', 224, 3], ['branch1_2', 256, 3, 'stride2']),
    b.maxPool('branch2', x, 3, { stride: 2 }),
  );
}

/** Fig. 5. */
function inceptionB(b: GraphBuilder, x: Value): Value {
  return b.concat(
    'output',
    convBnRelu(b, x, ['branch0', 384, 1]),
    chain(b, x, ['branch1_0', 192, 1], ['branch1_1', 224, row7], ['branch1_2', 256, column7]),
    chain(
      b,
      x,
      ['branch2_0', 192, 1],
      ['branch2_1', 192, column7],
      ['branch2_2', 224, row7],
      ['branch2_3', 224, column7],
      ['branch2_4', 256, row7],
    ),
    pooledBranch(b, x, 128),
  );
}

/** Fig. 8. */
function reductionB(b: GraphBuilder, x: Value): Value {
  return b.concat(
    'output',
    chain(b, x, ['branch0_0', 192, 1], ['branch0_1', 192, 3, 'stride2']),
    chain(
      b,
      x,
      ['branch1_0', 256, 1],
      ['branch1_1', 256, row7],
      ['branch1_2', 320, column7],
      ['branch1_3', 320, 3, 'stride2'],
    ),
    b.maxPool('branch2', x, 3, { stride: 2 }),
  );
}

/** Fig. 6: the last convolutions of two branches stand side by side. */
function inceptionC(b: GraphBuilder, x: Value): Value {
  const one = convBnRelu(b, x, ['branch0', 256, 1]);
  const two = convBnRelu(b, x, ['branch1_0', 384, 1]);
  const twoRow = convBnRelu(b, two, ['branch1_1a', 256, row3]);
  const twoColumn = convBnRelu(b, two, ['branch1_1b', 256, column3]);
  const three = chain(b, x, ['branch2_0', 384, 1], ['branch2_1', 448, column3], ['branch2_2', 512, row3]);
  const threeRow = convBnRelu(b, three, ['branch2_3a', 256, row3]);
  const threeColumn = convBnRelu(b, three, ['branch2_3b', 256, column3]);
  return b.concat('output', one, twoRow, twoColumn, threeRow, threeColumn, pooledBranch(b, x, 256));
}

/** Fig. 9 of arXiv: stem, 4 A, reduction, 7 B, reduction, 3 C, average, dropout 0.2. */
function inceptionV4Graph(settings: InceptionV4Settings): Graph {
  const { resolution, classes, dropout } = settings;
  const b = new GraphBuilder([resolution, resolution, 3]);
  let x = b.block('stem', 'stage', () => stem(b, b.input));
  const repeat = (name: string, count: number, draw: (b: GraphBuilder, x: Value) => Value): void => {
    b.block(name, 'stage', () => {
      for (let i = 1; i <= count; i++) x = b.block(String(i), 'inception', () => draw(b, x));
    });
  };
  repeat('inception_a', settings.a, inceptionA);
  x = b.block('reduction_a', 'inception', () => reductionA(b, x));
  repeat('inception_b', settings.b, inceptionB);
  x = b.block('reduction_b', 'inception', () => reductionB(b, x));
  repeat('inception_c', settings.c, inceptionC);
  x = b.globalAvgPool('avgpool', x);
  if (dropout) x = b.dropout('dropout', x, 0.2);
  return b.build(b.softmax('softmax', b.dense('fc', x, classes)));
}

/** timm counts stem, blocks and reductions through as `features.0` to `features.21`. */
function timmNames({ a, b }: InceptionV4Settings): NameMap {
  const first: Readonly<Record<string, number>> = {
    conv1: 0,
    conv2: 1,
    conv3: 2,
    mixed_3a: 3,
    mixed_4a: 4,
    mixed_5a: 5,
    inception_a: 6,
    reduction_a: 6 + a,
    inception_b: 7 + a,
    reduction_b: 7 + a + b,
    inception_c: 8 + a + b,
  };
  return (node, parameter) => {
    if (node.id === 'fc') return `last_linear.${parameter}`;
    const part = node.op.kind === 'batchNorm' ? 'bn' : 'conv';
    const path = node.id.replace(/_bn$/, '').split('/');
    if (path[0] === 'stem') path.shift();
    const [place, ...rest] = path as [string, ...string[]];
    if (first[place] === undefined) return null;
    const index = rest.length === 2 ? Number(rest.shift()) - 1 : 0;
    const layer = rest[0];
    const feature = `features.${first[place] + index}`;
    if (layer === undefined) return `${feature}.${part}.${parameter}`;
    // The side-by-side branches of C keep their underscore.
    const module = place === 'inception_c' && !layer.startsWith('branch3') ? layer : layer.replace('_', '.');
    return `${feature}.${module}.${part}.${parameter}`;
  };
}

const blocks = (letter: string): { readonly en: string; readonly ko: string } => ({
  en: `Inception-${letter} blocks`,
  ko: `Inception-${letter} 블록 수`,
});

export const inceptionV4 = family({
  id: 'inception-v4',
  name: 'Inception v4',
  parameters: {
    a: int(blocks('A'), { min: 1, max: 20 }, 4),
    b: int(blocks('B'), { min: 1, max: 20 }, 7),
    c: int(blocks('C'), { min: 1, max: 20 }, 3),
    resolution: int({ en: 'resolution', ko: '해상도' }, { min: 107, max: 587, step: 32 }, 299),
    classes: classesSpec(1000),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  graph: inceptionV4Graph,
  names: (settings): Readonly<Record<string, NameMap>> => ({
    timm: timmNames(settings),
    convscope: byNodeId,
  }),
  members: [
    {
      // The paper does not count layers: the longest path has 75 convolutions and the classifier.
      info: factsOf('inception-v4', { classes: 1000, depth: 76 }),
      settings: {},
      expect: {
        params: 42_679_816,
        macs: 12_253_974_624,
        shapes: {
          'stem/conv1': [149, 149, 32],
          'stem/mixed_3a/output': [73, 73, 160],
          'stem/mixed_4a/output': [71, 71, 192],
          'stem/mixed_5a/output': [35, 35, 384],
          'inception_a/4/output': [35, 35, 384],
          'reduction_a/output': [17, 17, 1024],
          'inception_b/7/output': [17, 17, 1024],
          'reduction_b/output': [8, 8, 1536],
          'inception_c/3/output': [8, 8, 1536],
        },
        source: "Szegedy et al. 2016, Figs. 3-9; equal to timm's inception_v4 and a Caffe port",
      },
    },
  ],
});

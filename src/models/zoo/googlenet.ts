import { GraphBuilder } from '../build.ts';
import type { ConvOptions, Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { byNodeId, family, ignoring } from './recipe.ts';
import { boolean, choice, classesSpec } from './settings.ts';
import { factsOf } from './facts.ts';

/** One row of Table 1: maps of the 1x1, of the 3x3 and its reduction, of the 5x5 and its reduction, of the pool projection. */
type Row = readonly [
  one: number,
  reduce3: number,
  three: number,
  reduce5: number,
  five: number,
  poolProj: number,
];

const table: Readonly<Record<string, Row>> = {
  inception_3a: [64, 96, 128, 16, 32, 32],
  inception_3b: [128, 128, 192, 32, 96, 64],
  inception_4a: [192, 96, 208, 16, 48, 64],
  inception_4b: [160, 112, 224, 24, 64, 64],
  inception_4c: [128, 128, 256, 24, 64, 64],
  inception_4d: [112, 144, 288, 32, 64, 64],
  inception_4e: [256, 160, 320, 32, 128, 128],
  inception_5a: [256, 160, 320, 32, 128, 128],
  inception_5b: [384, 192, 384, 48, 128, 128],
};

interface GooglenetSettings {
  /** The paper's as BVLC published it, or torchvision's: batch normalisation, 3x3 in the 5x5 branch. */
  readonly form: 'paper' | 'torchvision';
  readonly module: 'reduced' | 'naive';
  readonly aux: boolean;
  readonly classes: number;
  readonly dropout: boolean;
}

/** BVLC's prototxt; Caffe divides alpha by the neighbourhood's size. */
const lrn = { size: 5, alpha: 1e-4, beta: 0.75, k: 1, alphaOverSize: true };

/** Draws a form: its convolutions are `name` and `relu_name`, in torchvision's form with `bn_name` between them. */
class Drawing {
  readonly b = new GraphBuilder([224, 224, 3]);
  constructor(private readonly settings: GooglenetSettings) {}

  conv(name: string, from: Value, filters: number, kernel: number, options: ConvOptions = {}): Value {
    const { b } = this;
    // conv1's companions are relu1 and bn1, a module's are relu_3x3 and bn_3x3.
    const part = (prefix: string): string =>
      name.startsWith('conv') ? name.replace('conv', prefix) : `${prefix}_${name}`;
    const pad = (kernel - 1) / 2;
    if (this.settings.form === 'paper')
      return b.relu(part('relu'), b.conv(name, from, filters, kernel, { pad, ...options }));
    const x = b.conv(name, from, filters, kernel, { pad, bias: false, ...options });
    return b.relu(part('relu'), b.batchNorm(part('bn'), x, { epsilon: 1e-3 }));
  }

  /** Fig. 2: four branches side by side, joined along the channels; b reduces the channels before the large windows. */
  inception(x: Value, [one, reduce3, three, reduce5, five, poolProj]: Row): Value {
    const { b, settings } = this;
    const reduced = settings.module === 'reduced';
    const [name5, kernel5] = settings.form === 'paper' ? (['5x5', 5] as const) : (['3x3b', 3] as const);
    const reduce = (name: string, filters: number): Value =>
      reduced ? this.conv(`${name}_reduce`, x, filters, 1) : x;
    const branch1 = this.conv('1x1', x, one, 1);
    const branch3 = this.conv('3x3', reduce('3x3', reduce3), three, 3);
    const branch5 = this.conv(name5, reduce(name5, reduce5), five, kernel5);
    const pooled = b.maxPool('pool', x, 3, { stride: 1, pad: 1 });
    const branchPool = reduced ? this.conv('pool_proj', pooled, poolProj, 1) : pooled;
    return b.concat('output', branch1, branch3, branch5, branchPool);
  }

  /** Sec. 5: a classifier on the side that only training has; its loss counts 0.3. */
  auxiliary(name: string, from: Value): void {
    const { b, settings } = this;
    b.block(name, 'auxiliary', () => {
      const pooled = b.avgPool('ave_pool', from, 5, { stride: 3 });
      let x = this.conv('conv', pooled, 128, 1);
      x = b.relu('relu_fc', b.dense('fc', x, 1024));
      if (settings.dropout) x = b.dropout('drop_fc', x, 0.7);
      b.softmax('softmax', b.dense('classifier', x, settings.classes));
    });
  }
}

/** Table 1. Caffe pools in ceil mode. */
function googlenetGraph(settings: GooglenetSettings): Graph {
  const { form, aux, classes, dropout } = settings;
  const drawing = new Drawing(settings);
  const { b } = drawing;
  const halve = { stride: 2, ceil: true };
  const normalise = (name: string, x: Value): Value => (form === 'paper' ? b.lrn(name, x, lrn) : x);
  const module = (x: Value, name: string): Value => {
    const y = b.block(name, 'inception', () => drawing.inception(x, table[name]!));
    if (aux && name === 'inception_4a') drawing.auxiliary('aux1', y);
    if (aux && name === 'inception_4d') drawing.auxiliary('aux2', y);
    return y;
  };

  let x = drawing.conv('conv1', b.input, 64, 7, { stride: 2 });
  x = normalise('norm1', b.maxPool('pool1', x, 3, halve));
  x = drawing.conv('conv2_reduce', x, 64, 1);
  x = normalise('norm2', drawing.conv('conv2', x, 192, 3));
  x = b.maxPool('pool2', x, 3, halve);
  x = ['inception_3a', 'inception_3b'].reduce(module, x);
  x = b.maxPool('pool3', x, 3, halve);
  x = ['inception_4a', 'inception_4b', 'inception_4c', 'inception_4d', 'inception_4e'].reduce(module, x);
  x = b.maxPool('pool4', x, form === 'paper' ? 3 : 2, halve);
  x = ['inception_5a', 'inception_5b'].reduce(module, x);
  x = form === 'paper' ? b.avgPool('pool5', x, 7, { stride: 1 }) : b.globalAvgPool('pool5', x);
  if (dropout) x = b.dropout('dropout', x, form === 'paper' ? 0.4 : 0.2);
  return b.build(b.softmax('softmax', b.dense('classifier', x, classes)));
}

const torchvisionModules: Readonly<Record<string, string>> = {
  conv1: 'conv1.conv',
  bn1: 'conv1.bn',
  conv2_reduce: 'conv2.conv',
  bn2_reduce: 'conv2.bn',
  conv2: 'conv3.conv',
  bn2: 'conv3.bn',
  classifier: 'fc',
  '1x1': 'branch1',
  '3x3_reduce': 'branch2.0',
  '3x3': 'branch2.1',
  '3x3b_reduce': 'branch3.0',
  '3x3b': 'branch3.1',
  pool_proj: 'branch4.1',
};
const auxiliaryModules: Readonly<Record<string, string>> = {
  conv: 'conv.conv',
  bn: 'conv.bn',
  fc: 'fc1',
  classifier: 'fc2',
};

const torchvisionNames: NameMap = (node, parameter) => {
  const [block, layer] = node.id.split('/') as [string, string | undefined];
  if (layer === undefined) {
    const module = torchvisionModules[block];
    return module === undefined ? null : `${module}.${parameter}`;
  }
  if (block.startsWith('aux')) {
    const module = auxiliaryModules[layer];
    return module === undefined ? null : `${block}.${module}.${parameter}`;
  }
  const branch = torchvisionModules[layer.replace(/^bn_/, '')];
  const part = layer.startsWith('bn_') ? 'bn' : 'conv';
  return branch === undefined ? null : `${block.replace('_', '')}.${branch}.${part}.${parameter}`;
};

const shapes = {
  pool1: [56, 56, 64],
  pool2: [28, 28, 192],
  'inception_3a/output': [28, 28, 256],
  'inception_3b/output': [28, 28, 480],
  'inception_4a/output': [14, 14, 512],
  'inception_4d/output': [14, 14, 528],
  'inception_4e/output': [14, 14, 832],
  'inception_5b/output': [7, 7, 1024],
  pool5: [1, 1, 1024],
} as const;

export const googlenet = family({
  id: 'googlenet',
  name: 'GoogLeNet',
  parameters: {
    form: choice({ en: 'form', ko: '형태' }, ['paper', 'torchvision'], 'paper', {
      valueLabels: {
        paper: { en: 'the paper (BVLC)', ko: '논문(BVLC)' },
        torchvision: { en: 'torchvision: BN, 3x3 for 5x5', ko: 'torchvision: BN, 5x5 대신 3x3' },
      },
    }),
    module: choice({ en: 'inception module', ko: '인셉션 모듈' }, ['reduced', 'naive'], 'reduced', {
      valueLabels: {
        reduced: { en: 'reduced (Fig. 2b)', ko: '축소한 형태(그림 2b)' },
        naive: { en: 'naive (Fig. 2a)', ko: '단순한 형태(그림 2a)' },
      },
      note: {
        en: 'Fig. 2: naive (a) has no 1x1 convolutions before the large windows and after the pooling.',
        ko: '그림 2: 단순한 형태(a)에는 큰 창 앞과 풀링 뒤의 1x1 합성곱이 없다.',
      },
    }),
    aux: boolean({ en: 'auxiliary classifiers', ko: '보조 분류기' }, false, { trainingOnly: true }),
    classes: classesSpec(1000),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  graph: googlenetGraph,
  names: ({ form, module }): Readonly<Record<string, NameMap>> =>
    form === 'torchvision' && module === 'reduced'
      ? { torchvision: ignoring(torchvisionNames, /^aux[12]\./), convscope: byNodeId }
      : { convscope: byNodeId },
  members: [
    {
      info: factsOf('googlenet', { name: 'GoogLeNet', classes: 1000, depth: 22 }),
      settings: {},
      expect: {
        params: 6_998_552,
        macs: 1_582_671_872,
        shapes,
        source: "Szegedy et al. 2014, Table 1; equal to BVLC's deploy.prototxt",
      },
    },
    {
      info: factsOf('googlenet', {
        id: 'googlenet-aux',
        name: 'GoogLeNet, auxiliary classifiers',
        classes: 1000,
        depth: 22,
      }),
      settings: { aux: true },
      expect: {
        params: 13_378_280,
        macs: 1_591_044_096,
        shapes: { ...shapes, 'aux1/ave_pool': [4, 4, 512], 'aux2/ave_pool': [4, 4, 528] },
        source: "Szegedy et al. 2014, Table 1 and Sec. 5; equal to BVLC's train_val.prototxt",
      },
    },
    {
      info: factsOf('googlenet', {
        id: 'googlenet-torchvision',
        name: 'GoogLeNet (torchvision)',
        classes: 1000,
        depth: 22,
      }),
      settings: { form: 'torchvision' },
      expect: { params: 6_624_904, macs: 1_498_376_192, shapes, source: "torchvision's googlenet" },
    },
    {
      info: factsOf('googlenet', {
        id: 'googlenet-naive',
        name: 'GoogLeNet, naive modules',
        classes: 1000,
        depth: 13,
      }),
      settings: { module: 'naive' },
      expect: {
        params: 97_526_008,
        macs: 12_568_061_056,
        shapes: {
          'inception_3a/output': [28, 28, 416],
          'inception_3b/output': [28, 28, 832],
          'inception_4a/output': [14, 14, 1280],
          'inception_4e/output': [14, 14, 3344],
          'inception_5b/output': [7, 7, 4944],
        },
        source: 'Szegedy et al. 2014, Fig. 2a with the maps of Table 1 (computed from its layers)',
      },
    },
  ],
});

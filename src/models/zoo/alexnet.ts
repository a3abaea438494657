import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { NameMap } from '../network.ts';
import { byNodeId, byTable, family } from './recipe.ts';
import { boolean, choice, classesSpec } from './settings.ts';
import { factsOf } from './facts.ts';

interface AlexnetSettings {
  /** The paper's, BVLC's copy of it, with pooling before normalisation (CaffeNet), or the single tower of 2014 (torchvision). */
  readonly form: '2012' | 'bvlc' | 'caffenet' | '2014';
  /** 227 without padding, or 224 with padding 2 in conv1: the same shapes. */
  readonly input: 224 | 227;
  readonly groups: number;
  readonly classes: number;
  readonly dropout: boolean;
}

/** Filters of the five convolutions. */
const widths = { '2012': [96, 256, 384, 384, 256], '2014': [64, 192, 384, 256, 256] } as const;

/** Sec. 3.3 of the paper; alpha is not divided by the neighbourhood's size. Caffe's constants are PyTorch's. */
const lrn = {
  '2012': { size: 5, alpha: 1e-4, beta: 0.75, k: 2, alphaOverSize: false },
  caffe: { size: 5, alpha: 1e-4, beta: 0.75, k: 1, alphaOverSize: true },
} as const;

/**
 * Fig. 2: two GPUs make the two groups of conv2, conv4 and conv5; they exchange maps before conv3 and the dense layers.
 * Sec. 3.4: pooling windows of 3 every 2, so neighbours overlap.
 */
function alexnetGraph({ form, input, groups, classes, dropout }: AlexnetSettings): Graph {
  const oneTower = form === '2014';
  const [c1, c2, c3, c4, c5] = widths[oneTower ? '2014' : '2012'];
  const b = new GraphBuilder([input, input, 3]);
  const pool = (layer: number, x: Value): Value => b.maxPool(`pool${layer}`, x, 3, { stride: 2 });
  const convRelu = (layer: number, x: Value, filters: number, kernel: number, halves = 1): Value =>
    b.relu(
      `relu${layer}`,
      b.conv(`conv${layer}`, x, filters, kernel, { pad: (kernel - 1) / 2, groups: halves }),
    );
  const normalisePool = (layer: number, x: Value): Value => {
    if (form === '2014') return pool(layer, x);
    if (form === 'caffenet') return b.lrn(`norm${layer}`, pool(layer, x), lrn.caffe);
    return pool(layer, b.lrn(`norm${layer}`, x, form === 'bvlc' ? lrn.caffe : lrn['2012']));
  };
  const drop = (layer: number, x: Value): Value => (dropout ? b.dropout(`drop${layer}`, x, 0.5) : x);

  let x = b.relu('relu1', b.conv('conv1', b.input, c1, 11, { stride: 4, pad: input === 224 ? 2 : 0 }));
  x = normalisePool(1, x);
  x = normalisePool(2, convRelu(2, x, c2, 5, groups));
  x = convRelu(3, x, c3, 3);
  x = convRelu(4, x, c4, 3, groups);
  x = pool(5, convRelu(5, x, c5, 3, groups));
  for (const layer of [6, 7]) {
    if (oneTower) x = drop(layer - 1, x);
    x = b.relu(`relu${layer}`, b.dense(`fc${layer}`, x, 4096));
    if (!oneTower) x = drop(layer, x);
  }
  return b.build(b.softmax('softmax', b.dense('fc8', x, classes)));
}

const torchvisionNames = byTable({
  conv1: 'features.0',
  conv2: 'features.3',
  conv3: 'features.6',
  conv4: 'features.8',
  conv5: 'features.10',
  fc6: 'classifier.1',
  fc7: 'classifier.4',
  fc8: 'classifier.6',
});

const shapes = {
  conv1: [55, 55, 96],
  pool1: [27, 27, 96],
  pool2: [13, 13, 256],
  pool5: [6, 6, 256],
} as const;

export const alexnet = family({
  id: 'alexnet',
  name: 'AlexNet',
  parameters: {
    form: choice({ en: 'form', ko: '형태' }, ['2012', 'bvlc', 'caffenet', '2014'], '2012', {
      valueLabels: {
        '2012': { en: '2012: normalise, then pool', ko: '2012년: 정규화한 뒤 풀링' },
        bvlc: { en: "BVLC: 2012 with Caffe's normalisation", ko: 'BVLC: 2012년형에 Caffe의 정규화' },
        caffenet: { en: 'CaffeNet: pool, then normalise', ko: 'CaffeNet: 풀링한 뒤 정규화' },
        '2014': { en: '2014: one tower, no normalisation', ko: '2014년: 탑 하나, 정규화 없음' },
      },
    }),
    input: choice({ en: 'input size', ko: '입력 크기' }, [224, 227], 227, {
      note: {
        en: '224 as the paper says, with padding 2 in conv1; 227 as its sizes need without padding.',
        ko: '224는 논문에 적힌 크기로 conv1에 패딩 2를 준다. 227은 패딩 없이 논문의 맵 크기가 나오는 입력이다.',
      },
    }),
    groups: choice({ en: 'groups in conv2, conv4, conv5', ko: 'conv2, conv4, conv5의 그룹' }, [1, 2], 2),
    classes: classesSpec(1000),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  check: ({ form, groups }) =>
    form === '2014' && groups !== 1
      ? {
          en: `The single tower of 2014 has no groups: alexnet?form=2014 needs groups=1, got groups=${groups}.`,
          ko: `탑이 하나인 2014년의 망에는 그룹이 없습니다. form=2014이면 groups=1이어야 하는데 groups=${groups}입니다.`,
        }
      : null,
  graph: alexnetGraph,
  names: ({ form }): Readonly<Record<string, NameMap>> =>
    form === '2014' ? { torchvision: torchvisionNames, convscope: byNodeId } : { convscope: byNodeId },
  members: [
    {
      info: factsOf('alexnet-2012', { name: 'AlexNet', classes: 1000, depth: 8 }),
      settings: {},
      expect: {
        params: 60_965_224,
        macs: 724_406_816,
        shapes,
        source: "Krizhevsky et al. 2012, Fig. 2; equal to BVLC's deploy.prototxt",
      },
    },
    {
      info: factsOf('caffenet', { classes: 1000, depth: 8 }),
      settings: { form: 'caffenet' },
      expect: {
        params: 60_965_224,
        macs: 724_406_816,
        shapes,
        source: 'BVLC/caffe models/bvlc_reference_caffenet/deploy.prototxt',
      },
    },
    {
      info: factsOf('alexnet-one-tower', { classes: 1000, depth: 8 }),
      settings: { form: '2014', input: 224, groups: 1 },
      expect: {
        params: 61_100_840,
        macs: 714_188_480,
        shapes: { conv1: [55, 55, 64], pool1: [27, 27, 64], pool2: [13, 13, 192], pool5: [6, 6, 256] },
        source: "torchvision's alexnet",
      },
    },
  ],
});

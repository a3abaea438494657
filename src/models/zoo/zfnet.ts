import { GraphBuilder } from '../build.ts';
import type { LrnOptions } from '../build.ts';
import type { Graph } from '../graph.ts';
import { byNodeId, byTable, family } from './recipe.ts';
import { choice, classesSpec, int } from './settings.ts';
import { imagenetteDeviations, imagenetteInfo, zfnetDeviations, zfnetInfo } from './zfnet.text.ts';

interface Settings {
  readonly classes: number;
  /** Units of fc6 and fc7. */
  readonly hidden: number;
  readonly lrn: LrnOptions;
}

/**
 * Fig. 3 of arXiv v3. The paper states no paddings; padding 1 in conv1 and ceil-mode pools give its map sizes
 * 110, 55, 26, 13 and 6.
 */
function zfnetGraph({ classes, hidden, lrn }: Settings): Graph {
  const b = new GraphBuilder([224, 224, 3]);
  const pool = { stride: 2, ceil: true };
  let x = b.conv('conv1', b.input, 96, 7, { stride: 2, pad: 1 });
  x = b.relu('relu1', x);
  x = b.maxPool('pool1', x, 3, pool);
  x = b.lrn('norm1', x, lrn);
  x = b.conv('conv2', x, 256, 5, { stride: 2 });
  x = b.relu('relu2', x);
  x = b.maxPool('pool2', x, 3, pool);
  x = b.lrn('norm2', x, lrn);
  x = b.conv('conv3', x, 384, 3, { pad: 1 });
  x = b.relu('relu3', x);
  x = b.conv('conv4', x, 384, 3, { pad: 1 });
  x = b.relu('relu4', x);
  x = b.conv('conv5', x, 256, 3, { pad: 1 });
  x = b.relu('relu5', x);
  x = b.maxPool('pool5', x, 3, { stride: 2 });
  x = b.dense('fc6', x, hidden);
  x = b.relu('relu6', x);
  x = b.dropout('drop6', x, 0.5);
  x = b.dense('fc7', x, hidden);
  x = b.relu('relu7', x);
  x = b.dropout('drop7', x, 0.5);
  x = b.dense('fc8', x, classes);
  return b.build(b.softmax('softmax', x));
}

/** The paper says only "contrast normalised across feature maps": AlexNet's constants are taken. */
const lrn = { size: 5, alpha: 1e-4, beta: 0.75, k: 2, alphaOverSize: false };
const shapes = {
  conv1: [110, 110, 96],
  pool1: [55, 55, 96],
  conv2: [26, 26, 256],
  pool2: [13, 13, 256],
  conv5: [13, 13, 256],
  pool5: [6, 6, 256],
} as const;

export const zfnet = family({
  id: 'zfnet',
  name: 'ZFNet',
  parameters: {
    hidden: int({ en: 'units of fc6 and fc7', ko: 'fc6과 fc7의 뉴런 수' }, { min: 16, max: 16_384 }, 4096),
    classes: classesSpec(1000),
    lrn: choice({ en: 'LRN constants', ko: 'LRN 상수' }, ['paper', 'pytorch'], 'paper'),
  },
  graph: ({ lrn: form, ...sizes }) =>
    zfnetGraph({ ...sizes, lrn: form === 'paper' ? lrn : { ...lrn, alphaOverSize: true } }),
  names: () => ({ convscope: byNodeId }),
  members: [
    {
      info: zfnetInfo,
      deviations: zfnetDeviations,
      settings: {},
      expect: {
        params: 62_357_608,
        macs: 1_168_032_896,
        shapes,
        source: 'Zeiler & Fergus 2013, Fig. 3 (computed from its layers)',
      },
    },
    {
      info: imagenetteInfo,
      deviations: imagenetteDeviations,
      // It was trained with PyTorch's normalisation, which divides alpha by the neighbourhood's size.
      settings: { classes: 10, hidden: 512, lrn: 'pytorch' },
      expect: {
        params: 8_713_354,
        macs: 1_114_396_800,
        shapes: { ...shapes, fc8: [1, 1, 10] },
        source: "the weight file's own tensors",
      },
      names: {
        convscope: byTable({
          conv1: 'features.0',
          conv2: 'features.4',
          conv3: 'features.8',
          conv4: 'features.10',
          conv5: 'features.12',
          fc6: 'classifier.0',
          fc7: 'classifier.3',
          fc8: 'classifier.6',
        }),
      },
    },
  ],
});

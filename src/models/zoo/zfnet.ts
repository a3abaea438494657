import { GraphBuilder } from '../build.ts';
import type { LrnOptions, Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import type { Text } from '../network.ts';
import { byNodeId, byTable, family } from './recipe.ts';
import { boolean, choice, classesSpec, int } from './settings.ts';
import { factsOf } from './facts.ts';

/** Maps of conv3, conv4 and conv5: Fig. 3, row (b) of Table 2, the ONNX zoo's. */
const widths = {
  '384-384-256': [384, 384, 256],
  '512-1024-512': [512, 1024, 512],
  '512-512-512': [512, 512, 512],
} as const;

interface ZfnetSettings {
  readonly maps: keyof typeof widths;
  readonly fc6: number;
  readonly fc7: number;
  readonly classes: number;
  readonly form: 'paper' | 'imagenette' | 'onnx';
  readonly dropout: boolean;
}

/**
 * The paper says only "contrast normalised across feature maps": AlexNet's constants are taken. PyTorch and ONNX divide
 * alpha by the neighbourhood's size; the bundled weights were trained so.
 */
const lrn: Readonly<Record<ZfnetSettings['form'], LrnOptions>> = {
  paper: { size: 5, alpha: 1e-4, beta: 0.75, k: 2, alphaOverSize: false },
  imagenette: { size: 5, alpha: 1e-4, beta: 0.75, k: 2, alphaOverSize: true },
  onnx: { size: 5, alpha: 5e-4, beta: 0.75, k: 2, alphaOverSize: true },
};

/**
 * Fig. 3 of arXiv v3. The paper states no paddings; padding 1 in conv1 and ceil-mode pools give its map sizes
 * 110, 55, 26, 13 and 6. The ONNX zoo's has no padding there, floor-mode pools, and normalises before it pools.
 */
function zfnetGraph({ maps, fc6, fc7, classes, form, dropout }: ZfnetSettings): Graph {
  const onnx = form === 'onnx';
  const [c3, c4, c5] = widths[maps];
  const b = new GraphBuilder([224, 224, 3]);
  const pool = (layer: number, x: Value): Value =>
    b.maxPool(`pool${layer}`, x, 3, { stride: 2, ceil: !onnx });
  const poolNormalise = (layer: number, x: Value): Value =>
    onnx
      ? pool(layer, b.lrn(`norm${layer}`, x, lrn[form]))
      : b.lrn(`norm${layer}`, pool(layer, x), lrn[form]);
  const convRelu = (layer: number, x: Value, filters: number): Value =>
    b.relu(`relu${layer}`, b.conv(`conv${layer}`, x, filters, 3, { pad: 1 }));
  const denseRelu = (layer: number, x: Value, units: number): Value => {
    const y = b.relu(`relu${layer}`, b.dense(`fc${layer}`, x, units));
    return dropout ? b.dropout(`drop${layer}`, y, 0.5) : y;
  };

  let x = b.relu('relu1', b.conv('conv1', b.input, 96, 7, { stride: 2, pad: onnx ? 0 : 1 }));
  x = poolNormalise(1, x);
  x = b.relu('relu2', b.conv('conv2', x, 256, 5, { stride: 2 }));
  x = poolNormalise(2, x);
  x = convRelu(5, convRelu(4, convRelu(3, x, c3), c4), c5);
  x = b.maxPool('pool5', x, onnx ? 2 : 3, { stride: 2 });
  x = denseRelu(7, denseRelu(6, x, fc6), fc7);
  return b.build(b.softmax('softmax', b.dense('fc8', x, classes)));
}

const units = (label: string): Text => ({ en: `units of ${label}`, ko: `${label}의 뉴런 수` });

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
    maps: choice(
      { en: 'maps of conv3, conv4, conv5', ko: 'conv3, conv4, conv5의 맵' },
      ['384-384-256', '512-1024-512', '512-512-512'],
      '384-384-256',
    ),
    fc6: int(units('fc6'), { min: 16, max: 16_384 }, 4096),
    fc7: int(units('fc7'), { min: 16, max: 16_384 }, 4096),
    classes: classesSpec(1000),
    form: choice({ en: 'form', ko: '형태' }, ['paper', 'imagenette', 'onnx'], 'paper', {
      valueLabels: {
        paper: { en: 'Fig. 3 of the paper', ko: '논문의 그림 3' },
        imagenette: { en: 'bundled weights: alpha / 5', ko: '들어 있는 가중치: alpha / 5' },
        onnx: { en: 'ONNX zoo: no padding, floor pools', ko: 'ONNX 저장소: 패딩 없음, 내림 풀링' },
      },
    }),
    dropout: boolean({ en: 'dropout', ko: '드롭아웃' }, true, { trainingOnly: true }),
  },
  graph: zfnetGraph,
  names: () => ({ convscope: byNodeId }),
  members: [
    {
      info: factsOf('zfnet', { classes: 1000, depth: 8 }),
      settings: {},
      expect: {
        params: 62_357_608,
        macs: 1_168_032_896,
        shapes,
        source: 'Zeiler & Fergus 2013, Fig. 3 (computed from its layers)',
      },
    },
    {
      info: factsOf('zfnet-512-1024-512', { classes: 1000, depth: 8 }),
      settings: { maps: '512-1024-512' },
      expect: {
        params: 107_627_624,
        macs: 2_476_704_896,
        shapes: { ...shapes, conv4: [13, 13, 1024], conv5: [13, 13, 512], pool5: [6, 6, 512] },
        source: 'Zeiler & Fergus 2013, Table 2 row (b) (computed from its layers)',
      },
    },
    {
      info: factsOf('zfnet-512-onnx', { classes: 1000, depth: 8 }),
      settings: { maps: '512-512-512', fc7: 1024, form: 'onnx' },
      expect: {
        params: 87_250_536,
        macs: 1_481_727_008,
        shapes: { conv1: [109, 109, 96], pool1: [54, 54, 96], conv2: [25, 25, 256], pool5: [6, 6, 512] },
        source: "the graph of the onnx package's light_zfnet512.onnx",
      },
    },
    {
      info: factsOf('zfnet', {
        id: 'zfnet-imagenette',
        name: 'ZFNet (Imagenette)',
        dataset: 'Imagenette',
        classes: 10,
        depth: 8,
      }),
      settings: { classes: 10, fc6: 512, fc7: 512, form: 'imagenette' },
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

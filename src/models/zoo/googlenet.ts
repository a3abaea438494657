import { GraphBuilder } from '../build.ts';
import type { Value } from '../build.ts';
import type { Graph } from '../graph.ts';
import { byNodeId, family } from './recipe.ts';
import { googlenetDeviations, googlenetInfo } from './googlenet.text.ts';

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

/** BVLC's prototxt; Caffe divides alpha by the neighbourhood's size. */
const lrn = { size: 5, alpha: 1e-4, beta: 0.75, k: 1, alphaOverSize: true };
/** Caffe pools in ceil mode. */
const halve = { stride: 2, ceil: true };

/** Fig. 2b, the module with dimension reduction: four branches side by side, joined along the channels. */
function inception(b: GraphBuilder, x: Value, [one, reduce3, three, reduce5, five, poolProj]: Row): Value {
  const convRelu = (name: string, from: Value, filters: number, kernel: number): Value =>
    b.relu(`relu_${name}`, b.conv(name, from, filters, kernel, { pad: (kernel - 1) / 2 }));
  const branch1 = convRelu('1x1', x, one, 1);
  const branch3 = convRelu('3x3', convRelu('3x3_reduce', x, reduce3, 1), three, 3);
  const branch5 = convRelu('5x5', convRelu('5x5_reduce', x, reduce5, 1), five, 5);
  const pooled = convRelu('pool_proj', b.maxPool('pool', x, 3, { stride: 1, pad: 1 }), poolProj, 1);
  return b.concat('output', branch1, branch3, branch5, pooled);
}

/** Table 1 as BVLC published it, without the two auxiliary classifiers, which are removed for inference. */
function googlenetBvlc(): Graph {
  const b = new GraphBuilder([224, 224, 3]);
  const modules = (x: Value, ...names: readonly string[]): Value =>
    names.reduce((from, name) => b.block(name, 'inception', () => inception(b, from, table[name]!)), x);
  let x = b.conv('conv1', b.input, 64, 7, { stride: 2, pad: 3 });
  x = b.relu('relu1', x);
  x = b.maxPool('pool1', x, 3, halve);
  x = b.lrn('norm1', x, lrn);
  x = b.conv('conv2_reduce', x, 64, 1);
  x = b.relu('relu2_reduce', x);
  x = b.conv('conv2', x, 192, 3, { pad: 1 });
  x = b.relu('relu2', x);
  x = b.lrn('norm2', x, lrn);
  x = b.maxPool('pool2', x, 3, halve);
  x = modules(x, 'inception_3a', 'inception_3b');
  x = b.maxPool('pool3', x, 3, halve);
  x = modules(x, 'inception_4a', 'inception_4b', 'inception_4c', 'inception_4d', 'inception_4e');
  x = b.maxPool('pool4', x, 3, halve);
  x = modules(x, 'inception_5a', 'inception_5b');
  x = b.avgPool('pool5', x, 7, { stride: 1 });
  x = b.dropout('dropout', x, 0.4);
  x = b.dense('classifier', x, 1000);
  return b.build(b.softmax('softmax', x));
}

export const googlenet = family({
  id: 'googlenet',
  name: 'GoogLeNet',
  parameters: {},
  graph: () => googlenetBvlc(),
  names: () => ({ convscope: byNodeId }),
  members: [
    {
      info: googlenetInfo,
      deviations: googlenetDeviations,
      settings: {},
      expect: {
        params: 6_998_552,
        macs: 1_582_671_872,
        shapes: {
          pool1: [56, 56, 64],
          pool2: [28, 28, 192],
          'inception_3a/output': [28, 28, 256],
          'inception_3b/output': [28, 28, 480],
          'inception_4a/output': [14, 14, 512],
          'inception_4d/output': [14, 14, 528],
          'inception_4e/output': [14, 14, 832],
          'inception_5b/output': [7, 7, 1024],
          pool5: [1, 1, 1024],
        },
        source: "Szegedy et al. 2014, Table 1; equal to BVLC's deploy.prototxt",
      },
    },
  ],
});

import { GraphBuilder } from '../build.ts';
import type { Graph } from '../graph.ts';
import { byNodeId, family } from './recipe.ts';
import { choice } from './settings.ts';
import { lenetDeviations, lenetInfo, lenetModernDeviations, lenetModernInfo } from './lenet.text.ts';

/** Table I of the paper: which of S2's six maps each of C3's sixteen maps reads. */
export const c3Table: readonly (readonly number[])[] = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
];

/** The paper's squashing function: 1.7159 tanh(2a/3). */
const squash = { amplitude: 1.7159, slope: 2 / 3 };

/** Section II-B and Fig. 2: sparse C3, trainable subsampling, ten RBF units. */
function lenet1998(): Graph {
  const b = new GraphBuilder([32, 32, 1]);
  let x = b.conv('c1', b.input, 6, 5);
  x = b.tanh('c1_tanh', x, squash);
  x = b.subsample('s2', x, 2);
  x = b.tanh('s2_tanh', x, squash);
  x = b.conv('c3', x, 16, 5, { table: c3Table });
  x = b.tanh('c3_tanh', x, squash);
  x = b.subsample('s4', x, 2);
  x = b.tanh('s4_tanh', x, squash);
  x = b.conv('c5', x, 120, 5);
  x = b.tanh('c5_tanh', x, squash);
  x = b.dense('f6', x, 84);
  x = b.tanh('f6_tanh', x, squash);
  return b.build(b.rbf('output', x, 10));
}

/** What nearly every tutorial calls LeNet-5: dense C3, plain average pooling, tanh, a linear classifier. */
function lenetModern(): Graph {
  const b = new GraphBuilder([32, 32, 1]);
  let x = b.conv('conv1', b.input, 6, 5);
  x = b.tanh('tanh1', x);
  x = b.avgPool('pool1', x, 2);
  x = b.conv('conv2', x, 16, 5);
  x = b.tanh('tanh2', x);
  x = b.avgPool('pool2', x, 2);
  x = b.dense('fc1', x, 120);
  x = b.tanh('tanh3', x);
  x = b.dense('fc2', x, 84);
  x = b.tanh('tanh4', x);
  x = b.dense('fc3', x, 10);
  return b.build(b.softmax('softmax', x));
}

export const lenet = family({
  id: 'lenet',
  name: 'LeNet-5',
  parameters: { form: choice({ en: 'form', ko: '형태' }, ['1998', 'modern'], '1998') },
  graph: ({ form }) => (form === '1998' ? lenet1998() : lenetModern()),
  names: () => ({ convscope: byNodeId }),
  members: [
    {
      info: lenetInfo,
      deviations: lenetDeviations,
      settings: {},
      expect: {
        params: 60_000,
        macs: 325_680,
        connections: 340_908,
        shapes: { c1: [28, 28, 6], s2: [14, 14, 6], c3: [10, 10, 16], s4: [5, 5, 16], c5: [1, 1, 120] },
        source: 'LeCun et al. 1998, Sec. II-B',
      },
    },
    {
      info: lenetModernInfo,
      deviations: lenetModernDeviations,
      settings: { form: 'modern' },
      expect: {
        params: 61_706,
        macs: 416_520,
        shapes: { conv1: [28, 28, 6], conv2: [10, 10, 16], pool2: [5, 5, 16], fc3: [1, 1, 10] },
        source: 'computed from the layer list; a float32 weight file of 246,824 bytes is 4 x 61,706',
      },
    },
  ],
});

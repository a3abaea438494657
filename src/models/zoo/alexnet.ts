import { GraphBuilder } from '../build.ts';
import type { Graph } from '../graph.ts';
import { byNodeId, family } from './recipe.ts';
import { alexnetDeviations, alexnetInfo } from './alexnet.text.ts';

/** Sec. 3.3 of the paper; alpha is not divided by the neighbourhood's size. */
const lrn = { size: 5, alpha: 1e-4, beta: 0.75, k: 2, alphaOverSize: false };
/** Sec. 3.4: windows of 3 every 2, so neighbours overlap. */
const overlapping = { stride: 2 };

/** Fig. 2: two GPUs make the two groups of conv2, conv4 and conv5; they exchange maps before conv3 and the dense layers. */
function alexnet2012(): Graph {
  const b = new GraphBuilder([227, 227, 3]);
  let x = b.conv('conv1', b.input, 96, 11, { stride: 4 });
  x = b.relu('relu1', x);
  x = b.lrn('norm1', x, lrn);
  x = b.maxPool('pool1', x, 3, overlapping);
  x = b.conv('conv2', x, 256, 5, { pad: 2, groups: 2 });
  x = b.relu('relu2', x);
  x = b.lrn('norm2', x, lrn);
  x = b.maxPool('pool2', x, 3, overlapping);
  x = b.conv('conv3', x, 384, 3, { pad: 1 });
  x = b.relu('relu3', x);
  x = b.conv('conv4', x, 384, 3, { pad: 1, groups: 2 });
  x = b.relu('relu4', x);
  x = b.conv('conv5', x, 256, 3, { pad: 1, groups: 2 });
  x = b.relu('relu5', x);
  x = b.maxPool('pool5', x, 3, overlapping);
  x = b.dense('fc6', x, 4096);
  x = b.relu('relu6', x);
  x = b.dropout('drop6', x, 0.5);
  x = b.dense('fc7', x, 4096);
  x = b.relu('relu7', x);
  x = b.dropout('drop7', x, 0.5);
  x = b.dense('fc8', x, 1000);
  return b.build(b.softmax('softmax', x));
}

export const alexnet = family({
  id: 'alexnet',
  name: 'AlexNet',
  parameters: {},
  graph: () => alexnet2012(),
  names: () => ({ convscope: byNodeId }),
  members: [
    {
      info: alexnetInfo,
      deviations: alexnetDeviations,
      settings: {},
      expect: {
        params: 60_965_224,
        macs: 724_406_816,
        shapes: { conv1: [55, 55, 96], pool1: [27, 27, 96], pool2: [13, 13, 256], pool5: [6, 6, 256] },
        source: "Krizhevsky et al. 2012, Fig. 2; equal to BVLC's deploy.prototxt",
      },
    },
  ],
});

import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { useBackend } from '../../tests/numerics/backends.ts';
import { GraphBuilder } from '../models/build.ts';
import type { Graph } from '../models/graph.ts';
import { inputNode } from '../models/lookup.ts';
import { nodeParameters, parameterSize } from '../models/parameters.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { Purpose } from './contract.ts';
import { runForward } from './forward.ts';
import { planOf } from './forwardPlan.ts';
import { runBytes } from './runBytes.ts';
import { prepareWeights, type RawWeights } from './weightsLayout.ts';

/** What is told of a network before it is loaded, beside what tfjs counts when it is. */

const weightsOf = (graph: Graph): RawWeights =>
  new Map(
    graph.nodes.flatMap((node) =>
      nodeParameters(graph, node).map((parameter) => [
        `${node.id}/${parameter.name}`,
        { shape: parameter.shape, values: new Float32Array(parameterSize(parameter)).fill(0.01) },
      ]),
    ),
  );

async function measured(graph: Graph, purpose: Purpose) {
  const folded = purpose === 'answers';
  const weights = await prepareWeights(graph, weightsOf(graph), { folded });
  const held = memory().numBytes;
  let most = 0;
  const { shape } = inputNode(graph);
  const values = new Float32Array(shape[0] * shape[1] * shape[2]).fill(0.5);
  const onActivation = () => (most = Math.max(most, memory().numBytes - held));
  const activations = await runForward(graph, weights, { shape, values }, { onActivation });
  // Somebody looks at every layer.
  for (const { node } of planOf(graph, folded ? 'folded' : 'kept').later) activations.get(node.id);
  onActivation();
  activations.dispose();
  weights.dispose();
  return { weights: held, activations: most };
}

const padded = (counted: boolean): Graph => {
  const b = new GraphBuilder([9, 9, 3]);
  const spread = b.conv('strided and dilated', b.input, 4, 3, { stride: 2, dilation: 2, pad: 2 });
  return b.build(b.avgPool('average', spread, 3, { stride: 2, pad: 1, countPadding: counted }));
};

const graphs: readonly (readonly [string, () => Graph])[] = [
  ...[
    'lenet-5',
    'lenet-5-modern',
    'zfnet-imagenette',
    'cifar-resnet?depth=8',
    'resnext-cifar?depth=11&cardinality=4&width=8',
    'mobilenet-v2?alpha=1&resolution=96',
    'efficientnet-lite0',
    'squeezenet-1-1',
    'googlenet',
  ].map((ref) => [ref, () => buildNetwork(ref).graph] as const),
  ['averages that count padding', () => padded(true)],
  ['averages that do not', () => padded(false)],
];

describe.each(['maps', 'answers'] as const)('bytes of a network loaded for %s', (purpose) => {
  it.each(graphs)('are what tfjs counts: %s', async (_name, build) => {
    await useBackend('wasm');
    const graph = build();
    const { weights, activations } = runBytes(graph, purpose);
    expect({ weights, activations }).toEqual(await measured(graph, purpose));
  });
});

describe('what they are made of', () => {
  const vgg = buildNetwork('vgg-d').graph;

  it('VGG-16: 138,357,544 parameters, 14,710,464 of them kernels', () => {
    const { weights, kernels, largest } = runBytes(vgg, 'maps');
    expect(weights).toBe(138_357_544 * 4);
    expect(kernels).toBe(14_710_464 * 4);
    // conv1_1's and conv1_2's maps are 224 x 224 x 64; a row of fc6 has 25,088 numbers.
    expect(largest.bytes).toBe(224 * 224 * 64 * 4);
  });

  it('an answer of it holds two maps of conv1 at most, and the same weights', () => {
    const answers = runBytes(vgg, 'answers');
    expect(answers.weights).toBe(138_357_544 * 4);
    expect(answers.activations).toBe(2 * 224 * 224 * 64 * 4);
  });

  it('a dense layer can be cut by units, its row cannot', () => {
    const { largest } = runBytes(buildNetwork('lenet-5-modern').graph, 'maps');
    // Its matrix has 400 x 120 numbers, more than any map: it does not count.
    expect(largest.bytes).toBe(28 * 28 * 6 * 4);
  });
});

import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/models/build.ts';
import { foldable } from '../../src/models/foldable.ts';
import type { Graph, Volume } from '../../src/models/graph.ts';
import { inputNode, logitsNode } from '../../src/models/lookup.ts';
import { nodeParameters, parameterSize } from '../../src/models/parameters.ts';
import { elements } from '../../src/models/shape.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { runForward } from '../../src/workers/forward.ts';
import { prepareWeights, type RawParameter, type RawWeights } from '../../src/workers/weightsLayout.ts';
import { nodeBackends, useBackend, vectorNets } from './backends.ts';
import { randomNumbers } from './cases.ts';
import { relativeError } from './compare.ts';

/** Seeded weights that keep the size of a signal; a gamma in eight is zero, and no two channels are scaled alike. */
function seededWeights(graph: Graph, seed: number): RawWeights {
  const random = randomNumbers(seed);
  const weights = new Map<string, RawParameter>();
  for (const node of graph.nodes)
    for (const parameter of nodeParameters(graph, node)) {
      const { name, role, shape } = parameter;
      const fanIn = elements(shape.slice(1));
      const draw: Readonly<Record<string, () => number>> = {
        weight: () => (role === 'normalisation' ? 1 + 0.25 * random() : random() * Math.sqrt(6 / fanIn)),
        bias: () => 0.3 * random(),
        running_mean: () => 0.3 * random(),
        running_var: () => 0.7 + 0.5 * Math.abs(random()),
      };
      const values = Float32Array.from({ length: parameterSize(parameter) }, draw[name]!);
      if (role === 'normalisation' && name === 'weight')
        values.forEach((_, i) => i % 8 === 3 && (values[i] = 0));
      weights.set(`${node.id}/${name}`, { shape, values });
    }
  return weights;
}

function picture(graph: Graph): Volume {
  const { shape } = inputNode(graph);
  const random = randomNumbers(3);
  return { shape, values: Float32Array.from({ length: elements(shape) }, random) };
}

function built(body: (b: GraphBuilder) => string): Graph {
  const b = new GraphBuilder([12, 11, 6]);
  return b.build(b.softmax('softmax', b.dense('fc', b.globalAvgPool('pool', body(b)), 9)));
}

const small: Readonly<Record<string, () => Graph>> = {
  'a convolution with a bias and a normalisation': () =>
    built((b) => b.relu('r', b.batchNorm('n', b.conv('c', b.input, 8, 3, { bias: true })))),
  'a strided and dilated convolution': () =>
    built((b) =>
      b.batchNorm('n', b.conv('c', b.input, 8, 3, { stride: 2, dilation: 2, pad: 2, bias: false })),
    ),
  'a connection table': () =>
    built((b) => {
      const table = [[0, 1], [1, 2, 3], [5], [0, 4, 5]];
      return b.relu('r', b.batchNorm('n', b.conv('c', b.input, 4, 3, { table, bias: true })));
    }),
  'a depthwise convolution with a multiplier': () =>
    built((b) => b.relu('r', b.batchNorm('n', b.conv('c', b.input, 12, 3, { groups: 6 })), { cap: 6 })),
  'groups with a capped ReLU': () =>
    built((b) => b.relu('r', b.batchNorm('n', b.conv('c', b.input, 8, 3, { groups: 2 })), { cap: 6 })),
  'a ReLU with a cap that no op knows': () =>
    built((b) => b.relu('r', b.batchNorm('n', b.conv('c', b.input, 8, 3)), { cap: 1 })),
  'dropout in between and a value that two nodes read': () =>
    built((b) => {
      const c = b.conv('c', b.input, 8, 3, { pad: 1 });
      const n = b.batchNorm('n', b.dropout('d', c, 0.5));
      const r = b.relu('r', n);
      return b.relu(
        'out',
        b.add(
          'sum',
          b.dropout('path', b.batchNorm('n2', b.conv('c2', r, 8, 1)), 0.5, { wholePath: true }),
          r,
        ),
      );
    }),
  'dense layers with ReLU': () =>
    built((b) => b.dense('fc2', b.dropout('d', b.relu('r', b.dense('fc1', b.input, 20)), 0.5), 12)),
};

/** Small members of the families: every way in which they normalise. */
const families: readonly string[] = [
  'cifar-resnet?depth=8',
  'preact-cifar-resnet?depth=11',
  'resnext-cifar?depth=11&cardinality=4&width=8',
  'cifar-densenet?depth=16&k=4&bc=true&dropout=true',
  'wide-resnet?depth=10&k=1&dropout=true',
  'stochastic-depth-resnet?depth=8',
  'mobilenet-v1?alpha=0.25&resolution=128',
  'mobilenet-v2?alpha=1&resolution=96',
];

describe.each(nodeBackends)('folded weights on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  async function agree(graph: Graph, raw: RawWeights, input: Volume) {
    const before = memory().numTensors;
    const { id } = logitsNode(graph);
    const unfolded = await prepareWeights(graph, raw);
    const all = await runForward(graph, unfolded, input, { keep: false });
    const probabilities = await all.get(graph.output).data();
    all.dispose();
    const kept = await runForward(graph, unfolded, input);
    const logits = (await kept.get(id).data()).slice();
    kept.dispose();
    const bytes = memory().numBytes;
    unfolded.dispose();

    const folded = await prepareWeights(graph, raw, { folded: true });
    // Nothing is there twice: what a normalisation held is gone.
    expect(memory().numBytes).toBeLessThanOrEqual(bytes);
    const withWeights = memory().numTensors;
    const answer = await runForward(graph, folded, input);
    expect(memory().numTensors).toBe(withWeights + (id === graph.output ? 1 : 2));
    expect(Math.max(...logits.map(Math.abs))).toBeGreaterThan(1e-3);
    expect(relativeError(await answer.get(id).data(), logits)).toBeLessThan(1e-5);
    expect(relativeError(await answer.get(graph.output).data(), probabilities)).toBeLessThan(1e-5);
    for (const fold of foldable(graph).values()) {
      const lost = fold.normalisation ?? fold.layer;
      if (lost === fold.last) continue;
      expect(() => answer.get(lost)).toThrow(`${lost}: the weights are folded for answers only`);
    }
    answer.dispose();
    folded.dispose();
    expect(memory().numTensors).toBe(before);
  }

  it.each(Object.keys(small))('answer the same: %s', async (name) => {
    const graph = small[name]!();
    expect(foldable(graph).size).toBeGreaterThan(0);
    await agree(graph, seededWeights(graph, 5), picture(graph));
  });

  it.each(vectorNets().map((net) => [net.name, net] as const))(
    "answer the same: PyTorch's %s",
    async (_, net) => {
      await agree(net.graph, net.raw, net.volume('act/input'));
    },
  );

  // Of the larger ones only wasm's runs end soon.
  it.runIf(backend === 'wasm').each(families)('answer the same: %s', async (ref) => {
    const { graph } = buildNetwork(ref);
    expect([...foldable(graph).values()].some(({ normalisation }) => normalisation)).toBe(true);
    await agree(graph, seededWeights(graph, 9), picture(graph));
  });

  it('are refused where the parameters of a normalisation are missing, and leave nothing behind', async () => {
    const before = memory().numTensors;
    const graph = small['groups with a capped ReLU']!();
    const raw = new Map(seededWeights(graph, 5));
    raw.delete('n/running_var');
    await expect(prepareWeights(graph, raw, { folded: true })).rejects.toMatchObject({
      code: 'weights-missing',
      message: expect.stringContaining('n/running_var') as string,
    });
    expect(memory().numTensors).toBe(before);
  });

  it('leave the parameters that they were made of as they are', async () => {
    const graph = small['a convolution with a bias and a normalisation']!();
    const raw = seededWeights(graph, 5);
    const before = [...raw.values()].map(({ values }) => [...values]);
    (await prepareWeights(graph, raw, { folded: true })).dispose();
    expect([...raw.values()].map(({ values }) => [...values])).toEqual(before);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { buildNetwork, nodeParameters, parameterSize } from '../../src/models/index.ts';
import type { Graph } from '../../src/models/index.ts';
import { runForward } from '../../src/workers/forward.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import type { RawParameter, RawWeights } from '../../src/workers/weightsLayout.ts';
import { useBackend } from './backends.ts';
import { relativeError } from './compare.ts';

const cardinality = 4;
const cells = `depth=11&cardinality=${cardinality}&width=8`;
const grouped = buildNetwork(`resnext-cifar?${cells}`).graph;

/** A generator that gives the same numbers on every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomWeights(graph: Graph): RawWeights {
  const next = seeded(7);
  const weights = new Map<string, RawParameter>();
  for (const node of graph.nodes)
    for (const parameter of nodeParameters(graph, node)) {
      // Variances and gammas about 1, everything else about 0: no layer dies and none overflows.
      const middle = parameter.name === 'running_var' || node.op.kind === 'batchNorm' ? 1 : 0;
      const values = Float32Array.from(
        { length: parameterSize(parameter) },
        () => middle + (next() - 0.5) * 0.4,
      );
      weights.set(`${node.id}/${parameter.name}`, { shape: parameter.shape, values });
    }
  return weights;
}

/** Rows `path` of `cardinality` equal parts of the first axis. */
function part({ shape, values }: RawParameter, path: number): RawParameter {
  const size = values.length / cardinality;
  return {
    shape: [shape[0]! / cardinality, ...shape.slice(1)],
    values: values.slice(path * size, (path + 1) * size),
  };
}

/** The same of the second axis: the columns of the last 1x1 that read one path. */
function columns({ shape, values }: RawParameter, path: number): RawParameter {
  const [rows, all] = shape as readonly [number, number];
  const own = all / cardinality;
  const kept = Float32Array.from({ length: rows * own }, (_, i) => {
    return values[Math.floor(i / own) * all + path * own + (i % own)]!;
  });
  return { shape: [rows, own, 1, 1], values: kept };
}

/** The grouped network's weights for a network whose paths are drawn apart. */
function apart(graph: Graph, weights: RawWeights): RawWeights {
  const found = new Map<string, RawParameter>();
  for (const node of graph.nodes)
    for (const { name } of nodeParameters(graph, node)) {
      const [, block, path, layer] = /^(.+)\/path_(\d+)\/(.+)$/.exec(node.id) ?? [];
      const source = weights.get(block === undefined ? `${node.id}/${name}` : `${block}/${layer}/${name}`)!;
      const index = Number(path) - 1;
      const take = layer === 'conv3' ? columns : part;
      found.set(`${node.id}/${name}`, block === undefined ? source : take(source, index));
    }
  return found;
}

async function logits(graph: Graph, weights: RawWeights): Promise<Float32Array> {
  const next = seeded(11);
  const values = Float32Array.from({ length: 32 * 32 * 3 }, () => next() - 0.5);
  const prepared = await prepareWeights(graph, weights);
  const activations = await runForward(graph, prepared, { shape: [32, 32, 3], values });
  const scores = (await activations.get('fc').data()) as Float32Array;
  activations.dispose();
  prepared.dispose();
  return scores;
}

describe('the three forms of a ResNeXt block compute the same', () => {
  beforeAll(() => useBackend('wasm'));

  it.each(['summed', 'concatenated'])('%s', async (form) => {
    const { graph } = buildNetwork(`resnext-cifar?${cells}&form=${form}`);
    const weights = randomWeights(grouped);
    const wanted = await logits(grouped, weights);
    expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(1e-3);
    expect(relativeError(await logits(graph, apart(graph, weights)), wanted)).toBeLessThan(1e-5);
  });
});

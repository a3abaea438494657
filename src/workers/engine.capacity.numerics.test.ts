import { backend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { useBackend } from '../../tests/numerics/backends.ts';
import { inputNode } from '../models/lookup.ts';
import { runFit } from '../models/memoryRun.ts';
import { nodeParameters } from '../models/parameters.ts';
import { elements } from '../models/shape.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { Purpose } from './contract.ts';
import { deviceBytes } from './engine.capacity.ts';
import { runForward } from './forward.ts';
import { runBytes } from './runBytes.ts';
import { prepareWeights, type ParameterSource } from './weightsLayout.ts';

const { graph } = buildNetwork('resnet-50');

/** Weights of one value, made as they are read: a copy of them beside the heap would say nothing. */
const shapes: ReadonlyMap<string, readonly number[]> = new Map(
  graph.nodes.flatMap((node) =>
    nodeParameters(graph, node).map(({ name, shape }) => [`${node.id}/${name}`, shape] as const),
  ),
);
const source: ParameterSource = {
  fresh: true,
  shapeOf: (key) => shapes.get(key) ?? null,
  read: async (_key, _first, count) => new Float32Array(count).fill(0.01),
};

const heapBytes = () => (backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;

async function heapAfter(purpose: Purpose): Promise<number> {
  const weights = await prepareWeights(graph, source, { folded: purpose === 'answers' });
  const { shape } = inputNode(graph);
  const input = { shape, values: new Float32Array(elements(shape)) };
  const activations = await runForward(graph, weights, input);
  const bytes = heapBytes();
  activations.dispose();
  weights.dispose();
  return bytes;
}

/** The heap never shrinks, so what takes less comes first. */
it('the wasm heap of a network that has run is what was told of it: no more, and not much less', async () => {
  await useBackend('wasm');
  for (const purpose of ['answers', 'maps'] as const) {
    const { neededBytes } = runFit(runBytes(graph, purpose), deviceBytes(null));
    const heap = await heapAfter(purpose);
    expect(heap, purpose).toBeLessThan(neededBytes);
    expect(heap, purpose).toBeGreaterThan(0.75 * neededBytes);
  }
});

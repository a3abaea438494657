import { open } from 'node:fs/promises';
import type { ParameterRole } from '../../src/models/parameters.ts';
import { nodeParameters, parameterSize } from '../../src/models/parameters.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { encodeElements, safetensorsPlan } from '../../src/workers/readers/safetensors.write.ts';

/** A generator of numbers in 0..1 (mulberry32): the same weights in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Writes seeded weights of a network, float32, under the names of this project. Filters keep the size of the signal
 * through ReLUs (He et al. 2015, eq. 10), so that no layer computes with zeros, infinities or denormal numbers.
 */
export async function writeSeededWeights(ref: string, path: string): Promise<void> {
  const { graph, names } = buildNetwork(ref);
  const nameOf = names.convscope!;
  const random = generator(0xc0de);
  const around = (middle: number, most: number) => middle + (random() * 2 - 1) * most;
  const tensors = graph.nodes.flatMap((node) =>
    nodeParameters(graph, node).map((parameter) => ({
      name: nameOf(node, parameter.name) as string,
      parameter,
      dtype: 'F32' as const,
      shape: parameter.shape,
    })),
  );
  const plan = safetensorsPlan(tensors);
  const file = await open(path, 'w');
  try {
    await file.write(plan.header, 0, plan.header.length, 0);
    for (const [i, { parameter }] of tensors.entries()) {
      const { name, role, shape } = parameter;
      const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
      const positive = name === 'running_var' || (role === 'normalisation' && name === 'weight');
      const makers: Record<ParameterRole, () => number> = {
        weight: () => around(0, Math.sqrt(6 / fanIn)),
        bias: () => around(0, 0.1),
        normalisation: () => around(positive ? 1 : 0, 0.1),
        statistic: () => around(positive ? 1 : 0, 0.1),
        fixed: () => around(0, 1),
      };
      const bytes = encodeElements(
        Float32Array.from({ length: parameterSize(parameter) }, makers[role]),
        'F32',
      );
      await file.write(bytes, 0, bytes.length, plan.offsets[i]);
    }
  } finally {
    await file.close();
  }
}

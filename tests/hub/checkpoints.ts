import { buildNetwork } from '../../src/models/zoo/index.ts';
import { nodeParameters } from '../../src/models/parameters.ts';
import { encodeElements, safetensorsPlan } from '../../src/workers/readers/safetensors.write.ts';

/** Weight files of real networks with seeded random numbers, small enough to be made in a test. */

/** Uniform in [-0.5, 0.5), the same for the same seed (a linear congruential generator, Numerical Recipes' constants). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
}

/** Every parameter of a network by `${nodeId}/${parameter}`. */
export function randomParameters(
  ref: string,
  seed: number,
): ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }> {
  const { graph } = buildNetwork(ref);
  const next = numbers(seed);
  const parameters = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const node of graph.nodes) {
    for (const { name, shape } of nodeParameters(graph, node)) {
      const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
      // Variances are positive.
      for (let i = 0; i < values.length; i++) values[i] = name === 'running_var' ? next() + 1 : next() * 0.1;
      parameters.set(`${node.id}/${name}`, { shape, values });
    }
  }
  return parameters;
}

/** The parameters as a safetensors file, float32, by the names of a source. `change` may alter them first. */
export function checkpointFile(
  ref: string,
  seed: number,
  change: (parameters: Map<string, { shape: readonly number[]; values: Float32Array }>) => void = () => {},
  source = 'convscope',
): Uint8Array<ArrayBuffer> {
  const parameters = new Map(randomParameters(ref, seed));
  change(parameters);
  const { graph, names } = buildNetwork(ref);
  const entries = graph.nodes.flatMap((node) =>
    nodeParameters(graph, node).map(({ name: parameter }) => {
      const name = names[source]!(node, parameter);
      if (typeof name !== 'string') throw new Error(`${node.id}/${parameter} is not stored as it is`);
      return { name, ...parameters.get(`${node.id}/${parameter}`)! };
    }),
  );
  const plan = safetensorsPlan(entries.map(({ name, shape }) => ({ name, shape, dtype: 'F32' })));
  const out = new Uint8Array(plan.bytes);
  out.set(plan.header);
  entries.forEach(({ values }, i) => out.set(encodeElements(values, 'F32'), plan.offsets[i]!));
  return out;
}

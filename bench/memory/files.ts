import { open } from 'node:fs/promises';
import { nodeParameters, parameterSize } from '../../src/models/parameters.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { encodeElements, safetensorsPlan } from '../../src/workers/readers/safetensors.write.ts';

/** Writes a checkpoint of a network with random weights under its first source's names, a tensor at a time. */
export async function writeRandomWeights(ref: string, path: string): Promise<number> {
  const { graph, names } = buildNetwork(ref);
  const nameOf = Object.values(names)[0]!;
  const tensors = graph.nodes.flatMap((node) =>
    nodeParameters(graph, node).flatMap((parameter) => {
      const name = nameOf(node, parameter.name);
      return typeof name === 'string'
        ? [{ name, parameter, dtype: 'F32' as const, shape: parameter.shape }]
        : [];
    }),
  );
  const plan = safetensorsPlan(tensors);
  const file = await open(path, 'w');
  try {
    await file.write(plan.header, 0, plan.header.length, 0);
    for (const [i, { parameter }] of tensors.entries()) {
      const fanIn = parameter.shape.slice(1).reduce((product, size) => product * size, 1);
      const constant = { normalisation: 0.5, statistic: 1, bias: 0, fixed: 0, weight: null }[parameter.role];
      const values = new Float32Array(parameterSize(parameter)).map(
        () => constant ?? (Math.random() - 0.5) * Math.sqrt(12 / fanIn),
      );
      const bytes = encodeElements(values, 'F32');
      await file.write(bytes, 0, bytes.length, plan.offsets[i]);
    }
  } finally {
    await file.close();
  }
  return plan.bytes;
}

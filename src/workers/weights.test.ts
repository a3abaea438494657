import { describe, expect, it } from 'vitest';
import type { ConvScopeError } from '../models/errors.ts';
import { nodeParameters } from '../models/parameters.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';
import { readSafetensors, writeSafetensors, type TensorToWrite } from '../../tests/readers/safetensors.ts';
import { belongsTo, fittingNetworks, matchedParameters, matchWeights } from './weights.ts';
import { openTensorFile } from './readers/open.ts';
import { bytesOf } from './readers/tensorFile.ts';

const lenet = buildNetwork('lenet-5-modern');
const resnet = buildNetwork('resnet-18');

/** A file with every parameter of a network under the names of one source, filled with a count. */
function tensorsOf(network: typeof lenet, source = Object.keys(network.names)[0]!): TensorToWrite[] {
  const nameOf = network.names[source]!;
  return network.graph.nodes.flatMap((node) =>
    nodeParameters(network.graph, node).flatMap(({ name, shape }) => {
      const called = nameOf(node, name) as string | null;
      const size = shape.reduce((product, n) => product * n, 1);
      const values = new Float32Array(size);
      values.subarray(0, 4).set([0, 0.125, 0.25, 0.375].slice(0, size));
      return called === null ? [] : [{ name: called, dtype: 'F32' as const, shape, values }];
    }),
  );
}
const read = (tensors: readonly TensorToWrite[]) => readSafetensors(writeSafetensors(tensors), 'own');

function mismatch(run: () => unknown): ConvScopeError {
  try {
    run();
  } catch (error) {
    expect((error as ConvScopeError).code).toBe('weights-mismatch');
    return error as ConvScopeError;
  }
  throw new Error('it matched');
}

describe('a file that fits', () => {
  it('gives every parameter of the network, in float32, row by row', async () => {
    const file = await openTensorFile(bytesOf('own', writeSafetensors(tensorsOf(lenet))));
    const match = matchWeights(lenet, file, 'own');
    const expected = lenet.graph.nodes.flatMap((node) =>
      nodeParameters(lenet.graph, node).map(({ name }) => `${node.id}/${name}`),
    );
    expect([...match.recipes.keys()]).toEqual(expected);
    const parameters = matchedParameters(match, file);
    const [filters, ...filter] = parameters.shapeOf(expected[0]!)!;
    const size = filter.reduce((product, n) => product * n, 1);
    expect((await parameters.read(expected[0]!, 0, size)).subarray(0, 4)).toEqual(
      new Float32Array([0, 0.125, 0.25, 0.375]),
    );
    expect(await parameters.read(expected[0]!, (filters! - 1) * size, size)).toEqual(new Float32Array(size));
    expect(parameters.shapeOf('nothing/weight')).toBeNull();
  });

  it('may hold the batch counts of PyTorch', () => {
    const count: TensorToWrite = { name: 'bn1.num_batches_tracked', dtype: 'F32', shape: [], values: new Float32Array(1) }; // prettier-ignore
    const { source } = matchWeights(resnet, read([...tensorsOf(resnet), count]), 'own');
    expect(Object.keys(resnet.names)).toContain(source);
  });
});

describe('a file that does not fit', () => {
  const good = tensorsOf(lenet);
  const [first, second, third] = good as [TensorToWrite, TensorToWrite, TensorToWrite];
  const wrong = [{ ...second, name: 'surprise' }, { ...third, shape: [...third.shape, 1] }, ...good.slice(3)];

  it('is told all differences in one error', () => {
    const error = mismatch(() => matchWeights(lenet, read(wrong), 'mine.safetensors'));
    expect(error.details).toMatchObject({
      file: 'mine.safetensors',
      network: 'lenet-5-modern',
      missing: [first.name, second.name],
      unexpected: ['surprise'],
      misshaped: [`${third.name} is [${third.shape.join(', ')}, 1], needs [${third.shape.join(', ')}]`],
    });
    for (const name of [first.name, second.name, 'surprise', third.name])
      expect(error.message).toContain(name);
  });

  it('names what is missing, each tensor alone', () => {
    for (const tensor of good) {
      const error = mismatch(() => matchWeights(lenet, read(good.filter((t) => t !== tensor)), 'own'));
      expect(error.details).toMatchObject({ missing: [tensor.name], unexpected: [], misshaped: [] });
    }
  });

  it('is not matched in part by a shape with the same number of values', () => {
    const flat = good.map((t) => (t === first ? { ...t, shape: [t.values.length] } : t));
    expect(mismatch(() => matchWeights(lenet, read(flat), 'own')).details.misshaped).toHaveLength(1);
  });

  it('names the networks that it does fit', () => {
    const error = mismatch(() =>
      matchWeights(resnet, read(good), 'own', { belongs: () => belongsTo(read(good), [resnet, lenet]) }),
    );
    expect(error.message).toContain('The file fits lenet-5-modern: choose that network.');
    expect(error.details.fits).toEqual(['lenet-5-modern']);
  });
});

describe('the network that a file fits', () => {
  const networks = members.map(({ id }) => buildNetwork(id));

  it.each(['lenet-5-modern', 'zfnet-imagenette', 'resnet-18', 'efficientnet-lite0'])('%s, alone', (ref) => {
    expect(fittingNetworks(read(tensorsOf(buildNetwork(ref))), networks)).toEqual([ref]);
  });

  it('none for somebody else’s tensors', () => {
    const other = read([{ name: 'w', dtype: 'F32', shape: [1], values: new Float32Array(1) }]);
    expect(fittingNetworks(other, networks)).toEqual([]);
  });
});

import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { runForward } from '../../src/workers/forward.ts';
import { projectSignal } from '../../src/workers/project.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import { nodeBackends, useBackend, vectorNets } from './backends.ts';
import { relativeError } from './compare.ts';
import type { VectorNet } from '../vectors/load.ts';

const nets = new Map(vectorNets().map((net) => [net.name, net]));
function named(name: string): VectorNet {
  const net = nets.get(name);
  if (!net) throw new Error(`no net ${name}`);
  return net;
}

describe.each(nodeBackends)('ownership of tensors on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([...nets.keys()])('%s keeps only its output when told to, with the same values', async (name) => {
    const net = named(name);
    const before = memory().numTensors;
    const weights = await prepareWeights(net.graph, net.raw);
    const withWeights = memory().numTensors;
    const activations = await runForward(net.graph, weights, net.volume('act/input'), { keep: false });
    expect(memory().numTensors).toBe(withWeights + 1);
    const output = await activations.get(net.graph.output).data();
    expect(relativeError(output, net.volume(`act/${net.graph.output}`).values)).toBeLessThan(1e-5);
    expect(() => activations.get('conv1')).toThrow('not kept');
    activations.dispose();
    weights.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('a forward pass or a projection that is cancelled anywhere leaves nothing behind', async () => {
    const net = named('c_bn_residual');
    const weights = await prepareWeights(net.graph, net.raw);
    // The first complete projection makes the flipped kernels, which stay with the weights.
    let steps = 0;
    const counting = { checkpoint: () => void steps++ };
    const complete = await runForward(net.graph, weights, net.volume('act/input'), counting);
    const target = net.graph.output;
    const seed = net.volume(`act/${target}`);
    const options = { rule: 'deconvnet', lrn: 'vjp' } as const;
    await projectSignal(net.graph, weights, complete, target, seed, options);
    const before = memory().numTensors;
    for (let stop = 1; stop < steps; stop += 5) {
      let left = stop;
      const checkpoint = () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Error('cancelled')));
      await expect(runForward(net.graph, weights, net.volume('act/input'), { checkpoint })).rejects.toThrow();
      left = stop;
      await expect(
        projectSignal(net.graph, weights, complete, target, seed, options, { checkpoint }),
      ).rejects.toThrow('cancelled');
      expect(memory().numTensors).toBe(before);
    }
    complete.dispose();
    weights.dispose();
  });

  it('a dense layer that is too large for one buffer runs in shards, forward and back', async () => {
    const net = named('a_overlap_pool');
    const before = memory().numTensors;
    // fc4 has 125 inputs and 12 units: 5 rows fit, so it becomes 5 + 5 + 2.
    const weights = await prepareWeights(net.graph, net.raw, { largestBytes: 5 * 125 * 4 });
    const fc4 = net.graph.nodes.find(({ id }) => id === 'fc4');
    if (!fc4) throw new Error('no fc4');
    expect(weights.layer(fc4, 'dense').shards.map(({ units }) => units)).toEqual([5, 5, 2]);
    const activations = await runForward(net.graph, weights, net.volume('act/input'));
    expect(relativeError(await activations.get('fc4').data(), net.volume('act/fc4').values)).toBeLessThan(
      1e-5,
    );
    const options = { rule: 'gradient', lrn: 'vjp' } as const;
    const seed = net.volume('seed/logit');
    const image = await projectSignal(net.graph, weights, activations, 'fc5', seed, options);
    expect(relativeError(image.values, net.volume('proj/logit/gradient').values)).toBeLessThan(1e-4);
    activations.dispose();
    weights.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('weights that cannot be made name the parameter or the node, and leave nothing behind', async () => {
    const net = named('a_overlap_pool');
    const before = memory().numTensors;
    const without = new Map(net.raw);
    without.delete('fc4/bias');
    await expect(prepareWeights(net.graph, without)).rejects.toMatchObject({
      code: 'weights-missing',
      message: expect.stringContaining('fc4/bias') as string,
    });
    const short = new Map(net.raw).set('conv2/weight', { shape: [3], values: new Float32Array(3) });
    await expect(prepareWeights(net.graph, short)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining('conv2/weight') as string,
    });
    await expect(prepareWeights(net.graph, net.raw, { largestBytes: 400 })).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringContaining('fc4') as string,
    });
    expect(memory().numTensors).toBe(before);
  });
});

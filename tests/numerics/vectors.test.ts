import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { runForward } from '../../src/workers/forward.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import { nodeBackends, relativeError, useBackend, vectorNets } from './backends.ts';

const nets = vectorNets();

describe.each(nodeBackends)('the reference vectors on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(nets.map((net) => [net.name, net] as const))('%s', (_name, net) => {
    it('gives every activation and every switch, and frees every tensor', async () => {
      const before = memory();
      const weights = await prepareWeights(net.graph, net.raw);
      const activations = await runForward(net.graph, weights, net.volume('act/input'));
      for (const node of net.graph.nodes) {
        const got = await activations.get(node.id).data();
        const error = relativeError(got, net.volume(`act/${node.id}`).values);
        expect(error, node.id).toBeLessThan(1e-5);
        if (node.op.kind !== 'maxPool') continue;
        const switches = await activations.switches(node.id);
        expect(Array.from(await switches.read()), node.id).toEqual(Array.from(net.switches(node.id)));
      }
      activations.dispose();
      weights.dispose();
      expect(memory().numTensors).toBe(before.numTensors);
      expect(memory().numBytes).toBe(before.numBytes);
    });
  });
});

import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Rule } from '../../src/workers/contract.ts';
import { runForward } from '../../src/workers/forward.ts';
import { projectSignal } from '../../src/workers/project.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import { nodeBackends, useBackend, vectorNets } from './backends.ts';
import { relativeError } from './compare.ts';

const rules: readonly Rule[] = ['deconvnet', 'guided', 'gradient'];
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

    const projections = net.projections.filter(({ options }) => options.pool === 'sum');
    it(`gives its ${projections.length} projections for three rules, with the signal on every node`, async () => {
      const before = memory();
      const weights = await prepareWeights(net.graph, net.raw);
      const activations = await runForward(net.graph, weights, net.volume('act/input'));
      let compared = 0;
      for (const projection of projections) {
        for (const rule of rules) {
          const label = `${projection.id} ${rule}`;
          const wanted = { ...(projection.signals[rule] ?? {}) };
          const image = await projectSignal(
            net.graph,
            weights,
            activations,
            projection.target,
            net.volume(projection.seed),
            { rule, lrn: projection.options.lrn },
            {
              onSignal: async (id, signal) => {
                const name = wanted[id];
                if (name === undefined) return;
                const error = relativeError(await signal.data(), net.volume(name).values);
                expect(error, `${label} at ${id}`).toBeLessThan(1e-4);
                delete wanted[id];
              },
            },
          );
          expect(
            relativeError(image.values, net.volume(projection.results[rule]).values),
            label,
          ).toBeLessThan(1e-4);
          expect(Object.keys(wanted).filter((id) => net.graph.nodes.some((node) => node.id === id))).toEqual(
            [],
          );
          compared++;
        }
      }
      expect(compared).toBe(3 * projections.length);
      activations.dispose();
      weights.dispose();
      expect(memory().numTensors).toBe(before.numTensors);
      expect(memory().numBytes).toBe(before.numBytes);
    });
  });
});

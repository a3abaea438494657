import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeBackends, useBackend, vectorNets } from './backends.ts';
import { checkVectors, countKinds, expectedCounts } from './checkVectors.ts';

const nets = vectorNets();

it('has all six reference nets, with 126 projections', () => {
  expect(nets.map(({ name }) => name.slice(0, 2))).toEqual(['a_', 'b_', 'c_', 'd_', 'e_', 'f_']);
  expect(nets.reduce((sum, net) => sum + expectedCounts(net).projection, 0)).toBe(126);
});

describe.each(nodeBackends)('the reference vectors on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(nets.map((net) => [net.name, net] as const))(
    '%s: activations, switches, projections by three rules, signals; every tensor freed',
    async (_name, net) => {
      const before = memory();
      const findings = await checkVectors(net);
      expect(findings.filter(({ kind, error }) => !(error < (kind === 'activation' ? 1e-5 : 1e-4)))).toEqual(
        [],
      );
      expect(countKinds(findings)).toEqual(expectedCounts(net));
      expect(memory().numTensors).toBe(before.numTensors);
      expect(memory().numBytes).toBe(before.numBytes);
    },
  );
});

import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { forwardTable } from '../../src/workers/forwardTable.ts';
import type { OpKind } from '../../src/models/graph.ts';
import { nodeBackends, useBackend } from './backends.ts';
import { opCases, uncovered } from './cases.ts';
import { checkOp } from './checkOps.ts';

describe.each(nodeBackends)('every op on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(opCases.map((test) => [test.name, test] as const))('%s', async (_name, test) => {
    const before = memory();
    const errors = await checkOp(test);
    expect(errors.forward, 'forward').toBeLessThan(1e-5);
    expect(errors.adjoint ?? 0, 'adjoint').toBeLessThan(1e-4);
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numBytes).toBe(before.numBytes);
  });
});

it('has a case for every op', () => {
  const kinds = Object.keys(forwardTable) as OpKind[];
  expect(uncovered(kinds.filter((kind) => kind !== 'input'))).toEqual([]);
});

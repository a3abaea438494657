import type { BackendName, Projection } from '../../workers/contract.ts';
import type { BenchState } from './bench.ts';
import { benchCases, usualRuns } from './cases.ts';
import type { Machine } from './machine.ts';
import type { Figures, Row } from './types.ts';

/** Rows with figures that nobody measured, for tests. */

export const [digits, photos] = benchCases as [(typeof benchCases)[0], (typeof benchCases)[0]];

export const projectionOf = (values: readonly number[], channel = 3): Projection => ({
  request: { node: digits.layer, channel, seed: 'strongest', rule: 'gradient' },
  image: { shape: [1, values.length, 1], values: Float32Array.from(values) },
  unit: { y: 1, x: 2 },
  value: 1,
  box: { top: 0, left: 0, bottom: 1, right: 1 },
  switches: 0,
  milliseconds: 1,
});

/** The three largest logits, as the engine would rank them. */
export function figuresOf(logits: readonly number[], more: Partial<Figures> = {}): Figures {
  const top = logits
    .map((logit, index) => ({ index, name: `class ${index}`, logit, probability: 0 }))
    .sort((a, b) => b.logit - a.logit)
    .slice(0, 3);
  return {
    startMs: 100,
    load: { milliseconds: 250.5, fromCache: false },
    loadAgain: { milliseconds: 50, fromCache: true },
    firstMs: 30,
    samples: {
      answer: [12, 10, 11],
      faces: [2, 2, 2],
      maps: [1, 1, 1],
      project: [9, 8, 7],
      projectNext: [5, 5, 5],
    },
    memory: { tensors: 9, bytes: 2 ** 20 },
    top,
    logits: Float32Array.from(logits),
    projection: projectionOf([4, -2, 0]),
    ...more,
  };
}

export const rowOf = (backend: BackendName, more: Partial<Row> = {}): Row => ({
  bench: digits,
  backend,
  runs: usualRuns,
  state: 'done',
  hidden: false,
  figures: figuresOf([1, 8, 3]),
  ...more,
});

export const testMachine: Machine = {
  browser: 'Testium 1.0',
  system: 'Linux',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Testium/1.0',
  logicalCores: 8,
  memoryGiB: null,
  crossOriginIsolated: true,
  clockStepMs: 0.005,
};

const report = { reason: 'chosen-by-user', skipped: [] } as const;

export const stateOf = (rows: readonly Row[]): BenchState => ({
  machine: testMachine,
  backends: {
    webgpu: {
      state: 'there',
      report: { ...report, backend: 'webgpu', threads: 0, adapter: 'maker | of <cards>' },
    },
    webgl: { state: 'missing', reason: 'no-webgl', detail: 'not in a Safari worker' },
    wasm: { state: 'there', report: { ...report, backend: 'wasm', threads: 4 } },
    cpu: { state: 'there', report: { ...report, backend: 'cpu', threads: 1 } },
  },
  manifest: null,
  manifestFailure: null,
  ticks: {},
  runs: usualRuns,
  phase: 'idle',
  rows,
  step: null,
  startedAt: '2026-11-22T09:00:00.000Z',
  kept: null,
});

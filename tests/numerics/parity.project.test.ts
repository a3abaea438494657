import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project } from '../../src/workers/project.ts';
import { forcePyTorchs, length, sketch } from '../parity/force.ts';
import { logitDifference, runSeeded, storedCase, storedTensor } from '../parity/load.ts';
import type { SeededRun, StoredProjection } from '../parity/load.ts';
import { useBackend } from './backends.ts';

/**
 * Whole networks and the three rules through them, against PyTorch with full backward hooks (tests/parity/README.md). One
 * mask or switch of millions that float32 decides otherwise can move a picture by more than 1e-3: `nearTies` are inputs
 * with such ones, and there only pictures with masks and switches forced to PyTorch's have to agree.
 */
const cases = [
  { name: 'resnet-18', nearTies: false },
  { name: 'googlenet@37', nearTies: false },
  { name: 'densenet-121', nearTies: false },
  { name: 'mobilenet-v1-100@17', nearTies: false },
  { name: 'googlenet', nearTies: true },
  { name: 'mobilenet-v1-100', nearTies: true },
] as const;

beforeAll(() => useBackend('wasm'));

describe.each(cases)('$name against PyTorch', ({ name, nearTies }) => {
  const stored = storedCase(name);
  const projections = stored.projections ?? [];
  let run: SeededRun;
  beforeAll(async () => {
    run = await runSeeded(name);
  });
  afterAll(() => run.dispose());

  /** Relative L2 difference of the picture, by its sketch, or of its length. */
  async function pictureError({ node, channel, unit: [y, x], value, rule, norm }: StoredProjection) {
    const request = { node, channel, seed: { y, x }, rule };
    const got = await project(run.graph, run.weights, run.activations, request);
    expect(Math.abs(got.value / value - 1), `${node}: the unit's value`).toBeLessThan(1e-4);
    const lengthError = Math.abs(length(got.image.values) / norm - 1);
    const expected = storedTensor(`${name}/${node}/${rule}`);
    const difference = sketch(got.image.values).map((sum, i) => sum - expected[i]!);
    return Math.max(lengthError, length(difference) / length(expected));
  }

  it('gives its logits', () => {
    const difference = logitDifference(run.logits, name);
    console.info(`${name}: largest logit difference ${difference.toExponential(1)}`);
    expect(run.checksum, 'weights and input').toBe(stored.checksum);
    expect(difference).toBeLessThan(2e-5);
  });

  it('projects by the three rules, with its own masks and switches and with PyTorch’s', async () => {
    expect(new Set(projections.map(({ rule }) => rule))).toEqual(
      new Set(['deconvnet', 'guided', 'gradient']),
    );
    const own: number[] = [];
    for (const projection of projections) own.push(await pictureError(projection));
    const counts = await forcePyTorchs(run, stored);
    const forced: number[] = [];
    for (const projection of projections) forced.push(await pictureError(projection));
    const rows = projections.map(
      ({ node, rule }, i) =>
        `  ${rule} from ${node}: ${own[i]!.toExponential(1)}, forced ${forced[i]!.toExponential(1)}`,
    );
    console.info(
      `${name}: ${counts.masks} of ${counts.units} ReLU masks and ${counts.switches} of ${counts.windows} ` +
        `switches differ from PyTorch's float64\n${rows.join('\n')}`,
    );
    expect(projections.length).toBe(9);
    expect(Math.max(...own)).toBeLessThan(nearTies ? 1e-2 : 1e-3);
    expect(Math.max(...forced)).toBeLessThan(1e-4);
    expect(counts.masks / counts.units).toBeLessThan(1e-5);
  });
});

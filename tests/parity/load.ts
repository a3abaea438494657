import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Graph } from '../../src/models/graph.ts';
import { logitsNode } from '../../src/models/lookup.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import type { Rule } from '../../src/workers/contract.ts';
import { runForward } from '../../src/workers/forward.ts';
import type { Activations } from '../../src/workers/forward.ts';
import { decodeTensor, readSafetensors } from '../readers/safetensors.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import type { GraphWeights } from '../../src/workers/weightsLayout.ts';
import { checksum, seededInput, seededWeights } from './seeded.ts';

/** Units whose value PyTorch has so near zero that rounding may open or close them, and what they are there. */
export interface NearMasks {
  /** Over all open units: equal sums, once the near ones agree, mean equal masks. */
  readonly sum: number;
  readonly near: readonly number[];
  readonly open: readonly (0 | 1)[];
}

/** Windows whose two largest values are nearly equal, and where PyTorch has the maximum. */
export interface NearSwitches {
  readonly sum: number;
  readonly near: readonly number[];
  readonly at: readonly number[];
}

export interface StoredProjection {
  readonly node: string;
  readonly channel: number;
  readonly unit: readonly [y: number, x: number];
  readonly value: number;
  readonly rule: Rule;
  readonly norm: number;
}

export interface StoredCase {
  readonly amplitude: number;
  readonly checksum: number;
  /** PyTorch's float32 against its float64, in units of the largest logit. */
  readonly float32Difference: number;
  readonly relu?: Readonly<Record<string, NearMasks>>;
  readonly maxPool?: Readonly<Record<string, NearSwitches>>;
  readonly projections?: readonly StoredProjection[];
}

const folder = import.meta.dirname;
const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
  readonly cases: Readonly<Record<string, StoredCase>>;
};
const fileName = 'parity.safetensors';
const file = readSafetensors(new Uint8Array(readFileSync(join(folder, fileName))), fileName);

/** A case is a network, or `network@n` with the n-th other input. */
export function storedCase(name: string): StoredCase {
  const stored = index.cases[name];
  if (!stored) throw new Error(`${name}: nothing is stored`);
  return stored;
}

export function storedTensor(key: string): Float32Array {
  const tensor = file.tensors.get(key);
  if (!tensor) throw new Error(`${key}: not stored`);
  return decodeTensor(tensor, fileName);
}

export interface SeededRun {
  readonly graph: Graph;
  readonly weights: GraphWeights;
  readonly activations: Activations;
  readonly logits: Float32Array;
  /** Of the weights and the input, to be compared with PyTorch's. */
  readonly checksum: number;
  dispose(): void;
}

/** One forward pass on the current backend with the seeded weights and input. */
export async function runSeeded(name: string, { keep = true } = {}): Promise<SeededRun> {
  const ref = name.split('@')[0]!;
  const { graph: whole } = buildNetwork(ref);
  // Without the softmax, whose node would be all that a frugal pass keeps.
  const logits = logitsNode(whole).id;
  const graph: Graph = { ...whole, output: logits };
  const raw = seededWeights(ref, graph);
  const input = seededInput(name, graph, storedCase(name).amplitude);
  const sum = checksum(raw, input);
  const weights = await prepareWeights(graph, raw);
  const activations = await runForward(graph, weights, input, { keep });
  return {
    graph,
    weights,
    activations,
    logits: Float32Array.from(await activations.get(logits).data()),
    checksum: sum,
    dispose: () => {
      activations.dispose();
      weights.dispose();
    },
  };
}

/** Largest difference of a logit, in units of the largest logit. */
export function logitDifference(got: Float32Array, name: string): number {
  const expected = storedTensor(`${name}/logits`);
  if (got.length !== expected.length) throw new Error(`${name}: ${got.length} logits for ${expected.length}`);
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < got.length; i++) {
    // NaN stays NaN, and is larger than nothing.
    difference = Math.max(difference, Math.abs(got[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return difference / largest;
}

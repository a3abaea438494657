import { tensor4d } from '@tensorflow/tfjs-core';
import type { Node } from '../../src/models/graph.ts';
import { nodeById } from '../../src/models/lookup.ts';
import type { SeededRun, StoredCase } from './load.ts';
import { mixed } from './seeded.ts';

/** What float32 decided otherwise than PyTorch's float64. */
export interface Differences {
  readonly units: number;
  readonly masks: number;
  readonly windows: number;
  readonly switches: number;
}

/**
 * Counts the ReLU masks and switches that differ, and makes them PyTorch's. Only near ones may differ: throws where
 * another does, as then the sums over all of them are not equal.
 */
export async function forcePyTorchs(run: SeededRun, stored: StoredCase): Promise<Differences> {
  const { graph, activations } = run;
  const result = { units: 0, masks: 0, windows: 0, switches: 0 };
  for (const [id, { sum, near, open }] of Object.entries(stored.relu ?? {})) {
    const values = Float32Array.from(await activations.get(id).data());
    result.units += values.length;
    const wrong = near.filter((at, i) => values[at]! > 0 !== (open[i] === 1));
    // The smallest value that is open; the projection reads masks only, never the size.
    near.forEach((at, i) => {
      if (wrong.includes(at)) values[at] = open[i] === 1 ? 1e-30 : 0;
    });
    let got = 0;
    for (let i = 0; i < values.length; i++) if (values[i]! > 0) got = (got + mixed(i, 0)) >>> 0;
    if (got !== sum) throw new Error(`${id}: a mask differs that is not near its edge`);
    result.masks += wrong.length;
    if (wrong.length > 0) replace(run, nodeById(graph, id), values);
  }
  for (const [id, { sum, near, at }] of Object.entries(stored.maxPool ?? {})) {
    const { data } = await activations.switches(id);
    if (!(data instanceof Int32Array)) throw new Error(`${id}: the switches are not an array`);
    result.windows += data.length;
    near.forEach((window, i) => {
      if (data[window] === at[i]) return;
      result.switches++;
      data[window] = at[i]!;
    });
    let got = 0;
    for (let i = 0; i < data.length; i++) got = (got + mixed(i, data[i]!)) >>> 0;
    if (got !== sum) throw new Error(`${id}: a switch differs that is not nearly tied`);
  }
  return result;
}

function replace({ activations }: SeededRun, node: Node, values: Float32Array): void {
  activations.free(node.id);
  activations.keep(node.id, tensor4d(values, [1, ...node.shape]));
}

const buckets = 4096;
const sketchSalt = 0x51c7;

/** Every value times a random sign into one of 4096 buckets: keeps lengths and differences to about two per cent. */
export function sketch(values: Float32Array): Float64Array {
  const sums = new Float64Array(buckets);
  for (let i = 0; i < values.length; i++) {
    const bits = mixed(i, sketchSalt);
    sums[bits & (buckets - 1)]! += bits >>> 31 === 1 ? values[i]! : -values[i]!;
  }
  return sums;
}

export function length(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]! ** 2;
  return Math.sqrt(total);
}

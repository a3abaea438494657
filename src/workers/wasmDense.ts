import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { addressOf, emptyTensor, valuesOf, wasmKernels } from './wasmKernels.ts';
import type { DenseLayer } from './weightsLayout.ts';

/**
 * A dense layer and its way back on wasm. At batch 1 each weight is read for one product. tfjs's product with the rows
 * computes eight columns of which seven are thrown away, its other ways pack a second copy of the weights. These kernels
 * read the rows as they are, four at a time, with SIMD, in the memory of tfjs's own module.
 */

/** `[1, 1, 1, units]` of all values of x; null where the current backend is not wasm with SIMD. */
export function wasmDense(input: Tensor4D, { shards, bias: added }: DenseLayer): Tensor4D | null {
  const kernels = wasmKernels();
  if (!kernels) return null;
  const units = shards.reduce((sum, shard) => sum + shard.units, 0);
  const output = emptyTensor<Tensor4D>([1, 1, 1, units]);
  for (const shard of shards) {
    const bias = added ? addressOf(added) + 4 * shard.first : 0;
    kernels.product(
      ...[addressOf(input), addressOf(shard.weight), bias, addressOf(output) + 4 * shard.first],
      ...[4 * input.size, shard.units],
    );
  }
  return output;
}

/** Bytes of rows that all signals take in turn: they stay in the processor's cache meanwhile. */
const rowsAtOnce = 2 ** 18;

/**
 * The transpose of `wasmDense`: `[signals, units]` to `[signals, inputs]`; null where the current backend is not wasm with
 * SIMD. Rows whose factor is 0 are not read: of a logit's signal that is all but one, behind a ReLU often half.
 */
export function wasmDenseAdjoint(signals: Tensor2D, { shards }: DenseLayer): Tensor2D | null {
  const kernels = wasmKernels();
  if (!kernels) return null;
  const [count, units] = signals.shape;
  const inputs = shards[0]?.weight.shape[1] ?? 0;
  const size = 4 * inputs;
  const factors = signals.dataSync<'float32'>();
  const output = emptyTensor<Tensor2D>([count, inputs]);
  valuesOf(output).fill(0);
  const block = Math.max(1, Math.floor(rowsAtOnce / size));
  for (const { weight, first, units: rows } of shards) {
    const start = addressOf(weight);
    for (let row = 0; row < rows; row += block) {
      const end = Math.min(row + block, rows);
      for (let which = 0; which < count; which++) {
        const target = addressOf(output) + which * size;
        const of = (unit: number) => factors[which * units + first + unit] as number;
        addBlock(kernels.addRows, of, [row, end], { start, size, target });
      }
    }
  }
  return output;
}

/** Rows of one block into one signal's sums, four at a time. */
function addBlock(
  addRows: (...values: number[]) => void,
  factorOf: (row: number) => number,
  [from, end]: readonly [number, number],
  { start, size, target }: Readonly<Record<'start' | 'size' | 'target', number>>,
): void {
  let found: number[] = [];
  const flush = () => {
    const [first] = found;
    if (first === undefined) return;
    // A missing row repeats the first one with the factor 0.
    const four = [0, 1, 2, 3].map((i) => found[i] ?? first);
    const factors = four.map((row, i) => (i < found.length ? factorOf(row) : 0));
    addRows(...four.map((row) => start + row * size), target, size, ...factors);
    found = [];
  };
  for (let row = from; row < end; row++) {
    if (factorOf(row) !== 0) found.push(row);
    if (found.length === 4) flush();
  }
  flush();
}

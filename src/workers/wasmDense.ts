import { backend, engine } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import {
  advance,
  code,
  f32,
  f32x4,
  get,
  i32,
  moduleOf,
  set,
  v128,
  whilst,
  when,
  type Code,
  type Kernel,
} from './wasmCode.ts';
import type { DenseLayer } from './weightsLayout.ts';

/**
 * A dense layer and its way back on wasm. At batch 1 each weight is read for one product, and tfjs's ways read it more than once: a
 * product with the rows computes eight columns of which seven are thrown away, the others pack a second copy first.
 * This reads the rows as they are, four at a time, with SIMD, in the memory of tfjs's own module.
 */

interface WasmBackend {
  readonly wasm?: { readonly asm?: { readonly memory?: unknown }; readonly wasmMemory?: unknown };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

const [x, weight, bias, out, bytes, rows, at, vectors] = [0, 1, 2, 3, 4, 5, 6, 7];
const [firstRow, firstSum, firstTotal] = [8, 12, 16];

/** As many rows as there are left in steps of `count`, at most four: their sums side by side, x read once for all. */
function rowsBy(count: number): Code {
  const each = (make: (row: number, sum: number, total: number, which: number) => Code): Code =>
    code(...Array.from({ length: count }, (_, i) => make(firstRow + i, firstSum + i, firstTotal + i, i)));
  const value = (pointer: number, load: Code): Code => code(get(pointer), get(at), i32.add, load);
  const before = (row: number): Code => code(get(row), get(bytes), i32.add);
  return whilst(
    code(get(rows), i32.constant(count), i32.atLeast),
    each((row, sum, _total, i) =>
      code(i === 0 ? get(weight) : before(row - 1), set(row), v128.zero, set(sum)),
    ),
    code(i32.constant(0), set(at)),
    whilst(
      code(get(at), get(vectors), i32.lessThan),
      each((row, sum) =>
        code(get(sum), value(x, v128.load), value(row, v128.load), f32x4.mul, f32x4.add, set(sum)),
      ),
      advance(at, i32.constant(16)),
    ),
    each((_row, sum, total) =>
      code(
        ...[0, 1, 2, 3].map((lane) => code(get(sum), f32x4.lane(lane))),
        ...[f32.add, f32.add, f32.add, set(total)],
      ),
    ),
    whilst(
      code(get(at), get(bytes), i32.lessThan),
      each((row, _sum, total) =>
        code(get(total), value(x, f32.load), value(row, f32.load), f32.mul, f32.add, set(total)),
      ),
      advance(at, i32.constant(4)),
    ),
    each((row, _sum, total) =>
      code(
        when(get(bias), get(total), get(bias), f32.load, f32.add, set(total), advance(bias, i32.constant(4))),
        ...[get(out), get(total), f32.store, advance(out, i32.constant(4))],
        before(row),
        set(weight),
      ),
    ),
    code(get(rows), i32.constant(count), i32.sub, set(rows)),
  );
}

/** out[row] = sum of x[i] * weight[row][i], plus bias[row] unless `bias` is 0. All are addresses; `bytes` are those of x. */
const product: Kernel = {
  parameters: new Array<'i32'>(6).fill('i32'),
  locals: [
    ...new Array<'i32'>(6).fill('i32'),
    ...new Array<'v128'>(4).fill('v128'),
    ...new Array<'f32'>(4).fill('f32'),
  ],
  body: code(get(bytes), i32.constant(-16 & 0x7f), i32.and, set(vectors), rowsBy(4), rowsBy(1)),
};

/** The way back: adds to `out` the values of four rows, each times its factor. */
function fourRows(): Kernel {
  const rowsAt = [0, 1, 2, 3];
  const [sums, size, factor, place, whole, splat] = [4, 5, 6, 10, 11, 12] as const;
  const value = (pointer: number, load: Code): Code => code(get(pointer), get(place), i32.add, load);
  const step = (load: Code, times: (row: number) => Code, mul: Code, add: Code, store: Code): Code =>
    code(
      ...[get(sums), get(place), i32.add, value(sums, load)],
      ...rowsAt.map((row) => code(value(row, load), times(row), mul, add)),
      store,
    );
  const until = (end: number, width: number, body: Code): Code =>
    whilst(code(get(place), get(end), i32.lessThan), body, advance(place, i32.constant(width)));
  return {
    parameters: [...new Array<'i32'>(6).fill('i32'), ...new Array<'f32'>(4).fill('f32')],
    locals: ['i32', 'i32', ...new Array<'v128'>(4).fill('v128')],
    body: code(
      ...rowsAt.map((row) => code(get(factor + row), f32x4.splat, set(splat + row))),
      ...[get(size), i32.constant(-16 & 0x7f), i32.and, set(whole)],
      until(
        whole,
        16,
        step(v128.load, (row) => get(splat + row), f32x4.mul, f32x4.add, v128.store),
      ),
      until(
        size,
        4,
        step(f32.load, (row) => get(factor + row), f32.mul, f32.add, f32.store),
      ),
    ),
  };
}

type Run = (...values: number[]) => void;
interface Kernels {
  readonly product: Run;
  readonly addRows: Run;
}

/** By memory: a backend that is opened again has another one. */
const opened = new WeakMap<WebAssembly.Memory, Kernels>();

/** The kernels in the memory of the current backend; null where that has none, or no SIMD. */
function open(): Kernels | null {
  const { wasm } = backend() as unknown as WasmBackend;
  const memory = wasm?.asm?.memory ?? wasm?.wasmMemory;
  if (!(memory instanceof WebAssembly.Memory)) return null;
  const known = opened.get(memory);
  if (known) return known;
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const [first, second] = [product, fourRows()].map((kernel) => moduleOf(kernel, shared)) as Pair;
  if (!WebAssembly.validate(first)) return null;
  const run = (binary: Uint8Array<ArrayBuffer>): Run =>
    new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports.run as Run;
  const kernels = { product: run(first), addRows: run(second) };
  opened.set(memory, kernels);
  return kernels;
}

type Pair = [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];

const addresses =
  ({ dataIdMap }: WasmBackend) =>
  ({ dataId }: Tensor | TensorInfo): number =>
    dataIdMap.get(dataId).memoryOffset;

/** `[1, 1, 1, units]` of all values of x; null where the current backend is not wasm with SIMD. */
export function wasmDense(input: Tensor4D, { shards, bias: added }: DenseLayer): Tensor4D | null {
  const kernels = open();
  if (!kernels) return null;
  const current = backend() as unknown as WasmBackend;
  const address = addresses(current);
  const units = shards.reduce((sum, shard) => sum + shard.units, 0);
  const output = current.makeOutput([1, 1, 1, units], 'float32');
  for (const shard of shards) {
    const bias = added ? address(added) + 4 * shard.first : 0;
    kernels.product(
      ...[address(input), address(shard.weight), bias, address(output) + 4 * shard.first],
      ...[4 * input.size, shard.units],
    );
  }
  return engine().makeTensorFromTensorInfo(output) as Tensor4D;
}

/** Bytes of rows that all signals take in turn: they stay in the processor's cache meanwhile. */
const rowsAtOnce = 2 ** 18;

/**
 * The transpose of `wasmDense`: `[signals, units]` to `[signals, inputs]`; null where the current backend is not wasm with
 * SIMD. Rows whose factor is 0 are not read: of a logit's signal that is all but one, behind a ReLU often half.
 */
export function wasmDenseAdjoint(signals: Tensor2D, { shards }: DenseLayer): Tensor2D | null {
  const kernels = open();
  if (!kernels) return null;
  const current = backend() as unknown as WasmBackend;
  const address = addresses(current);
  const [count, units] = signals.shape;
  const inputs = shards[0]?.weight.shape[1] ?? 0;
  const size = 4 * inputs;
  const factors = signals.dataSync<'float32'>();
  const output = current.makeOutput([count, inputs], 'float32');
  current.typedArrayFromHeap(output).fill(0);
  const block = Math.max(1, Math.floor(rowsAtOnce / size));
  for (const { weight, first, units: rows } of shards) {
    const start = address(weight);
    for (let row = 0; row < rows; row += block) {
      const end = Math.min(row + block, rows);
      for (let which = 0; which < count; which++) {
        const target = address(output) + which * size;
        const of = (unit: number) => factors[which * units + first + unit] as number;
        addBlock(kernels.addRows, of, [row, end], { start, size, target });
      }
    }
  }
  return engine().makeTensorFromTensorInfo(output) as Tensor2D;
}

/** Rows of one block into one signal's sums, four at a time. */
function addBlock(
  addRows: Run,
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

import { backend, engine } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
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
} from './wasmCode.ts';
import type { DenseLayer } from './weightsLayout.ts';

/**
 * A dense layer on wasm. At batch 1 each weight is read for one product, and tfjs's ways read it more than once: a
 * product with the rows computes eight columns of which seven are thrown away, the others pack a second copy first.
 * This reads the rows as they are, four at a time, with SIMD, in the memory of tfjs's own module.
 */

interface WasmBackend {
  readonly wasm?: { readonly asm?: { readonly memory?: unknown }; readonly wasmMemory?: unknown };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: 'float32'): TensorInfo;
}

type Run = (x: number, weight: number, bias: number, out: number, bytes: number, rows: number) => void;

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
const kernel = {
  parameters: 6,
  locals: [
    ...new Array<'i32'>(6).fill('i32'),
    ...new Array<'v128'>(4).fill('v128'),
    ...new Array<'f32'>(4).fill('f32'),
  ],
  body: code(get(bytes), i32.constant(-16 & 0x7f), i32.and, set(vectors), rowsBy(4), rowsBy(1)),
};

/** By memory: a backend that is opened again has another one. */
const opened = new WeakMap<WebAssembly.Memory, Run>();

/** The kernel in the memory of the current backend; null where that has none, or no SIMD. */
function open(): Run | null {
  const { wasm } = backend() as unknown as WasmBackend;
  const memory = wasm?.asm?.memory ?? wasm?.wasmMemory;
  if (!(memory instanceof WebAssembly.Memory)) return null;
  const known = opened.get(memory);
  if (known) return known;
  const binary = moduleOf(kernel, !(memory.buffer instanceof ArrayBuffer));
  if (!WebAssembly.validate(binary)) return null;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const run = instance.exports.run as Run;
  opened.set(memory, run);
  return run;
}

/** `[1, 1, 1, units]` of all values of x; null where the current backend is not wasm with SIMD. */
export function wasmDense(input: Tensor4D, { shards, bias: added }: DenseLayer): Tensor4D | null {
  const run = open();
  if (!run) return null;
  const current = backend() as unknown as WasmBackend;
  const address = (tensor: Tensor | TensorInfo) => current.dataIdMap.get(tensor.dataId).memoryOffset;
  const units = shards.reduce((sum, shard) => sum + shard.units, 0);
  const output = current.makeOutput([1, 1, 1, units], 'float32');
  for (const shard of shards) {
    const bias = added ? address(added) + 4 * shard.first : 0;
    run(
      ...[address(input), address(shard.weight), bias, address(output) + 4 * shard.first],
      ...[4 * input.size, shard.units],
    );
  }
  return engine().makeTensorFromTensorInfo(output) as Tensor4D;
}

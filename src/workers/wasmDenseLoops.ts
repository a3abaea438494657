import {
  advance,
  code,
  f32,
  f32x4,
  get,
  i32,
  set,
  v128,
  whilst,
  when,
  type Code,
  type Kernel,
} from './wasmCode.ts';

/** The loops of `wasmDense.ts` over float32 in the memory of tfjs's module: parameters and locals by number. */

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
export const product: Kernel = {
  parameters: new Array<'i32'>(6).fill('i32'),
  locals: [
    ...new Array<'i32'>(6).fill('i32'),
    ...new Array<'v128'>(4).fill('v128'),
    ...new Array<'f32'>(4).fill('f32'),
  ],
  body: code(get(bytes), i32.constant(-16), i32.and, set(vectors), rowsBy(4), rowsBy(1)),
};

/** sums[i] += the values of four rows, each times its factor; `size` are the bytes of a row. */
export const addRows = fourRows();

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
      ...[get(size), i32.constant(-16), i32.and, set(whole)],
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

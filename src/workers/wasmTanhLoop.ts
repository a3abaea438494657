import {
  advance,
  code,
  f32x4,
  get,
  i32,
  set,
  v128,
  when,
  whilst,
  type Code,
  type Kernel,
} from './wasmCode.ts';

/**
 * tanh as a quotient of two polynomials, Eigen's (Eigen/src/Core/MathFunctionsImpl.h, `generic_fast_tanh_float`): off by
 * 4e-7 at most. From the highest power down.
 */
const numerator = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
];
const denominator = [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3];
/** Beyond it tanh is 1 in float32. */
const largest = 7.90531110763549805;

const [x, out, bytes, slope, amplitude, at, value, squared] = [0, 1, 2, 3, 4, 5, 6, 7];

const [above, below] = [numerator, denominator].map(polynomial) as [Code, Code];

/** Of the value's square (Horner). */
function polynomial([highest = 0, ...rest]: readonly number[]): Code {
  return rest.reduce<Code>(
    (sum, coefficient) => code(sum, get(squared), f32x4.mul, f32x4.constant(coefficient), f32x4.add),
    f32x4.constant(highest),
  );
}

const four: Code = code(
  ...[get(x), get(at), i32.add, v128.load, get(slope), f32x4.splat, f32x4.mul],
  ...[f32x4.constant(largest), f32x4.min, f32x4.constant(-largest), f32x4.max, set(value)],
  ...[get(value), get(value), f32x4.mul, set(squared)],
  ...[get(out), get(at), i32.add],
  ...[above, get(value), f32x4.mul, below, f32x4.div, get(amplitude), f32x4.splat, f32x4.mul],
  v128.store,
);

/** out[i] = amplitude * tanh(slope * x[i]) of at least four values; `out` is another place than x. */
export const scaledTanh: Kernel = {
  parameters: ['i32', 'i32', 'i32', 'f32', 'f32'],
  locals: ['i32', 'v128', 'v128'],
  body: code(
    whilst(
      code(get(at), get(bytes), i32.constant(-16), i32.and, i32.lessThan),
      four,
      advance(at, i32.constant(16)),
    ),
    // The rest with some values before it, once more.
    when(
      code(get(bytes), i32.constant(15), i32.and),
      code(get(bytes), i32.constant(16), i32.sub, set(at)),
      four,
    ),
  ),
};

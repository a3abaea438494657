import { elements } from '../../models/shape.ts';
import { corrupt } from './failures.ts';
import type { Constant } from './onnx.tensor.ts';
import type { Values } from './values.ts';

/** Quantised weights: whole numbers q that stand for (q - zero point) * scale, per tensor or per slice of one axis. */

const quantised: ReadonlySet<string> = new Set(['I8', 'U8', 'I16', 'U16', 'I32']);

/** How many slices of `axis` there are, and how many numbers lie together in each; `axis` may count from the end. */
function slicing(shape: readonly number[], axis: number) {
  const at = axis < 0 ? axis + shape.length : axis;
  return { slices: shape[at] ?? 1, inner: elements(shape.slice(at + 1)) };
}

/**
 * The float tensor of quantised numbers; null where they are none. Scale and zero point have one number, or one a slice
 * of `axis` (DequantizeLinear, QLinearConv in ONNX's Operators.md). Both are stored numbers: a chain of scales that are
 * scaled themselves would double the reading with every link.
 */
export function scaled(
  numbers: Constant,
  scale: Constant,
  zero: Constant | null,
  axis: number,
  file: string,
): Constant | null {
  if (!numbers.values || !quantised.has(numbers.dtype) || scale.scaled || zero?.scaled) return null;
  const { slices, inner } = slicing(numbers.shape, axis);
  for (const factor of [scale, zero]) {
    const count = factor === null ? 1 : factor.values?.count;
    if (count !== 1 && count !== slices) {
      throw corrupt(
        file,
        `a weight of shape [${numbers.shape.join(', ')}] has ${count} scales or zero points`,
      );
    }
  }
  const factors = { scale: scale.values!, zero: zero?.values ?? null };
  return {
    dtype: `${numbers.dtype} x scale`,
    shape: numbers.shape,
    values: scaledValues(numbers.values, factors, slices, inner),
    scaled: true,
    ...(numbers.turned && { turned: true }),
  };
}

interface Factors {
  readonly scale: Values;
  readonly zero: Values | null;
}

function scaledValues(base: Values, { scale, zero }: Factors, slices: number, inner: number): Values {
  return {
    count: base.count,
    read: async (first, n) => {
      const out = await base.read(first, n);
      const scales = await scale.read(0, scale.count);
      const zeros = zero ? await zero.read(0, zero.count) : new Float32Array(1);
      for (let i = 0; i < n; i++) {
        const slice = Math.floor((first + i) / inner) % slices;
        out[i] =
          (out[i]! - zeros[zeros.length === 1 ? 0 : slice]!) * scales[scales.length === 1 ? 0 : slice]!;
      }
      return out;
    },
  };
}

/**
 * The product of two scales and a number, one for each slice: what the bias of a quantised layer is scaled by.
 * Either has one number, or both the same count.
 */
export function productScale(a: Constant, b: Constant, factor: number, file: string): Constant {
  const [one, other] = [a.values, b.values];
  if (!one || !other || (one.count !== 1 && other.count !== 1 && one.count !== other.count)) {
    throw corrupt(file, 'the scales of a quantised layer do not go together');
  }
  const count = Math.max(one.count, other.count);
  const read = async (first: number, n: number) => {
    const [x, y] = [await one.read(0, one.count), await other.read(0, other.count)];
    const at = (values: Float32Array, i: number) => values[values.length === 1 ? 0 : i]!;
    return Float32Array.from({ length: n }, (_, i) => at(x, first + i) * at(y, first + i) * factor);
  };
  return { dtype: 'F32', shape: [count], values: { count, read } };
}

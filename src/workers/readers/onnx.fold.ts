import { elements } from '../../models/shape.ts';
import { corrupt, unreadable } from './failures.ts';
import type { GraphNode } from './onnx.graph.ts';
import { elementTypes, type Constant } from './onnx.tensor.ts';
import { heldValues, isShape, sameValues, stridedValues, stridesOf } from './values.ts';
import { scaled } from './onnx.scaled.ts';

/**
 * Operations whose inputs are all known: exporters put them between a stored tensor and the layer that uses it. Each row
 * gives the output without reading more than shapes, or null where the operation must stay in the graph.
 */

export interface Known {
  readonly file: string;
  get(name: string | undefined): Constant | undefined;
}

type Fold = (node: GraphNode, known: Known) => Promise<Constant | null> | Constant | null;

/** The largest tensor that stands in the file as one number and a shape; VGG's first dense layer has 102,760,448. */
const largestFill = 2 ** 27;

export const foldings: Readonly<Record<string, Fold>> = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Identity: ({ inputs }, known) => known.get(inputs[0]) ?? null,
  Cast: cast,
  Reshape: reshape,
  Flatten: flatten,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Transpose: transpose,
  DequantizeLinear: dequantize,
  'com.microsoft.DequantizeLinear': dequantize,
};

function constant({ attributes, tensor }: GraphNode): Constant | null {
  if (tensor) return tensor;
  const { value_float, value_floats, value_int, value_ints } = attributes;
  const number = value_float ?? value_int;
  const list = value_floats ?? value_ints;
  const numbers = typeof number === 'number' ? [number] : Array.isArray(list) ? (list as number[]) : null;
  // A text, or a sparse tensor.
  if (!numbers) return null;
  const whole = value_int !== undefined || value_ints !== undefined;
  return {
    dtype: whole ? 'I64' : 'F32',
    shape: typeof number === 'number' ? [] : [numbers.length],
    values: heldValues(new Float32Array(numbers)),
    ...(whole && { longs: async () => numbers }),
  };
}

async function constantOfShape({ inputs, tensor }: GraphNode, known: Known): Promise<Constant | null> {
  const shape = await known.get(inputs[0])?.longs?.();
  if (!shape) return null;
  const written = `[${shape.join(', ')}]`;
  if (!isShape(shape)) throw corrupt(known.file, `a tensor of shape ${written} cannot be`);
  const count = elements(shape);
  if (count > largestFill) {
    throw unreadable(
      known.file,
      'part',
      `announces a constant tensor of shape ${written}`,
      'No network here has one so large.',
    );
  }
  if (!tensor) return { dtype: 'F32', shape, values: sameValues(0, count) };
  if (!tensor.values || tensor.values.count !== 1)
    throw corrupt(known.file, 'ConstantOfShape has no one value');
  const { dtype } = tensor;
  const one = tensor.values;
  // The value is read when the tensor is.
  const values = {
    count,
    read: async (_first: number, n: number) => new Float32Array(n).fill((await one.read(0, 1))[0]!),
  };
  return { dtype, shape, values };
}

/** Between float types only: what whole numbers would lose depends on the value. */
function cast({ inputs, attributes }: GraphNode, known: Known): Constant | null {
  const from = known.get(inputs[0]);
  const to = elementTypes[Number(attributes['to'])];
  const floats: readonly string[] = ['F32', 'F64', 'F16', 'BF16'];
  return from && to && floats.includes(to) && floats.includes(from.dtype) ? from : null;
}

/** The same numbers in another shape. */
function shaped(from: Constant, shape: readonly number[], file: string): Constant {
  if (!isShape(shape) || elements(shape) !== elements(from.shape)) {
    throw corrupt(file, `[${from.shape.join(', ')}] cannot become [${shape.join(', ')}]`);
  }
  return { ...from, shape };
}

async function reshape({ inputs, attributes }: GraphNode, known: Known): Promise<Constant | null> {
  const from = known.get(inputs[0]);
  const wanted = listOf(attributes['shape']) ?? (await known.get(inputs[1])?.longs?.());
  if (!from || !wanted || wanted.length > 32) return null;
  const keepZero = attributes['allowzero'] === 1;
  const sizes = wanted.map((size, axis) => (size === 0 && !keepZero ? (from.shape[axis] ?? 0) : size));
  const rest = elements(sizes.filter((size) => size !== -1));
  return shaped(
    from,
    sizes.map((size) => (size === -1 && rest > 0 ? elements(from.shape) / rest : size)),
    known.file,
  );
}

function flatten({ inputs, attributes }: GraphNode, known: Known): Constant | null {
  const from = known.get(inputs[0]);
  if (!from) return null;
  const axis = numberOf(attributes['axis'], 1);
  const at = axis < 0 ? axis + from.shape.length : axis;
  return shaped(from, [elements(from.shape.slice(0, at)), elements(from.shape.slice(at))], known.file);
}

async function axesOf({ inputs, attributes }: GraphNode, known: Known) {
  return listOf(attributes['axes']) ?? (await known.get(inputs[1])?.longs?.());
}

async function unsqueeze(node: GraphNode, known: Known): Promise<Constant | null> {
  const from = known.get(node.inputs[0]);
  const axes = await axesOf(node, known);
  if (!from || !axes || from.shape.length + axes.length > 32) return null;
  const rank = from.shape.length + axes.length;
  const ones = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const rest = [...from.shape];
  const shape = Array.from({ length: rank }, (_, axis) => (ones.has(axis) ? 1 : (rest.shift() ?? 1)));
  return shaped(from, shape, known.file);
}

async function squeeze(node: GraphNode, known: Known): Promise<Constant | null> {
  const from = known.get(node.inputs[0]);
  const axes = await axesOf(node, known);
  if (!from || (!axes && node.inputs.length > 1)) return null;
  const gone = new Set(axes?.map((axis) => (axis < 0 ? axis + from.shape.length : axis)));
  return shaped(
    from,
    from.shape.filter((size, axis) => (axes ? !gone.has(axis) : size !== 1)),
    known.file,
  );
}

function transpose({ inputs, attributes }: GraphNode, known: Known): Constant | null {
  const from = known.get(inputs[0]);
  if (!from?.values || from.turned) return null;
  const rank = from.shape.length;
  const order = listOf(attributes['perm']) ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (
    order.length !== rank ||
    new Set(order).size !== rank ||
    order.some((axis) => !(from.shape[axis]! >= 0))
  ) {
    throw corrupt(known.file, `a transposition [${order.join(', ')}] does not fit ${rank} axes`);
  }
  const strides = stridesOf(from.shape);
  const shape = order.map((axis) => from.shape[axis]!);
  const turned = order.map((axis) => strides[axis]!);
  const { dtype, scaled: wasScaled } = from;
  const values = stridedValues(from.values, shape, turned, 0);
  return { dtype, shape, values, turned: true, ...(wasScaled && { scaled: true }) };
}

function dequantize({ inputs, attributes }: GraphNode, known: Known): Constant | null {
  const [numbers, scale] = [known.get(inputs[0]), known.get(inputs[1])];
  const zero = inputs[2] ? known.get(inputs[2]) : null;
  if (!numbers || !scale || zero === undefined || numbers.scaled) return null;
  if (numberOf(attributes['block_size'], 0) !== 0) {
    throw unreadable(known.file, 'part', 'holds weights scaled in blocks', 'Export it without quantisation.');
  }
  return scaled(numbers, scale, zero, numberOf(attributes['axis'], 1), known.file);
}

const listOf = (value: unknown): readonly number[] | undefined =>
  Array.isArray(value) && value.length <= 64 ? (value as readonly number[]) : undefined;

export const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : otherwise;

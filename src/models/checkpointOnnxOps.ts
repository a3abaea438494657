import type { Unit } from './checkpointOnnx.ts';
import { dispatch } from './graph.ts';
import type { Node, OpTable, Pad, Pair, Shape } from './graph.ts';

/**
 * Whether an operation of an ONNX file is a node of a network: its kind and its settings. Where a file only rounds or pads its
 * pools otherwise (conversions from Caffe lose the ceil mode), its weights fit all the same, and the difference is told.
 */

export interface Agreement {
  readonly differs: readonly string[];
}

interface Place {
  readonly node: Node;
  readonly input: Shape;
  readonly unit: Unit;
  readonly shapeOf: (tensor: string) => readonly number[];
}

const agrees: Agreement = { differs: [] };

function numbers({ attributes }: Unit, name: string, otherwise: readonly number[]): readonly number[] {
  const value = attributes[name];
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? (value as readonly number[]) : otherwise;
}

const number = (unit: Unit, name: string, otherwise: number): number =>
  numbers(unit, name, [otherwise])[0] ?? otherwise;

/** Top, bottom, left, right: ONNX writes the beginnings of all axes before their ends. */
function padOf(unit: Unit, input: Shape, kernel: Pair, stride: Pair): Pad {
  const [top = 0, left = 0, bottom = 0, right = 0] = numbers(unit, 'pads', []);
  const automatic = unit.attributes['auto_pad'];
  if (automatic !== 'SAME_UPPER' && automatic !== 'SAME_LOWER') return [top, bottom, left, right];
  const sides = ([0, 1] as const).map((axis) => {
    const count = Math.ceil(input[axis] / stride[axis]);
    const all = Math.max(0, (count - 1) * stride[axis] + kernel[axis] - input[axis]);
    const less = Math.floor(all / 2);
    return automatic === 'SAME_UPPER' ? [less, all - less] : [all - less, less];
  });
  return sides.flat() as unknown as Pad;
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** Equal but for the rounding of single precision. */
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));

/** The first setting that differs, as a sentence, or agreement. */
function settings(
  { node, unit }: Place,
  rows: readonly (readonly [name: string, file: readonly number[], network: readonly number[]])[],
): Agreement | string {
  const wrong = rows.find(([, file, network]) => !same(file, network));
  if (!wrong) return agrees;
  const [name, file, network] = wrong;
  return `${node.id} has ${name} ${network.join('x')}, ${unit.label} has ${file.join('x')}`;
}

const ofKind =
  (kind: Unit['kind'], check: (place: Place) => Agreement | string = () => agrees) =>
  (_op: unknown, place: Place): Agreement | string =>
    place.unit.kind === kind ? check(place) : other(place);

const other = ({ node, unit }: Place): string =>
  `${node.id} is ${node.op.kind}, the file has ${unit.label} there`;
const never = (_op: unknown, place: Place): string => other(place);

function pool(
  place: Place,
  op: { readonly kernel: Pair; readonly stride: Pair; readonly pad: Pad },
): Agreement | string {
  const { node, unit, input } = place;
  const kernel = numbers(unit, 'kernel_shape', []);
  const stride = numbers(unit, 'strides', [1, 1]);
  const windows = settings(place, [
    ['windows of', kernel, op.kernel],
    ['stride', stride, op.stride],
  ]);
  if (typeof windows === 'string') return windows;
  const pad = padOf(unit, input, op.kernel, op.stride);
  const round = number(unit, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  const counts = ([0, 1] as const).map((axis) => {
    const padded = input[axis] + pad[2 * axis]! + pad[2 * axis + 1]!;
    const count = round((padded - op.kernel[axis]) / op.stride[axis]) + 1;
    // A last window must begin inside the picture or its first padding.
    return (count - 1) * op.stride[axis] >= input[axis] + pad[2 * axis]! ? count - 1 : count;
  });
  const shifted = pad[0] !== op.pad[0] || pad[2] !== op.pad[2];
  if (same(counts, node.shape.slice(0, 2)) && !shifted) return agrees;
  return {
    differs: [
      `${node.id} gives ${node.shape[0]}x${node.shape[1]}, ${unit.label} would give ${counts.join('x')}` +
        (shifted ? ' and begins its windows elsewhere' : ''),
    ],
  };
}

/** One value a channel: an operation of its own, a mean over the axes, or one window as large as the map. */
function wholeMap(place: Place): Agreement | string {
  const { unit, input, node } = place;
  if (unit.type !== 'AveragePool') return agrees;
  const kernel = numbers(unit, 'kernel_shape', []);
  return same(kernel, input.slice(0, 2))
    ? agrees
    : `${node.id} averages the whole map of ${input[0]}x${input[1]}, ${unit.label} windows of ${kernel.join('x')}`;
}

const table: OpTable<[Place], Agreement | string> = {
  input: ofKind('input'),
  conv: (op, place) => {
    const { unit, input } = place;
    if (unit.kind !== 'conv') return other(place);
    if (op.table) return `${place.node.id} reads its maps by a table, which ONNX cannot say`;
    return settings(place, [
      ['groups', [number(unit, 'group', 1)], [op.groups]],
      ['stride', numbers(unit, 'strides', [1, 1]), op.stride],
      ['dilation', numbers(unit, 'dilations', [1, 1]), op.dilation],
      ['padding', padOf(unit, input, op.kernel, op.stride), op.pad],
    ]);
  },
  dense: (_op, place) => {
    const { unit, input, shapeOf } = place;
    if (unit.kind === 'dense') return agrees;
    if (unit.kind !== 'conv') return other(place);
    // A convolution whose one window is the whole map.
    return settings(place, [
      ['windows of', shapeOf(unit.weight!.tensor).slice(2), input.slice(0, 2)],
      ['padding', padOf(unit, input, [input[0], input[1]], [1, 1]), [0, 0, 0, 0]],
      ['groups', [number(unit, 'group', 1)], [1]],
    ]);
  },
  maxPool: (op, place) => (place.unit.kind === 'maxPool' ? pool(place, op) : other(place)),
  avgPool: (op, place) => {
    const { unit, input, node } = place;
    if (unit.kind !== 'avgPool') return other(place);
    if (unit.type !== 'AveragePool')
      return same(op.kernel, input.slice(0, 2))
        ? agrees
        : `${node.id} averages windows, ${unit.label} the whole map`;
    const counts = number(unit, 'count_include_pad', 0) === 1;
    const counted = op.counted.some((size) => size > 0);
    const padded = op.pad.some((size) => size > 0);
    if (padded && counts !== counted)
      return `${node.id} ${counted ? 'counts' : 'does not count'} its padding in the average, ${unit.label} does otherwise`;
    return pool(place, op);
  },
  globalAvgPool: ofKind('avgPool', wholeMap),
  batchNorm: ofKind('norm'),
  lrn: (op, place) => {
    const { unit } = place;
    if (unit.kind !== 'lrn') return other(place);
    const alpha = number(unit, 'alpha', 1e-4) / (op.alphaOverSize ? 1 : op.size);
    const constants = [
      ['size', number(unit, 'size', 0), op.size],
      ['alpha', alpha, op.alpha],
      ['beta', number(unit, 'beta', 0.75), op.beta],
      ['k', number(unit, 'bias', 1), op.k],
    ] as const;
    const wrong = constants.find(([, file, network]) => !near(file, network));
    return wrong
      ? `${place.node.id} normalises with ${wrong[0]} ${wrong[2]}, ${unit.label} with ${Number(wrong[1].toPrecision(6))}`
      : agrees;
  },
  relu: (op, place) => {
    const { unit } = place;
    if (unit.kind !== 'relu') return other(place);
    return (op.cap !== undefined) === (unit.type === 'Clip')
      ? agrees
      : `${place.node.id} ${op.cap === undefined ? 'is not capped' : `is capped at ${op.cap}`}, ${unit.label} does otherwise`;
  },
  sigmoid: never,
  tanh: never,
  subsample: never,
  rbf: never,
  dropout: never,
  add: ofKind('add'),
  mean: never,
  concat: ofKind('concat', (place) => {
    const axis = number(place.unit, 'axis', 1);
    return axis === 1 || axis === -3
      ? agrees
      : `${place.unit.label} joins along axis ${axis}, not along the channels`;
  }),
  channelPad: never,
  softmax: ofKind('softmax'),
};

/** Whether a unit of the file is this node, and what it does a little otherwise; a sentence where it is another. */
export function agreement(
  node: Node,
  input: Shape,
  unit: Unit,
  shapeOf: (tensor: string) => readonly number[],
): Agreement | string {
  return dispatch(table, node.op, { node, input, unit, shapeOf });
}

/** Whether an average leaves every value as it is: windows of one value, or the whole of a map of one value. */
export function averagesNothing(unit: Unit, [height, width]: Shape): boolean {
  if (unit.type !== 'AveragePool') return height * width === 1;
  const ones = [...numbers(unit, 'kernel_shape', []), ...numbers(unit, 'strides', [])];
  return ones.every((size) => size === 1) && numbers(unit, 'pads', []).every((size) => size === 0);
}

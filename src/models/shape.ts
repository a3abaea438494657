import { ConvScopeError } from './errors.ts';
import { dispatch } from './graph.ts';
import type { Op, OpKind, OpTable, Pad, Pair, Shape } from './graph.ts';

/** The number of values of an activation or of a parameter; 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `56x56x256`: height, width, channels. */
export function shapeText(shape: Shape): string {
  return shape.join('x');
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

/** Rows or columns of a sliding window's output in floor mode (0 or less where the window does not fit). */
export function windowCount(
  size: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation = 1,
): number {
  return Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** The fact that makes an op impossible; `GraphBuilder` and `validateGraph` put the node's id before it. */
function refuse(fact: string): never {
  throw new ConvScopeError('graph-invalid', fact, { fact });
}

function requireInputs(kind: OpKind, inputs: readonly Shape[], least: number, most: number): void {
  if (inputs.length >= least && inputs.length <= most) return;
  const wanted =
    most === Infinity ? `at least ${least} inputs` : least === 1 ? 'one input' : `${least} inputs`;
  refuse(`${kind} needs ${wanted}, got ${inputs.length}`);
}

function only(kind: OpKind, inputs: readonly Shape[]): Shape {
  requireInputs(kind, inputs, 1, 1);
  return inputs[0]!;
}

function requirePositive(what: string, values: readonly number[]): void {
  if (values.every((value) => Number.isInteger(value) && value > 0)) return;
  refuse(`${what} needs whole numbers above 0, got ${values.join('x')}`);
}

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pad?: Pad;
  readonly dilation?: Pair;
}

function slide(kind: OpKind, op: Window, [height, width]: Shape): readonly [number, number] {
  const { kernel, stride, pad = [0, 0, 0, 0], dilation = [1, 1] } = op;
  requirePositive(`${kind} kernel`, kernel);
  requirePositive(`${kind} stride`, stride);
  requirePositive(`${kind} dilation`, dilation);
  if (!pad.every((rows) => Number.isInteger(rows) && rows >= 0)) {
    refuse(`${kind} padding needs whole numbers of at least 0, got ${pad.join(', ')}`);
  }
  const [top, bottom, left, right] = pad;
  const reach = [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1] as const;
  if (Math.max(top, bottom) >= reach[0] || Math.max(left, right) >= reach[1]) {
    refuse(
      `${kind} padding ${pad.join(', ')} would let a ${reach.join('x')} window lie wholly outside the input`,
    );
  }
  const rows = windowCount(height, kernel[0], stride[0], top + bottom, dilation[0]);
  const columns = windowCount(width, kernel[1], stride[1], left + right, dilation[1]);
  if (rows < 1 || columns < 1) {
    const padded = `${height + top + bottom}x${width + left + right}`;
    refuse(`${kind} window ${reach.join('x')} does not fit into its padded input ${padded}`);
  }
  return [rows, columns];
}

function requireTable(table: readonly (readonly number[])[], filters: number, channels: number): void {
  if (table.length !== filters) refuse(`conv table has ${table.length} rows for ${filters} filters`);
  table.forEach((reads, map) => {
    const unknown = reads.find((channel) => !Number.isInteger(channel) || channel < 0 || channel >= channels);
    if (unknown !== undefined)
      refuse(`conv table row ${map} reads channel ${unknown}, the input has ${channels}`);
    if (reads.length === 0) refuse(`conv table row ${map} reads no channel`);
    if (new Set(reads).size !== reads.length) refuse(`conv table row ${map} reads a channel twice`);
  });
}

function equalShapes(kind: OpKind, inputs: readonly Shape[]): Shape {
  requireInputs(kind, inputs, 2, Infinity);
  const first = inputs[0]!;
  if (!inputs.every((shape) => sameShape(shape, first))) {
    refuse(`${kind} needs equal shapes, got ${inputs.map(shapeText).join(' and ')}`);
  }
  return first;
}

const same =
  (kind: OpKind) =>
  (_op: Op, inputs: readonly Shape[]): Shape =>
    only(kind, inputs);

const shapes: OpTable<[inputs: readonly Shape[]], Shape> = {
  input: () => refuse('an input has a given shape, none can be inferred'),
  conv: (op, inputs) => {
    const input = only('conv', inputs);
    requirePositive('conv filters', [op.filters]);
    requirePositive('conv groups', [op.groups]);
    if (input[2] % op.groups !== 0 || op.filters % op.groups !== 0) {
      refuse(`conv groups ${op.groups} must divide ${input[2]} input channels and ${op.filters} filters`);
    }
    if (op.table) {
      if (op.groups !== 1) refuse(`conv takes a connection table or groups, not both`);
      requireTable(op.table, op.filters, input[2]);
    }
    return [...slide('conv', op, input), op.filters];
  },
  dense: (op, inputs) => {
    only('dense', inputs);
    requirePositive('dense units', [op.units]);
    return [1, 1, op.units];
  },
  maxPool: (op, inputs) => {
    const input = only('maxPool', inputs);
    return [...slide('maxPool', op, input), input[2]];
  },
  avgPool: (op, inputs) => {
    const input = only('avgPool', inputs);
    if (!op.counted.every((rows, side) => rows >= 0 && rows <= op.pad[side]!)) {
      refuse(`avgPool counts ${op.counted.join(', ')} of a padding of ${op.pad.join(', ')}`);
    }
    return [...slide('avgPool', op, input), input[2]];
  },
  globalAvgPool: (_op, inputs) => [1, 1, only('globalAvgPool', inputs)[2]],
  batchNorm: same('batchNorm'),
  lrn: (op, inputs) => {
    requirePositive('lrn size', [op.size]);
    return only('lrn', inputs);
  },
  relu: same('relu'),
  sigmoid: same('sigmoid'),
  tanh: same('tanh'),
  subsample: (op, inputs) => {
    const input = only('subsample', inputs);
    return [...slide('subsample', op, input), input[2]];
  },
  rbf: (op, inputs) => {
    only('rbf', inputs);
    requirePositive('rbf units', [op.units]);
    return [1, 1, op.units];
  },
  dropout: (op, inputs) => {
    if (!(op.rate >= 0 && op.rate < 1)) refuse(`dropout rate needs 0 <= rate < 1, got ${op.rate}`);
    return only('dropout', inputs);
  },
  add: (_op, inputs) => equalShapes('add', inputs),
  mean: (_op, inputs) => equalShapes('mean', inputs),
  concat: (_op, inputs) => {
    requireInputs('concat', inputs, 2, Infinity);
    const [height, width] = inputs[0]!;
    if (!inputs.every((shape) => shape[0] === height && shape[1] === width)) {
      refuse(`concat needs equal heights and widths, got ${inputs.map(shapeText).join(' and ')}`);
    }
    return [height, width, inputs.reduce((sum, shape) => sum + shape[2], 0)];
  },
  channelPad: (op, inputs) => {
    const [height, width, channels] = only('channelPad', inputs);
    if (![op.before, op.after].every((count) => Number.isInteger(count) && count >= 0)) {
      refuse(`channelPad needs whole numbers of at least 0, got ${op.before} and ${op.after}`);
    }
    return [height, width, op.before + channels + op.after];
  },
  softmax: same('softmax'),
};

/**
 * The shape that an op makes of its inputs' shapes. Throws 'graph-invalid' with the bare fact (no node is known
 * here): `add needs equal shapes, got 56x56x256 and 56x56x64`.
 */
export function outputShape(op: Op, inputs: readonly Shape[]): Shape {
  return dispatch(shapes, op, inputs);
}

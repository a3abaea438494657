import { ConvScopeError } from './errors.ts';
import { dispatch } from './graph.ts';
import type { Graph, Node, Op, OpTable, Pad, Pair } from './graph.ts';
import { inputNode, inputShapes, nodeById } from './lookup.ts';
import { markReads } from './reads.ts';

/** What one unit of a node sees of the image, in pixels, before clipping; `[vertical, horizontal]` throughout. */
export interface ReceptiveField {
  readonly size: Pair;
  /** Pixels between the fields of neighbouring units. */
  readonly jump: Pair;
  /** First row and column of unit (0, 0)'s field; negative where it begins in the padding. */
  readonly start: Pair;
  /** Whether every unit sees the whole image whatever its place (dense layers, global pooling and all after them). */
  readonly whole: boolean;
}

/** A window's geometry: what the field needs to know of an op. `null` sees everything. */
interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pad: Pad;
  readonly dilation: Pair;
}

const noPad: Pad = [0, 0, 0, 0];
const one: Pair = [1, 1];
const point = (): Window => ({ kernel: one, stride: one, pad: noPad, dilation: one });
const everything = (): null => null;

/** The window through which each op looks at its inputs, or null where it looks at all of them. */
const windows: OpTable<[], Window | null> = {
  input: point,
  conv: (op) => op,
  dense: everything,
  maxPool: (op) => ({ ...op, dilation: one }),
  avgPool: (op) => ({ ...op, dilation: one }),
  globalAvgPool: everything,
  batchNorm: point,
  lrn: point,
  relu: point,
  sigmoid: point,
  tanh: point,
  subsample: (op) => ({ ...op, pad: noPad, dilation: one }),
  rbf: everything,
  dropout: point,
  add: point,
  mean: point,
  concat: point,
  channelPad: point,
  softmax: point,
};

/** The window of an op, or null where each output sees the whole input. */
export function windowOf(op: Op): Window | null {
  return dispatch(windows, op);
}

const known = new WeakMap<Graph, ReadonlyMap<string, ReceptiveField>>();

/**
 * Size, jump and start of every node's receptive field, through branches too: a merge sees the largest reach of its
 * inputs on each side. Sizes may exceed the image (ResNet-18's last unit: 435).
 */
export function receptiveFields(graph: Graph): ReadonlyMap<string, ReceptiveField> {
  let fields = known.get(graph);
  if (!fields) {
    fields = computeFields(graph);
    known.set(graph, fields);
  }
  return fields;
}

function computeFields(graph: Graph): ReadonlyMap<string, ReceptiveField> {
  const [height, width] = inputNode(graph).shape;
  const whole: ReceptiveField = { size: [height, width], jump: [0, 0], start: [0, 0], whole: true };
  const fields = new Map<string, ReceptiveField>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => fields.get(id)!);
    const window = windowOf(node.op);
    if (inputs.length === 0) {
      fields.set(node.id, { size: one, jump: one, start: [0, 0], whole: false });
    } else if (window === null || inputs.some((field) => field.whole)) {
      fields.set(node.id, whole);
    } else {
      const vertical = extend(inputs, window, 0);
      const horizontal = extend(inputs, window, 1);
      fields.set(node.id, {
        size: [vertical.size, horizontal.size],
        jump: [vertical.jump, horizontal.jump],
        start: [vertical.start, horizontal.start],
        whole: false,
      });
    }
  }
  return fields;
}

function extend(inputs: readonly ReceptiveField[], { kernel, stride, pad, dilation }: Window, axis: 0 | 1) {
  const before = axis === 0 ? pad[0] : pad[2];
  const jump = Math.max(...inputs.map((field) => field.jump[axis]));
  const first = Math.min(...inputs.map((field) => field.start[axis]));
  const last = Math.max(...inputs.map((field) => field.start[axis] + field.size[axis] - 1));
  const start = first - before * jump;
  const end = last + (dilation[axis] * (kernel[axis] - 1) - before) * jump;
  return { start, size: end - start + 1, jump: jump * stride[axis] };
}

/** Pixel rectangle of the input: first and last row and column, inside the image. */
export interface FieldBox {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/**
 * The exact rectangle of image pixels that the unit at row `y` and column `x` of a node can see, clipped to the image:
 * the rows, columns and channels that it reads are followed down to the input. With `channel`, a concat is entered
 * only through the branch that holds it. (Where two readers of one node take different channels of it, their places
 * are joined, so the rectangle is then an upper bound.) Throws 'unknown-layer' and 'bad-parameter'.
 */
export function fieldBox(graph: Graph, nodeId: string, y: number, x: number, channel?: number): FieldBox {
  const seed = nodeById(graph, nodeId);
  return followDown(graph, seed, markUnit(seed, y, x, channel));
}

/** As `fieldBox`, for all units of a map together (of one channel where `channel` is given). */
export function mapFieldBox(graph: Graph, nodeId: string, channel?: number): FieldBox {
  const seed = nodeById(graph, nodeId);
  const [height, width] = seed.shape;
  const marks = markUnit(seed, 0, 0, channel);
  marks.rows.fill(1, 0, height);
  marks.columns.fill(1, 0, width);
  return followDown(graph, seed, marks);
}

function followDown(graph: Graph, seed: Node, seedMarks: Marks): FieldBox {
  const marks = new Map<string, Marks>([[seed.id, seedMarks]]);
  for (let i = graph.nodes.indexOf(seed); i > 0; i--) {
    const node = graph.nodes[i]!;
    const read = marks.get(node.id);
    if (!read) continue;
    const shapes = inputShapes(graph, node);
    node.inputs.forEach((id, index) => {
      const target = marks.get(id) ?? blank(nodeById(graph, id));
      if (markReads(node.op, windowOf(node.op), shapes, index, read, target)) marks.set(id, target);
    });
  }
  const image = marks.get(inputNode(graph).id);
  const rows = image && extent(image.rows);
  const columns = image && extent(image.columns);
  if (!rows || !columns) {
    throw new ConvScopeError('graph-invalid', `${seed.id}: this unit reads padding only.`, { node: seed.id });
  }
  return { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
}

/** Which rows, columns and channels of an activation are read (1) or not (0). */
export interface Marks {
  readonly rows: Uint8Array;
  readonly columns: Uint8Array;
  readonly channels: Uint8Array;
}

function blank({ shape: [height, width, channels] }: Node): Marks {
  return {
    rows: new Uint8Array(height),
    columns: new Uint8Array(width),
    channels: new Uint8Array(channels),
  };
}

function markUnit(node: Node, y: number, x: number, channel?: number): Marks {
  const marks = blank(node);
  const [height, width, channels] = node.shape;
  const inside = (value: number, size: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < size;
  if (!inside(y, height) || !inside(x, width) || (channel !== undefined && !inside(channel, channels))) {
    const asked = `unit (${y}, ${x})${channel === undefined ? '' : ` of channel ${channel}`}`;
    throw new ConvScopeError(
      'bad-parameter',
      `${node.id}: there is no ${asked} in ${height}x${width}x${channels}.`,
      { node: node.id, y, x, height, width, channels },
    );
  }
  marks.rows[y] = 1;
  marks.columns[x] = 1;
  if (channel === undefined) marks.channels.fill(1);
  else marks.channels[channel] = 1;
  return marks;
}

function extent(marks: Uint8Array): readonly [number, number] | null {
  const first = marks.indexOf(1);
  return first < 0 ? null : [first, marks.lastIndexOf(1)];
}

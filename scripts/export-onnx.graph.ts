import { dispatch } from '../src/models/graph.ts';
import type { Graph, Node, OpOf, OpTable, Pad, Shape } from '../src/models/graph.ts';
import { inputShapes } from '../src/models/lookup.ts';
import { elements } from '../src/models/shape.ts';
import type { ParameterSource } from '../src/workers/weightsSource.ts';
import {
  all,
  attribute,
  bytes,
  field,
  floatTensor,
  message,
  number,
  text,
  valueInfo,
  wholeTensor,
  type Attribute,
  type Build,
  type Piece,
} from './export-onnx.wire.ts';

/** A network of ours as an ONNX model (opset 17, channels first, batch 1), nothing folded. */

const opset = 17;
const irVersion = 8;

/** What the rows write into: operations and constants, in order. */
class Sheet {
  readonly nodes: Build[] = [];
  readonly initialisers: Piece[] = [];

  constructor(private readonly source: ParameterSource) {}

  op(type: string, inputs: readonly string[], output: string, attributes: Record<string, Attribute> = {}) {
    this.nodes.push(
      message(
        1,
        ...inputs.map((name) => text(1, name)),
        text(2, output),
        text(3, output),
        text(4, type),
        ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      ),
    );
    return output;
  }

  /** A parameter of a node as the checkpoint stores it. Throws where the weights lack it. */
  parameter(node: Node, name: string): string {
    const key = `${node.id}/${name}`;
    const shape = this.source.shapeOf(key);
    if (!shape) throw new Error(`${key} is not among the weights`);
    return this.made(key, shape, () => this.source.read(key, 0, elements(shape)));
  }

  made(name: string, dims: readonly number[], read: () => Promise<Float32Array>): string {
    this.initialisers.push(...field(5, floatTensor(name, dims, read)));
    return name;
  }

  values(node: Node, name: string): Promise<Float32Array> {
    const key = `${node.id}/${name}`;
    return this.source.read(key, 0, elements(this.source.shapeOf(key) ?? []));
  }

  scalar(name: string, value: number): string {
    return this.made(name, [], () => Promise.resolve(Float32Array.of(value)));
  }

  numbers(name: string, values: readonly number[]): string {
    this.initialisers.push(...field(5, [wholeTensor(name, values)]));
    return name;
  }
}

interface Context {
  readonly node: Node;
  readonly inputs: readonly string[];
  readonly input: Shape;
  readonly sheet: Sheet;
}

const onnxPads = ([top, bottom, left, right]: Pad): readonly number[] => [top, left, bottom, right];
const isZero = (pad: Pad): boolean => pad.every((side) => side === 0);
const first = ({ inputs }: Context): string => inputs[0] ?? '';

/** Values channel-major in one row, as dense layers read them. */
const flat = (c: Context): string => c.sheet.op('Flatten', [first(c)], `${c.node.id}:flat`, { axis: 1 });

/** The compact planes of a connection table spread over all input channels. */
async function spreadTable(op: OpOf<'conv'>, channels: number, compact: Float32Array): Promise<Float32Array> {
  const taps = op.kernel[0] * op.kernel[1];
  const full = new Float32Array(op.filters * channels * taps);
  let plane = 0;
  op.table?.forEach((reads, filter) => {
    for (const channel of reads) {
      full.set(compact.subarray(plane * taps, (plane + 1) * taps), (filter * channels + channel) * taps);
      plane++;
    }
  });
  return full;
}

/** x as it is, or its product with a constant. */
function scaled(c: Context, x: string, factor: number, name: string): string {
  if (factor === 1) return x;
  return c.sheet.op('Mul', [x, c.sheet.scalar(`${name}:factor`, factor)], name);
}

const same = (c: Context) => c.sheet.op('Identity', [first(c)], c.node.id);
const joined = (many: string) => (c: Context) =>
  c.sheet.op(c.inputs.length === 1 ? 'Identity' : many, c.inputs, c.node.id);

/** One row an op: its operations end in a value that has the node's id for a name. */
const rows: OpTable<[Context], unknown> = {
  input: () => undefined,
  conv: (op, c) => {
    const { node, sheet, input } = c;
    const weight = op.table
      ? sheet.made(`${node.id}/weight`, [op.filters, input[2], ...op.kernel], async () =>
          spreadTable(op, input[2], await sheet.values(node, 'weight')),
        )
      : sheet.parameter(node, 'weight');
    return sheet.op(
      'Conv',
      [first(c), weight, ...(op.bias ? [sheet.parameter(node, 'bias')] : [])],
      node.id,
      {
        kernel_shape: op.kernel,
        strides: op.stride,
        pads: onnxPads(op.pad),
        dilations: op.dilation,
        group: op.groups,
      },
    );
  },
  dense: (op, c) => {
    const { node, sheet } = c;
    const bias = op.bias ? [sheet.parameter(node, 'bias')] : [];
    return sheet.op('Gemm', [flat(c), sheet.parameter(node, 'weight'), ...bias], node.id, { transB: 1 });
  },
  maxPool: (op, c) =>
    c.sheet.op('MaxPool', [first(c)], c.node.id, {
      kernel_shape: op.kernel,
      strides: op.stride,
      pads: onnxPads(op.pad),
    }),
  avgPool: (op, c) => {
    // The positions that count are the input's own and `counted` zeros around it: those are written out as values.
    const { node, sheet } = c;
    const [top, bottom, left, right] = op.counted;
    const pads = [0, 0, top, left, 0, 0, bottom, right];
    const x = isZero(op.counted)
      ? first(c)
      : sheet.op('Pad', [first(c), sheet.numbers(`${node.id}:pads`, pads)], `${node.id}:padded`);
    const rest = op.pad.map((side, i) => side - (op.counted[i] ?? 0)) as unknown as Pad;
    return sheet.op('AveragePool', [x], node.id, {
      kernel_shape: op.kernel,
      strides: op.stride,
      pads: onnxPads(rest),
      count_include_pad: 0,
    });
  },
  globalAvgPool: (_op, c) => c.sheet.op('GlobalAveragePool', [first(c)], c.node.id),
  batchNorm: (op, c) => {
    const names = ['weight', 'bias', 'running_mean', 'running_var'].map((p) => c.sheet.parameter(c.node, p));
    return c.sheet.op('BatchNormalization', [first(c), ...names], c.node.id, {
      epsilon: { float: op.epsilon },
    });
  },
  lrn: (op, c) =>
    c.sheet.op('LRN', [first(c)], c.node.id, {
      size: op.size,
      alpha: { float: op.alphaOverSize ? op.alpha : op.alpha * op.size },
      beta: { float: op.beta },
      bias: { float: op.k },
    }),
  relu: ({ cap }, c) => {
    const { node, sheet } = c;
    if (cap === undefined) return sheet.op('Relu', [first(c)], node.id);
    const bounds = [sheet.scalar(`${node.id}:least`, 0), sheet.scalar(`${node.id}:most`, cap)];
    return sheet.op('Clip', [first(c), ...bounds], node.id);
  },
  sigmoid: (_op, c) => c.sheet.op('Sigmoid', [first(c)], c.node.id),
  tanh: (op, c) => {
    const { id } = c.node;
    const x = scaled(c, first(c), op.slope, `${id}:slope`);
    if (op.amplitude === 1) return c.sheet.op('Tanh', [x], id);
    return scaled(c, c.sheet.op('Tanh', [x], `${id}:tanh`), op.amplitude, id);
  },
  subsample: (op, c) => {
    const { node, sheet } = c;
    const [, , channels] = c.input;
    const taps = op.kernel[0] * op.kernel[1];
    const weight = sheet.made(`${node.id}/weight`, [channels, 1, ...op.kernel], async () => {
      const coefficients = await sheet.values(node, 'weight');
      return Float32Array.from(
        { length: channels * taps },
        (_, i) => coefficients[Math.floor(i / taps)] ?? 0,
      );
    });
    return sheet.op('Conv', [first(c), weight, sheet.parameter(node, 'bias')], node.id, {
      kernel_shape: op.kernel,
      strides: op.stride,
      group: channels,
    });
  },
  rbf: (_op, c) => {
    const { node, sheet } = c;
    const gap = sheet.op('Sub', [flat(c), sheet.parameter(node, 'weight')], `${node.id}:gap`);
    const squared = sheet.op('Mul', [gap, gap], `${node.id}:squared`);
    const sums = sheet.op('ReduceSum', [squared, sheet.numbers(`${node.id}:axes`, [1])], `${node.id}:sums`, {
      keepdims: 0,
    });
    return sheet.op('Unsqueeze', [sums, sheet.numbers(`${node.id}:batch`, [0])], node.id);
  },
  dropout: (_op, c) => same(c),
  add: (_op, c) => joined(c.inputs.length === 2 ? 'Add' : 'Sum')(c),
  mean: (_op, c) => joined('Mean')(c),
  concat: (_op, c) => c.sheet.op('Concat', c.inputs, c.node.id, { axis: 1 }),
  channelPad: (op, c) => {
    const pads = c.sheet.numbers(`${c.node.id}:pads`, [0, op.before, 0, 0, 0, op.after, 0, 0]);
    return c.sheet.op('Pad', [first(c), pads], c.node.id);
  },
  softmax: (_op, c) => c.sheet.op('Softmax', [flat(c)], c.node.id, { axis: 1 }),
};

/** Vectors are `[1, n]` in ONNX where a dense layer, RBF units or a softmax made them, else `[1, channels, height, width]`. */
function rankTwo(graph: Graph, id: string): boolean {
  const node = graph.nodes.find((each) => each.id === id);
  if (!node) return false;
  if (['dense', 'rbf', 'softmax'].includes(node.op.kind)) return true;
  if (['input', 'conv', 'globalAvgPool'].includes(node.op.kind)) return false;
  return rankTwo(graph, node.inputs[0] ?? '');
}

/**
 * The file in pieces, one after the other. `outputs` are ids of nodes; left out: the graph's output. Throws where a
 * parameter is missing, and where the model is above the 2 GiB that protobuf can hold.
 */
export function onnxPieces(
  graph: Graph,
  source: ParameterSource,
  name: string,
  outputs: readonly string[] = [graph.output],
): readonly Piece[] {
  const sheet = new Sheet(source);
  for (const node of graph.nodes) {
    const input = inputShapes(graph, node)[0] ?? node.shape;
    dispatch(rows, node.op, { node, inputs: node.inputs, input, sheet });
  }
  const dims = (id: string): readonly number[] => {
    const [height, width, channels] = graph.nodes.find((node) => node.id === id)!.shape;
    return rankTwo(graph, id) ? [1, channels] : [1, channels, height, width];
  };
  const [input] = graph.nodes.filter(({ op }) => op.kind === 'input').map(({ id }) => id);
  const ends = [valueInfo(11, input!, dims(input!)), ...outputs.map((id) => valueInfo(12, id, dims(id)))];
  const body = [bytes(all([...sheet.nodes, text(2, name)])), ...sheet.initialisers, bytes(all(ends))];
  return [
    bytes(all([number(1, irVersion), text(2, 'ConvScope'), message(8, text(1, ''), number(2, opset))])),
    ...field(7, body),
  ];
}

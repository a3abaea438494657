import { ConvScopeError } from './errors.ts';
import type { Block, BlockKind, Graph, Node, Op, Pad, Pair, Shape } from './graph.ts';
import { pair, resolveCeilMode, resolvePadding } from './padding.ts';
import type { Padding, Size } from './padding.ts';
import { outputShape } from './shape.ts';
import { validateGraph } from './validate.ts';

/** A handle of a node that is already in the graph: its id. */
export type Value = string;

export interface ConvOptions {
  readonly stride?: Size;
  readonly pad?: Padding;
  readonly dilation?: Size;
  readonly groups?: number;
  readonly bias?: boolean;
  readonly table?: readonly (readonly number[])[];
}

export interface PoolOptions {
  /** Left out: the kernel, as every framework has it. */
  readonly stride?: Size;
  readonly pad?: Padding;
  /** Lets a last window start inside the input and end outside it (PyTorch's ceil_mode, Caffe's only mode). */
  readonly ceil?: boolean;
}

export interface AvgPoolOptions extends PoolOptions {
  /** Whether explicit padding counts in the divisor (PyTorch's count_include_pad, on by default, as in Caffe). */
  readonly countPadding?: boolean;
}

export interface LrnOptions {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
  readonly alphaOverSize: boolean;
}

/**
 * Builds a graph node by node in topological order. Channels are inferred, paddings and ceil mode become explicit,
 * and every mistake is a 'graph-invalid' error that names the node and the fact:
 * `conv2_x/1/add: add needs equal shapes, got 56x56x256 and 56x56x64`.
 */
export class GraphBuilder {
  readonly input: Value;
  private readonly nodes: Node[] = [];
  private readonly byId = new Map<string, Node>();
  private readonly blocks = new Map<string, Block>();
  private group = '';

  constructor(inputShape: Shape, inputId = 'input') {
    this.input = inputId;
    this.insert({ id: inputId, op: { kind: 'input' }, inputs: [], shape: inputShape, group: '' });
  }

  /** The shape of a node that is already there. */
  shapeOf(value: Value): Shape {
    return this.known('shapeOf', value).shape;
  }

  /**
   * Runs `body` inside a named block: the ids of its nodes start with the block's path. Blocks nest:
   * 'conv4_x' and in it '3' make `conv4_x/3/conv1`.
   */
  block<T>(name: string, kind: BlockKind, body: () => T): T {
    const outer = this.group;
    const path = outer === '' ? name : `${outer}/${name}`;
    if (this.blocks.has(path)) this.refuse(path, 'there is already such a block');
    this.blocks.set(path, { path, kind });
    this.group = path;
    try {
      return body();
    } finally {
      this.group = outer;
    }
  }

  conv(name: string, from: Value, filters: number, kernel: Size, options: ConvOptions = {}): Value {
    const window = {
      kernel: pair(kernel),
      stride: pair(options.stride ?? 1),
      dilation: pair(options.dilation ?? 1),
    };
    return this.op(
      name,
      {
        kind: 'conv',
        filters,
        ...window,
        pad: resolvePadding(options.pad ?? 0, this.sizeOf(name, from), window),
        groups: options.groups ?? 1,
        bias: options.bias ?? true,
        ...(options.table ? { table: options.table } : {}),
      },
      from,
    );
  }

  /** One filter a channel: a convolution with as many groups as channels. */
  depthwise(name: string, from: Value, kernel: Size, options: Omit<ConvOptions, 'groups'> = {}): Value {
    const channels = this.known(this.path(name), from).shape[2];
    return this.conv(name, from, channels, kernel, { ...options, groups: channels });
  }

  dense(name: string, from: Value, units: number, options: { readonly bias?: boolean } = {}): Value {
    return this.op(name, { kind: 'dense', units, bias: options.bias ?? true }, from);
  }

  maxPool(name: string, from: Value, kernel: Size, options: PoolOptions = {}): Value {
    const { pad, ...window } = this.pool(name, from, kernel, options);
    return this.op(name, { kind: 'maxPool', ...window, pad }, from);
  }

  avgPool(name: string, from: Value, kernel: Size, options: AvgPoolOptions = {}): Value {
    const { pad, ...window } = this.pool(name, from, kernel, options);
    // What ceil mode added at the end is never counted; 'same' padding is TensorFlow's, which counts none.
    const explicit = resolvePadding(options.pad ?? 0, this.sizeOf(name, from), {
      ...window,
      dilation: [1, 1],
    });
    const counts = (options.countPadding ?? true) && options.pad !== 'same';
    return this.op(
      name,
      { kind: 'avgPool', ...window, pad, counted: counts ? explicit : [0, 0, 0, 0] },
      from,
    );
  }

  globalAvgPool(name: string, from: Value): Value {
    return this.op(name, { kind: 'globalAvgPool' }, from);
  }

  batchNorm(name: string, from: Value, options: { readonly epsilon?: number } = {}): Value {
    return this.op(name, { kind: 'batchNorm', epsilon: options.epsilon ?? 1e-5 }, from);
  }

  lrn(name: string, from: Value, options: LrnOptions): Value {
    return this.op(name, { kind: 'lrn', ...options }, from);
  }

  relu(name: string, from: Value, options: { readonly cap?: number } = {}): Value {
    return this.op(
      name,
      options.cap === undefined ? { kind: 'relu' } : { kind: 'relu', cap: options.cap },
      from,
    );
  }

  sigmoid(name: string, from: Value): Value {
    return this.op(name, { kind: 'sigmoid' }, from);
  }

  tanh(
    name: string,
    from: Value,
    options: { readonly amplitude?: number; readonly slope?: number } = {},
  ): Value {
    return this.op(
      name,
      { kind: 'tanh', amplitude: options.amplitude ?? 1, slope: options.slope ?? 1 },
      from,
    );
  }

  subsample(name: string, from: Value, kernel: Size, options: { readonly stride?: Size } = {}): Value {
    const stride = pair(options.stride ?? kernel);
    return this.op(name, { kind: 'subsample', kernel: pair(kernel), stride }, from);
  }

  rbf(name: string, from: Value, units: number): Value {
    return this.op(name, { kind: 'rbf', units }, from);
  }

  dropout(name: string, from: Value, rate: number, options: { readonly wholePath?: true } = {}): Value {
    return this.op(name, { kind: 'dropout', rate, ...options }, from);
  }

  add(name: string, ...from: readonly Value[]): Value {
    return this.op(name, { kind: 'add' }, ...from);
  }

  mean(name: string, ...from: readonly Value[]): Value {
    return this.op(name, { kind: 'mean' }, ...from);
  }

  concat(name: string, ...from: readonly Value[]): Value {
    return this.op(name, { kind: 'concat' }, ...from);
  }

  channelPad(name: string, from: Value, before: number, after: number): Value {
    return this.op(name, { kind: 'channelPad', before, after }, from);
  }

  softmax(name: string, from: Value): Value {
    return this.op(name, { kind: 'softmax' }, from);
  }

  /** Any op whose hyper-parameters are already explicit. */
  op(name: string, op: Op, ...from: readonly Value[]): Value {
    const id = this.path(name);
    const inputs = from.map((value) => this.known(id, value));
    let shape: Shape;
    try {
      shape = outputShape(
        op,
        inputs.map((input) => input.shape),
      );
    } catch (error) {
      if (error instanceof ConvScopeError) this.refuse(id, error.message);
      throw error;
    }
    return this.insert({ id, op, inputs: [...from], shape, group: this.group });
  }

  /** The graph, validated; `output` is the last node that inference needs. */
  build(output: Value): Graph {
    const graph: Graph = { nodes: [...this.nodes], output, blocks: [...this.blocks.values()] };
    validateGraph(graph);
    return graph;
  }

  private pool(
    name: string,
    from: Value,
    kernel: Size,
    options: PoolOptions,
  ): { readonly kernel: Pair; readonly stride: Pair; readonly pad: Pad } {
    const window = { kernel: pair(kernel), stride: pair(options.stride ?? kernel) };
    const size = this.sizeOf(name, from);
    const explicit = resolvePadding(options.pad ?? 0, size, { ...window, dilation: [1, 1] });
    const pad = options.ceil ? resolveCeilMode(explicit, size, { ...window, dilation: [1, 1] }) : explicit;
    return { ...window, pad };
  }

  private sizeOf(name: string, from: Value): Pair {
    const [height, width] = this.known(this.path(name), from).shape;
    return [height, width];
  }

  private path(name: string): string {
    return this.group === '' ? name : `${this.group}/${name}`;
  }

  private known(reader: string, value: Value): Node {
    return this.byId.get(value) ?? this.refuse(reader, `it reads '${value}', which is not in the graph yet`);
  }

  private insert(node: Node): Value {
    if (this.byId.has(node.id)) this.refuse(node.id, 'there is already such a node');
    this.nodes.push(node);
    this.byId.set(node.id, node);
    return node.id;
  }

  private refuse(id: string, fact: string): never {
    throw new ConvScopeError('graph-invalid', `${id}: ${fact}`, { node: id, fact });
  }
}

import type { Graph, Node, Op, Pad, Pair, Shape, Volume } from '../../src/models/graph.ts';
import type { LrnRule, Rule } from '../../src/workers/contract.ts';
import type { RawParameter } from '../../src/workers/weightsLayout.ts';

/**
 * The reference vectors (made by make_vectors.py) as our graphs: NCHW becomes height-width-channel, `flatten` nodes
 * vanish (our dense flattens channel-major itself), ceil mode becomes explicit padding. No file access here: the
 * browser test loads the bytes by fetch.
 */

interface IndexNode {
  readonly id: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attrs: {
    readonly stride?: Pair;
    readonly pads?: readonly [top: number, left: number, bottom: number, right: number];
    readonly dilation?: Pair;
    readonly groups?: number;
    readonly kernel?: Pair;
    readonly count_include_pad?: boolean;
    readonly eps?: number;
    readonly size?: number;
    readonly alpha?: number;
    readonly beta?: number;
    readonly k?: number;
    readonly alpha_divided_by_size?: boolean;
    readonly p?: number;
  };
  readonly params: Readonly<Record<string, string>>;
  readonly shape: readonly number[];
  readonly switches?: string;
}

export interface VectorProjection {
  readonly id: string;
  readonly target: string;
  readonly channel: number;
  readonly pos: readonly number[] | null;
  readonly seed_kind: 'activation' | 'one';
  readonly seed: string;
  readonly options: { readonly lrn: LrnRule; readonly pool: 'sum' | 'overwrite' };
  readonly results: Readonly<Record<Rule, string>>;
  readonly signals: Partial<Record<Rule, Readonly<Record<string, string>>>>;
}

export interface IndexNet {
  readonly name: string;
  readonly file: string;
  readonly input_shape: readonly number[];
  readonly nodes: readonly IndexNode[];
  readonly projections: readonly VectorProjection[];
}

export interface VectorIndex {
  readonly nets: readonly IndexNet[];
}

export interface VectorNet {
  readonly name: string;
  readonly graph: Graph;
  readonly raw: ReadonlyMap<string, RawParameter>;
  readonly projections: readonly VectorProjection[];
  /** A tensor of the file in height-width-channel order. */
  readonly volume: (name: string) => Volume;
  readonly switches: (node: string) => Int32Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

export function loadNet(net: IndexNet, bytes: ArrayBuffer): VectorNet {
  const headerLength = Number(new DataView(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, headerLength))) as Record<string, Entry>;
  const entry = (name: string): Entry & { buffer: ArrayBuffer } => {
    const found = header[name];
    if (!found) throw new Error(`${net.name}: no tensor ${name}`);
    const [from, to] = found.data_offsets;
    return { ...found, buffer: bytes.slice(8 + headerLength + from, 8 + headerLength + to) };
  };
  const alias = new Map<string, string>();
  const shapes = new Map<string, Shape>([['input', shapeOf(net.input_shape)]]);
  const nodes: Node[] = [{ id: 'input', op: { kind: 'input' }, inputs: [], shape: shapeOf(net.input_shape), group: '' }];
  const raw = new Map<string, RawParameter>();
  for (const node of net.nodes) {
    const inputs = node.inputs.map((id) => alias.get(id) ?? id);
    if (node.op === 'flatten') {
      alias.set(node.id, inputs[0] ?? '');
      continue;
    }
    const inputShape = shapes.get(inputs[0] ?? '') as Shape;
    const shape = shapeOf(node.shape);
    shapes.set(node.id, shape);
    const weight = node.params['weight'];
    const op = opOf(node, inputShape, shape, weight === undefined ? [] : entry(weight).shape);
    nodes.push({ id: node.id, op, inputs, shape, group: '' });
    for (const [role, name] of Object.entries(node.params)) {
      const stored = entry(name);
      const parameter = parameterNames[role] ?? role;
      raw.set(`${node.id}/${parameter}`, { shape: stored.shape, values: new Float32Array(stored.buffer) });
    }
  }
  return {
    name: net.name,
    graph: { nodes, output: nodes.at(-1)?.id ?? 'input', blocks: [] },
    raw,
    projections: net.projections,
    volume: (name) => {
      const { shape, buffer } = entry(name);
      const to = shapeOf(shape);
      return { shape: to, values: channelsLast(new Float32Array(buffer), to) };
    },
    switches: (id) => {
      const { shape, buffer } = entry(`switch/${id}`);
      return channelsLast(new Int32Array(buffer), shapeOf(shape));
    },
  };
}

const parameterNames: Readonly<Record<string, string>> = {
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  var: 'running_var',
};

function shapeOf([, channels = 1, height = 1, width = 1]: readonly number[]): Shape {
  return [height, width, channels];
}

function channelsLast<T extends Float32Array | Int32Array>(planes: T, [height, width, channels]: Shape): T {
  const out = planes.slice() as T;
  const area = height * width;
  for (let c = 0; c < channels; c++) {
    for (let at = 0; at < area; at++) out[at * channels + c] = planes[c * area + at] ?? 0;
  }
  return out;
}

function opOf(node: IndexNode, input: Shape, output: Shape, weight: readonly number[]): Op {
  const { attrs } = node;
  const [top, left, bottom, right] = attrs.pads ?? [0, 0, 0, 0];
  const stride = attrs.stride ?? [1, 1];
  const kernel = attrs.kernel ?? [1, 1];
  const given: Pad = [top, bottom, left, right];
  // Ceil mode: as much padding at the end as the last window needs.
  const reach = (axis: 0 | 1, before: number) => (output[axis] - 1) * stride[axis] + kernel[axis] - input[axis] - before;
  const pad: Pad = [top, Math.max(bottom, reach(0, top)), left, Math.max(right, reach(1, left))];
  const table: Readonly<Record<string, () => Op>> = {
    conv: () => ({
      kind: 'conv',
      filters: weight[0] ?? 0,
      kernel: [weight[2] ?? 0, weight[3] ?? 0],
      stride,
      pad: given,
      dilation: attrs.dilation ?? [1, 1],
      groups: attrs.groups ?? 1,
      bias: 'bias' in node.params,
    }),
    bn: () => ({ kind: 'batchNorm', epsilon: attrs.eps ?? 0 }),
    relu: () => ({ kind: 'relu' }),
    relu6: () => ({ kind: 'relu', cap: 6 }),
    maxpool: () => ({ kind: 'maxPool', kernel, stride, pad }),
    avgpool: () => ({
      kind: 'avgPool',
      kernel,
      stride,
      pad: given,
      counted: attrs.count_include_pad ? given : [0, 0, 0, 0],
    }),
    gap: () => ({ kind: 'globalAvgPool' }),
    lrn: () => ({
      kind: 'lrn',
      size: attrs.size ?? 0,
      alpha: attrs.alpha ?? 0,
      beta: attrs.beta ?? 0,
      k: attrs.k ?? 0,
      alphaOverSize: attrs.alpha_divided_by_size ?? false,
    }),
    add: () => ({ kind: 'add' }),
    concat: () => ({ kind: 'concat' }),
    dropout: () => ({ kind: 'dropout', rate: attrs.p ?? 0 }),
    fc: () => ({ kind: 'dense', units: weight[0] ?? 0, bias: true }),
    softmax: () => ({ kind: 'softmax' }),
  };
  const row = table[node.op];
  if (!row) throw new Error(`${node.id}: the loader does not know the op ${node.op}`);
  return row();
}

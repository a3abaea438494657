import type { CheckpointLayer, CheckpointTensors } from './checkpoint.ts';
import { elements } from './shape.ts';

/**
 * An ONNX graph as a network is drawn: convolutions, dense layers, normalisations, pools and joins with their weights,
 * without what only moves values about. Exporters write one layer in several ways (Gemm or MatMul and Add, Caffe's
 * normalisation and scale as three operations); here each is one unit.
 */

/** A tensor of the file, and how it lies for the layer that reads it. */
export interface Held {
  readonly tensor: string;
  readonly layout: 'same' | 'reshaped' | 'transposed';
}

/** A product of vectors of the file; a sum of them is a normalisation's gamma or beta. */
export interface Term {
  readonly factor: number;
  readonly of: readonly string[];
}

export type UnitKind =
  | 'input'
  | 'conv'
  | 'dense'
  | 'norm'
  | 'relu'
  | 'maxPool'
  | 'avgPool'
  | 'lrn'
  | 'add'
  | 'concat'
  | 'softmax'
  | 'other';

export interface Unit {
  readonly kind: UnitKind;
  /** The operation and the value that it makes, for messages: 'AveragePool r12'. */
  readonly label: string;
  readonly type: string;
  readonly inputs: readonly Unit[];
  readonly attributes: CheckpointLayer['attributes'];
  readonly weight?: Held;
  readonly bias?: Held;
  readonly norm?: {
    readonly weight: readonly Term[];
    readonly bias: readonly Term[];
    readonly mean: string;
    readonly variance: string;
    readonly epsilon: number;
  };
}

export interface UnitGraph {
  /** In the file's order, which is topological. */
  readonly units: readonly Unit[];
  readonly output: Unit;
  /** Tensors that are not weights: shapes, axes and bounds that operations take, and what no operation reads. */
  readonly arguments: ReadonlySet<string>;
}

/** Operations that hand on their first input's values, in the same order. */
const passing = new Set(['Identity', 'Dropout', 'Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'Cast']);
/** Of those, the ones that leave the shape as it is. */
const shapeKeeping = new Set(['Identity', 'Dropout', 'Cast']);

const plainKinds: ReadonlyMap<string, UnitKind> = new Map(
  Object.entries({
    Relu: 'relu',
    Clip: 'relu',
    MaxPool: 'maxPool',
    AveragePool: 'avgPool',
    GlobalAveragePool: 'avgPool',
    ReduceMean: 'avgPool',
    LRN: 'lrn',
    Sum: 'add',
    Add: 'add',
    Concat: 'concat',
    Softmax: 'softmax',
  } satisfies Record<string, UnitKind>),
);

class UnitReader {
  readonly units: Unit[] = [];
  private readonly made = new Map<string, Unit>();
  private readonly held = new Map<string, Held>();
  /** Values that come of tensors alone: the shape of a Reshape, computed by operations. */
  private readonly computed = new Set<string>();

  constructor(file: CheckpointTensors) {
    for (const tensor of file.tensors.keys()) this.held.set(tensor, { tensor, layout: 'same' });
  }

  /** One more operation, in the file's order. */
  read(layer: CheckpointLayer): void {
    const data = layer.inputs.filter((value) => value !== '' && !this.isConstant(value));
    if (data.length === 0 && layer.inputs.length > 0) return this.readConstant(layer);
    const output = layer.outputs[0] ?? '';
    this.made.set(output, this.unitOf(layer, data));
  }

  /** The unit whose output a value is. */
  maker(value: string): Unit | undefined {
    return this.made.get(value);
  }

  private isConstant(value: string): boolean {
    return this.held.has(value) || this.computed.has(value);
  }

  /** Weights that are turned or reshaped before a layer reads them. */
  private readConstant({ type, inputs, outputs, attributes }: CheckpointLayer): void {
    const from = this.held.get(inputs[0]!);
    const [output = ''] = outputs;
    const permutation = attributes['perm'];
    const turned =
      type === 'Transpose' && (permutation === undefined || String(permutation) === '1,0')
        ? ({ same: 'transposed', transposed: 'same', reshaped: null } as const)[from?.layout ?? 'reshaped']
        : null;
    if (from && turned) this.held.set(output, { ...from, layout: turned });
    else if (from && shapeKeeping.has(type)) this.held.set(output, from);
    else if (from && passing.has(type) && from.layout !== 'transposed')
      this.held.set(output, { ...from, layout: 'reshaped' });
    else outputs.forEach((value) => this.computed.add(value));
  }

  private add(unit: Unit): Unit {
    this.units.push(unit);
    return unit;
  }

  /** What makes a value; a value that no operation made is the picture. */
  private unitAt(value: string): Unit {
    const known = this.made.get(value);
    if (known) return known;
    const input: Unit = { kind: 'input', label: value, type: 'input', inputs: [], attributes: {} };
    this.made.set(value, input);
    return this.add(input);
  }

  private unitOf(layer: CheckpointLayer, data: readonly string[]): Unit {
    const { type, inputs, attributes } = layer;
    const from = this.unitAt(data[0]!);
    // A concatenation of one value, as DenseNet's first layer has it, joins nothing.
    if (passing.has(type) || (type === 'Concat' && inputs.length === 1)) return from;
    const weighted = data.length === 1 ? this.weighted(layer, from) : null;
    if (weighted) return this.add(weighted);
    const kind = type === 'Add' && data.length !== 2 ? 'other' : (plainKinds.get(type) ?? 'other');
    const label = `${type} ${layer.outputs[0] ?? ''}`;
    const numberOfTensors = inputs.filter((value) => this.held.has(value)).length;
    // A join of values with a tensor is no join of branches.
    const mixed = (kind === 'add' || kind === 'concat') && numberOfTensors > 0;
    return this.add({
      kind: mixed ? 'other' : kind,
      label,
      type,
      attributes,
      inputs: data.map((value) => this.unitAt(value)),
    });
  }

  /** A layer that computes with tensors of the file, or null where it is none that is understood. */
  private weighted(layer: CheckpointLayer, from: Unit): Unit | null {
    const { type, inputs, outputs, attributes } = layer;
    const plain = { type, attributes, label: `${type} ${outputs[0] ?? ''}`, inputs: [from] };
    const weight = this.held.get(inputs[1] ?? '');
    const bias = this.held.get(inputs[2] ?? '');
    const own = { ...plain, ...(weight && { weight }), ...(bias && { bias }) };
    switch (type) {
      case 'Conv':
        return weight ? { ...own, kind: 'conv' } : null;
      case 'Gemm':
      case 'MatMul': {
        const layout = weight && denseLayout(layer, weight.layout);
        return layout ? { ...own, kind: 'dense', weight: { ...weight, layout } } : null;
      }
      case 'BatchNormalization':
        return this.normalisation(layer, plain);
      case 'Mul':
      case 'Add': {
        const constant = this.held.get(inputs[0] ?? '') ?? weight;
        return constant ? affine(type, from, constant) : null;
      }
      default:
        return null;
    }
  }

  private normalisation(layer: CheckpointLayer, plain: Omit<Unit, 'kind'>): Unit | null {
    const { inputs, attributes } = layer;
    const [weight, bias, mean, variance] = inputs.slice(1, 5).map((value) => this.held.get(value)?.tensor);
    if (!weight || !bias || !mean || !variance) return null;
    const epsilon = typeof attributes['epsilon'] === 'number' ? attributes['epsilon'] : 1e-5;
    const only = (name: string): readonly Term[] => [{ factor: 1, of: [name] }];
    return {
      ...plain,
      kind: 'norm',
      norm: { weight: only(weight), bias: only(bias), mean, variance, epsilon },
    };
  }
}

/** How the weight of a Gemm or MatMul lies for `[units, in]`; null where it does more than multiply and add. */
function denseLayout({ type, attributes }: CheckpointLayer, layout: Held['layout']): Held['layout'] | null {
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = attributes;
  if (alpha !== 1 || beta !== 1 || transA !== 0) return null;
  if (type === 'Gemm' && transB === 1) return layout;
  return layout === 'reshaped' ? null : layout === 'same' ? 'transposed' : 'same';
}

/** Scales and shifts that one normalisation takes in; Caffe's has one of each. */
const mostTerms = 8;

/** A scale or shift a channel: part of the normalisation before it, or the bias of the layer before it. */
function affine(type: 'Mul' | 'Add', from: Unit, { tensor, layout }: Held): Unit | null {
  if (from.norm && layout !== 'transposed') {
    const { weight, bias } = from.norm;
    // Each is multiplied into all before it: a chain of thousands is made to be slow.
    if (bias.length >= mostTerms || weight[0]!.of.length >= mostTerms) return null;
    const scaled = (terms: readonly Term[]): readonly Term[] =>
      terms.map(({ factor, of }) => ({ factor, of: [...of, tensor] }));
    const norm =
      type === 'Mul'
        ? { ...from.norm, weight: scaled(weight), bias: scaled(bias) }
        : { ...from.norm, bias: [...bias, { factor: 1, of: [tensor] }] };
    return { ...from, norm };
  }
  if (type === 'Add' && (from.kind === 'dense' || from.kind === 'conv') && !from.bias)
    return { ...from, bias: { tensor, layout: layout === 'same' ? 'reshaped' : layout } };
  return null;
}

/** Operations whose first input alone holds values; the others are shapes, axes and bounds. */
const takesArguments = new Set([...passing, 'Clip', 'ReduceMean', 'Slice', 'Gather', 'Pad', 'Expand']);

/** The tensors whose numbers reach the last operation's output. */
function valuesRead(layers: readonly CheckpointLayer[]): ReadonlySet<string> {
  const needed = new Set(layers.at(-1)?.outputs.slice(0, 1));
  for (const { type, inputs, outputs } of layers.toReversed()) {
    if (!outputs.some((value) => needed.has(value))) continue;
    const values = takesArguments.has(type) ? inputs.slice(0, 1) : inputs;
    values.forEach((value) => needed.add(value));
  }
  return needed;
}

/** The units of an ONNX file, or null where its operations make nothing of a picture. */
export function unitGraph(file: CheckpointTensors): UnitGraph | null {
  const layers = file.layers ?? [];
  const reader = new UnitReader(file);
  for (const layer of layers) reader.read(layer);
  const output = reader.maker(layers.at(-1)?.outputs[0] ?? '');
  if (!output) return null;
  const values = valuesRead(layers);
  const others = [...file.tensors.keys()].filter((name) => !values.has(name));
  return { units: reader.units, output, arguments: new Set(others) };
}

/** Filters (or units) and numbers of a weight, as text: what tells most layers apart, however the tensor lies. */
export function weightSize({ layout }: Held, shape: readonly number[]): string {
  const filters = { same: shape[0], transposed: shape.at(-1), reshaped: shape.find((size) => size > 1) }[
    layout
  ];
  return `${filters ?? 1} ${elements(shape)}`;
}

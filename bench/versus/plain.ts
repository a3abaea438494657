import {
  add,
  avgPool,
  fused,
  localResponseNormalization,
  maxPool,
  mean,
  mul,
  relu,
  relu6,
  reshape,
  softmax,
  tanh,
  tensor,
  tensor4d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Graph, Node, OpOf, Pad, Volume } from '../../src/models/graph.ts';
import { consumersById, inputShapes } from '../../src/models/lookup.ts';
import { elements } from '../../src/models/shape.ts';
import type { ParameterSource } from '../../src/workers/weightsSource.ts';

/**
 * The same graph as a converted model runs it on tfjs: normalisations folded into the convolutions, bias and ReLU fused,
 * each activation freed after its last reader. Nothing of our engine is in it.
 */
export interface PlainModel {
  run(): Promise<Float32Array>;
  /** The activation of one node. */
  value(id: string): Promise<Float32Array>;
  dispose(): void;
}

interface Step {
  /** The node whose activation it makes: the last of those that it fuses. */
  readonly id: string;
  readonly inputs: readonly string[];
  run(inputs: readonly Tensor[]): Tensor;
}
type Activation = 'linear' | 'relu' | 'relu6';
type Read = (node: Node, name: string) => Promise<Tensor>;

export async function preparePlain(
  graph: Graph,
  source: ParameterSource,
  picture: Volume,
): Promise<PlainModel> {
  const owned: Tensor[] = [];
  const read: Read = async (node, name) => {
    const shape = source.shapeOf(`${node.id}/${name}`)!;
    return tensor(await source.read(`${node.id}/${name}`, 0, elements(shape)), [...shape]);
  };
  const own = <T extends Tensor>(made: T): T => {
    owned.push(made);
    return made;
  };
  const steps: Step[] = [];
  const fusedAway = new Set<string>();
  for (const node of graph.nodes) {
    if (node.op.kind === 'input' || fusedAway.has(node.id)) continue;
    const { op } = node;
    if (op.kind === 'conv' || op.kind === 'dense') {
      const { normalisation, activation, last, inside } = followers(graph, node);
      inside.forEach((id) => fusedAway.add(id));
      const run =
        op.kind === 'conv'
          ? await convStep(graph, node, op, normalisation, activation, read, own)
          : await denseStep(graph, node, op, activation, read, own);
      steps.push({ id: last, inputs: node.inputs, run });
    } else steps.push({ id: node.id, inputs: node.inputs, run: simpleStep(node) });
  }
  const input = graph.nodes.find(({ op }) => op.kind === 'input')!.id;
  const pass = (wanted: string) => runSteps(steps, input, picture, wanted);
  return {
    run: () => pass(graph.output),
    value: pass,
    dispose: () => owned.forEach((made) => made.dispose()),
  };
}

/** The normalisation and the ReLU that alone read what a layer gives. */
function followers(graph: Graph, node: Node) {
  const readers = consumersById(graph);
  const next = (id: string): Node | undefined => {
    const [only, ...others] = readers.get(id) ?? [];
    return others.length === 0 ? only : undefined;
  };
  const inside: string[] = [];
  let last = node.id;
  let normalisation: Node | null = null;
  let activation: Activation = 'linear';
  let after = next(last);
  if (node.op.kind === 'conv' && after?.op.kind === 'batchNorm') {
    normalisation = after;
    inside.push((last = after.id));
    after = next(last);
  }
  if (after?.op.kind === 'relu' && (after.op.cap === undefined || after.op.cap === 6)) {
    activation = after.op.cap === 6 ? 'relu6' : 'relu';
    inside.push((last = after.id));
  }
  return { normalisation, activation, last, inside };
}

async function convStep(
  graph: Graph,
  node: Node,
  op: OpOf<'conv'>,
  normalisation: Node | null,
  activation: Activation,
  read: Read,
  own: <T extends Tensor>(made: T) => T,
): Promise<Step['run']> {
  const channels = inputShapes(graph, node)[0]![2];
  const depthwise = op.groups === channels && op.groups > 1;
  if (op.table || (op.groups > 1 && !depthwise)) throw new Error(`${node.id}: plain tfjs has no such layer`);
  const raw = await read(node, 'weight');
  const bias = op.bias ? await read(node, 'bias') : null;
  const norm = normalisation && (await readNormalisation(normalisation, read));
  const made = tidy(() => {
    const scaled = norm ? mul(raw, reshape(norm.scale, [-1, 1, 1, 1])) : raw;
    const filter = transpose(scaled, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]) as Tensor4D;
    const shift = norm ? (bias ? add(mul(bias, norm.scale), norm.shift) : norm.shift) : bias;
    return shift ? [filter, shift.clone()] : [filter];
  });
  [raw, bias, norm?.scale, norm?.shift].forEach((each) => each?.dispose());
  made.forEach(own);
  const settings = {
    filter: made[0] as Tensor4D,
    ...(made[1] && { bias: made[1] }),
    strides: op.stride as [number, number],
    dilations: op.dilation as [number, number],
    pad: explicit(op.pad) as unknown as number,
    activation,
  };
  const layer = depthwise ? fused.depthwiseConv2d : fused.conv2d;
  return ([x]) => layer({ ...settings, x: x as Tensor4D });
}

async function readNormalisation(node: Node, read: Read) {
  const { epsilon } = node.op as OpOf<'batchNorm'>;
  const names = ['weight', 'bias', 'running_mean', 'running_var'];
  const raw = await Promise.all(names.map((name) => read(node, name)));
  const [gamma, beta, average, variance] = await Promise.all(raw.map((each) => each.data<'float32'>()));
  raw.forEach((each) => each.dispose());
  const scale = gamma!.map((g, i) => g / Math.sqrt(variance![i]! + epsilon));
  return { scale: tensor(scale), shift: tensor(beta!.map((b, i) => b - average![i]! * scale[i]!)) };
}

async function denseStep(
  graph: Graph,
  node: Node,
  op: OpOf<'dense'>,
  activation: Activation,
  read: Read,
  own: <T extends Tensor>(made: T) => T,
): Promise<Step['run']> {
  const [height, width, channels] = inputShapes(graph, node)[0]!;
  const raw = await read(node, 'weight');
  const b = own(
    tidy(() => {
      const arranged = transpose(reshape(raw, [op.units, channels, height, width]), [2, 3, 1, 0]);
      return reshape(arranged, [height * width * channels, op.units]) as Tensor2D;
    }),
  );
  raw.dispose();
  const bias = op.bias ? own(await read(node, 'bias')) : undefined;
  return ([x]) =>
    tidy(() => {
      const units = fused.matMul({ a: reshape(x!, [1, x!.size]), b, ...(bias && { bias }), activation });
      return reshape(units, [1, 1, 1, op.units]);
    });
}

const explicit = ([top, bottom, left, right]: Pad): [
  [number, number],
  [number, number],
  [number, number],
  [number, number],
] => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

/** Layers without weights. */
function simpleStep(node: Node): Step['run'] {
  const { op } = node;
  const four = (make: (x: Tensor4D) => Tensor) => (inputs: readonly Tensor[]) =>
    tidy(() => make(inputs[0] as Tensor4D));
  if (op.kind === 'maxPool' || op.kind === 'avgPool') {
    if (op.kind === 'avgPool' && op.pad.some((side) => side > 0))
      throw new Error(`${node.id}: averages with padding are not written here`);
    const pool = op.kind === 'maxPool' ? maxPool : avgPool;
    return four((x) =>
      pool(x, op.kernel as [number, number], op.stride as [number, number], explicit(op.pad)),
    );
  }
  if (op.kind === 'globalAvgPool') return four((x) => mean(x, [1, 2], true));
  if (op.kind === 'lrn') {
    const alpha = op.alphaOverSize ? op.alpha / op.size : op.alpha;
    return four((x) => localResponseNormalization(x, (op.size - 1) / 2, op.k, alpha, op.beta));
  }
  if (op.kind === 'relu' && op.cap === undefined) return four((x) => relu(x));
  if (op.kind === 'relu' && op.cap === 6) return four((x) => relu6(x));
  if (op.kind === 'tanh') {
    const { slope, amplitude } = op;
    const times = (x: Tensor, factor: number): Tensor => (factor === 1 ? x : mul(x, factor));
    return four((x) => times(tanh(times(x, slope)), amplitude));
  }
  if (op.kind === 'dropout') return four((x) => x.clone());
  if (op.kind === 'add') return ([a, b]) => add(a!, b!);
  if (op.kind === 'softmax') return four((x) => reshape(softmax(reshape(x, [1, x.size])), [1, 1, 1, x.size]));
  throw new Error(`${node.id}: plain tfjs has no ${op.kind} here`);
}

async function runSteps(
  steps: readonly Step[],
  input: string,
  picture: Volume,
  wanted: string,
): Promise<Float32Array> {
  const left = new Map<string, number>();
  for (const { inputs } of steps) for (const id of inputs) left.set(id, (left.get(id) ?? 0) + 1);
  const values = new Map<string, Tensor>([[input, tensor4d(picture.values, [1, ...picture.shape])]]);
  for (const step of steps) {
    values.set(step.id, step.run(step.inputs.map((id) => values.get(id)!)));
    for (const id of step.inputs) {
      const readers = left.get(id)! - 1;
      left.set(id, readers);
      if (readers > 0) continue;
      values.get(id)!.dispose();
      values.delete(id);
    }
    if (step.id === wanted) break;
  }
  const answer = (await values.get(wanted)!.data<'float32'>()).slice();
  values.forEach((value) => value.dispose());
  return answer;
}

import { setBackend } from '@tensorflow/tfjs-core';
import type { Graph, Node, Op, OpOf, Pad, Pair, Shape } from '../../../src/models/graph.ts';
import { nodeParameters, parameterSize } from '../../../src/models/parameters.ts';
import { elements, outputShape } from '../../../src/models/shape.ts';
import { runForward } from '../../../src/workers/forward.ts';
import { projectSignal } from '../../../src/workers/project.ts';
import { prepareWeights, type RawParameter } from '../../../src/workers/weightsLayout.ts';
import { randomNumbers } from '../../numerics/cases.ts';

/**
 * Ops at the sizes where a shader goes wrong first: nothing beside a workgroup's edge, one thread beyond it, odd sizes,
 * windows that hang over. Each runs on the GPU and on tfjs's cpu backend, forward and backward.
 */

interface EdgeCase {
  readonly name: string;
  readonly op: Op;
  readonly input: Shape;
  /** Not a number and infinities among the input. */
  readonly wild?: boolean;
}

const none: Pad = [0, 0, 0, 0];
const conv = (filters: number, kernel: Pair, rest: Partial<OpOf<'conv'>> = {}): Op => ({
  kind: 'conv',
  filters,
  kernel,
  stride: [1, 1],
  pad: none,
  dilation: [1, 1],
  groups: 1,
  bias: true,
  ...rest,
});
const grouped = (groups: number, filters: number, kernel: Pair, rest: Partial<OpOf<'conv'>> = {}): Op =>
  conv(filters, kernel, { groups, ...rest });
const dense = (units: number): Op => ({ kind: 'dense', units, bias: true });
const pool = (kind: 'maxPool' | 'avgPool', kernel: Pair, stride: Pair, pad: Pad = none): Op =>
  kind === 'maxPool' ? { kind, kernel, stride, pad } : { kind, kernel, stride, pad, counted: none };

/** Ops of which at least one direction is a WGSL program of ours. Workgroups are of 64 threads. */
const ours: readonly EdgeCase[] = [
  { name: 'groups: one value a group', op: grouped(2, 2, [1, 1]), input: [1, 1, 2] },
  { name: 'groups: 63 outputs', op: grouped(3, 9, [1, 1]), input: [1, 7, 6] },
  { name: 'groups: 64 outputs', op: grouped(2, 4, [3, 3], { pad: [1, 1, 1, 1] }), input: [4, 4, 4] },
  { name: 'groups: 65 outputs', op: grouped(5, 5, [1, 1], { bias: false }), input: [1, 13, 10] },
  { name: 'groups: 127, a prime of columns', op: grouped(2, 2, [1, 3]), input: [1, 129, 6] },
  { name: 'groups: 129 and 7 filters each', op: grouped(3, 21, [2, 2]), input: [3, 5, 9] },
  {
    name: 'groups: odd strides, pads and dilations',
    op: grouped(3, 6, [3, 2], { stride: [1, 1], dilation: [3, 5], pad: [4, 1, 0, 5] }),
    input: [11, 13, 9],
  },
  {
    name: 'groups: strides 3 and 5',
    op: grouped(2, 6, [5, 3], { stride: [3, 5], pad: [2, 1, 1, 0] }),
    input: [17, 19, 4],
  },
  {
    name: 'groups: a window larger than the input',
    op: grouped(2, 4, [7, 9], { pad: [3, 3, 4, 4] }),
    input: [2, 3, 4],
  },
  {
    name: 'groups: NaN and infinity',
    op: grouped(2, 6, [3, 3], { pad: [1, 1, 1, 1] }),
    input: [6, 7, 4],
    wild: true,
  },
  { name: 'depthwise adjoint: one value', op: grouped(1, 1, [1, 1]), input: [1, 1, 1] },
  { name: 'depthwise: 67 channels', op: grouped(67, 67, [3, 3], { pad: [1, 1, 1, 1] }), input: [5, 3, 67] },
  {
    name: 'depthwise: stride 2 over an even map',
    op: grouped(6, 6, [3, 3], { stride: [2, 2], pad: [0, 1, 0, 1] }),
    input: [8, 10, 6],
  },
  {
    name: 'depthwise: 5x5, stride 3, rows that nobody reads',
    op: grouped(4, 4, [5, 5], { stride: [3, 3] }),
    input: [10, 9, 4],
  },
  { name: 'depthwise: multiplier 3', op: grouped(5, 15, [3, 2], { pad: [1, 1, 1, 0] }), input: [4, 5, 5] },
  {
    name: 'depthwise: a window larger than the input',
    op: grouped(3, 3, [7, 7], { pad: [3, 3, 3, 3] }),
    input: [2, 2, 3],
  },
  {
    name: 'stride 4: an 11x11 stem',
    op: conv(5, [11, 11], { stride: [4, 4], pad: [2, 2, 2, 2] }),
    input: [31, 27, 3],
  },
  { name: 'stride larger than the kernel', op: conv(3, [2, 2], { stride: [5, 3] }), input: [13, 11, 5] },
  {
    name: 'unequal strides and pads',
    op: conv(7, [3, 5], { stride: [2, 3], pad: [0, 2, 3, 1] }),
    input: [9, 14, 3],
  },
  {
    name: 'a stride with a dilation',
    op: conv(3, [3, 3], { stride: [2, 2], dilation: [2, 3], pad: [2, 2, 3, 3] }),
    input: [9, 11, 2],
  },
  { name: 'dense: 1 to 1', op: dense(1), input: [1, 1, 1] },
  { name: 'dense: 63 to 1', op: dense(1), input: [1, 1, 63] },
  { name: 'dense: 64 to 2', op: dense(2), input: [1, 1, 64] },
  { name: 'dense: 65 to 3', op: dense(3), input: [1, 1, 65] },
  { name: 'dense: 7x5x3 to 129', op: dense(129), input: [7, 5, 3] },
  { name: 'dense: 4099 to 5, in pieces of other lengths', op: dense(5), input: [1, 1, 4099] },
  { name: 'dense: 2053 to 1033, several shards', op: dense(1033), input: [1, 1, 2053] },
  { name: 'dense: NaN and infinity', op: dense(7), input: [1, 1, 70], wild: true },
  { name: 'maximum: of one value', op: pool('maxPool', [1, 1], [1, 1]), input: [1, 1, 1] },
  { name: 'maximum: 63 outputs', op: pool('maxPool', [2, 2], [1, 1]), input: [4, 4, 7] },
  { name: 'maximum: 65 outputs', op: pool('maxPool', [2, 3], [2, 3]), input: [10, 3, 13] },
  {
    name: 'maximum: overlapping, padded, odd',
    op: pool('maxPool', [3, 3], [2, 2], [1, 1, 1, 1]),
    input: [13, 11, 5],
  },
  { name: 'maximum: 5x5, stride 1', op: pool('maxPool', [5, 5], [1, 1], [2, 2, 2, 2]), input: [7, 5, 3] },
  {
    name: 'maximum: a window larger than the input',
    op: pool('maxPool', [7, 5], [1, 1], [3, 3, 2, 2]),
    input: [2, 3, 4],
  },
  { name: 'maximum: stride larger than the window', op: pool('maxPool', [2, 2], [3, 5]), input: [11, 12, 3] },
  {
    name: 'average: its adjoint, padded',
    op: pool('avgPool', [3, 3], [2, 2], [1, 1, 1, 1]),
    input: [9, 7, 5],
  },
  { name: 'normalisation: 3 channels', op: { kind: 'batchNorm', epsilon: 1e-3 }, input: [5, 13, 3] },
  { name: 'normalisation: 64 values', op: { kind: 'batchNorm', epsilon: 1e-3 }, input: [4, 4, 4] },
  {
    name: "LeNet-5's subsampling",
    op: { kind: 'subsample', kernel: [2, 2], stride: [2, 2] },
    input: [10, 10, 13],
  },
  ...[3, 5, 4].flatMap((size): EdgeCase[] =>
    [1, 2, 13, 64, 65].map((channels) => ({
      name: `LRN over ${size} of ${channels} channels`,
      op: { kind: 'lrn', size, alpha: 0.7, beta: 0.75, k: 1.5, alphaOverSize: size !== 4 },
      input: [3, 5, channels],
    })),
  ),
  ...[undefined, 6, 0.5].map((cap): EdgeCase => ({
    name: `ReLU ${cap ?? 'without a cap'}`,
    op: cap === undefined ? { kind: 'relu' } : { kind: 'relu', cap },
    input: [5, 13, 3],
  })),
];

/** More than 65535 workgroups, which no device takes in one dimension. */
const huge: readonly EdgeCase[] = [
  {
    name: 'groups',
    op: grouped(2, 2, [1, 1], { bias: false }),
    input: [1450, 1447, 2],
  },
  { name: 'dense', op: dense(65_537), input: [1, 1, 3] },
  { name: 'maximum', op: pool('maxPool', [1, 1], [1, 1]), input: [2051, 2049, 1] },
];

/** tfjs's own programs that networks of the zoo run, at their tiles' edges. */
const theirs: readonly EdgeCase[] = [
  ...[1, 3, 4, 5, 8, 31, 32, 33, 64, 65].map((channels): EdgeCase => ({
    name: `1x1, ${channels} to ${channels + 1} channels`,
    op: conv(channels + 1, [1, 1]),
    input: [3, 5, channels],
  })),
  ...[1, 7, 8, 9, 31, 32, 33].map((side): EdgeCase => ({
    name: `3x3 over ${side}x${side + 1}`,
    op: conv(8, [3, 3], { pad: [1, 1, 1, 1] }),
    input: [side, side + 1, 4],
  })),
  { name: '1x1, a wide one', op: conv(130, [1, 1]), input: [1, 1, 257] },
  { name: '3x3, 67 to 35', op: conv(35, [3, 3], { pad: [1, 1, 1, 1] }), input: [6, 5, 67] },
  { name: '1x7', op: conv(12, [1, 7], { pad: [0, 0, 3, 3] }), input: [9, 17, 6] },
  { name: '7x1', op: conv(12, [7, 1], { pad: [3, 3, 0, 0] }), input: [17, 9, 8] },
  { name: 'a dilation of 3', op: conv(6, [3, 3], { dilation: [3, 3], pad: [3, 3, 3, 3] }), input: [9, 8, 6] },
  ...[1, 3, 4, 8, 12, 33].flatMap((channels) =>
    [3, 5].map((size): EdgeCase => ({
      name: `depthwise ${size}x${size}, ${channels} channels`,
      op: grouped(channels, channels, [size, size], { pad: [2, 2, 2, 2] }),
      input: [7, 9, channels],
    })),
  ),
  {
    name: 'depthwise, stride 2, unequal pads',
    op: grouped(8, 8, [3, 3], { stride: [2, 2], pad: [0, 1, 0, 1] }),
    input: [12, 14, 8],
  },
  { name: 'average 7x7', op: pool('avgPool', [7, 7], [1, 1]), input: [7, 7, 65] },
  { name: 'global average of 49 x 130', op: { kind: 'globalAvgPool' }, input: [7, 7, 130] },
  { name: 'softmax of 1', op: { kind: 'softmax' }, input: [1, 1, 1] },
  { name: 'softmax of 1001', op: { kind: 'softmax' }, input: [1, 1, 1001] },
];

/**
 * Every program of ours is one thread or workgroup a value, and can be folded into other dimensions; tfjs's tiles cannot,
 * so of the convolutions on them only one that is small enough.
 */
const flat = ours.filter(
  ({ name, op }) =>
    ['dense', 'maxPool', 'lrn', 'relu'].includes(op.kind) ||
    (op.kind === 'conv' && op.groups > 1) ||
    name === 'stride larger than the kernel',
);

/** Nothing of these is larger than 16 KiB but what a way that is quicker would make on the way. */
const tight: readonly EdgeCase[] = [
  {
    name: 'a stem whose shares are 61 kB',
    op: conv(5, [11, 11], { stride: [4, 4], pad: [2, 2, 2, 2] }),
    input: [31, 27, 3],
  },
  { name: 'dense in shards of one and two units', op: dense(5), input: [1, 1, 2053] },
  { name: 'groups', op: grouped(3, 9, [5, 5], { stride: [2, 2] }), input: [13, 15, 6] },
  ...ours.filter(({ op, input }) => op.kind !== 'dense' && input[2] <= 64),
];

export const edgeCases = { ours, huge, theirs, flat, tight };

export interface EdgeResult {
  readonly name: string;
  readonly forward: number;
  /** Of a signal everywhere, and of one at a single place; null where the op is never projected. */
  readonly adjoint: number | null;
  readonly single: number | null;
  /** Switches that differ. */
  readonly switches: number;
}

interface Outcome {
  readonly forward: Float32Array;
  readonly switches: Int32Array | null;
  readonly adjoint: Float32Array | null;
  readonly single: Float32Array | null;
}

export async function checkEdge(test: EdgeCase): Promise<EdgeResult> {
  const got = await runOn('webgpu', test);
  const wanted = await runOn('cpu', test);
  await setBackend('webgpu');
  const pair = (a: Float32Array | null, b: Float32Array | null) => (a && b ? difference(a, b) : null);
  return {
    name: test.name,
    forward: difference(got.forward, wanted.forward),
    adjoint: pair(got.adjoint, wanted.adjoint),
    single: pair(got.single, wanted.single),
    switches: got.switches?.reduce((n, at, i) => n + Number(at !== wanted.switches![i]), 0) ?? 0,
  };
}

async function runOn(name: string, { op, input, wild }: EdgeCase): Promise<Outcome> {
  await setBackend(name);
  const random = randomNumbers(elements(input));
  const source: Node = { id: 'x', op: { kind: 'input' }, inputs: [], shape: input, group: '' };
  const node: Node = { id: 'op', op, inputs: ['x'], shape: outputShape(op, [input]), group: '' };
  const graph: Graph = { nodes: [source, node], output: 'op', blocks: [] };
  const values = Float32Array.from({ length: elements(input) }, random);
  if (wild) [NaN, Infinity, -Infinity].forEach((value, i) => (values[2 + i * 23] = value));
  const weights = await prepareWeights(graph, parametersOf(graph, node, random));
  const activations = await runForward(graph, weights, { shape: input, values });
  const forward = Float32Array.from(await activations.get('op').data<'float32'>());
  const switches = op.kind === 'maxPool' ? await (await activations.switches('op')).read() : null;
  const pulled = async (seed: Float32Array<ArrayBuffer>) => {
    if (op.kind === 'softmax' || wild) return null;
    const volume = { shape: node.shape, values: seed };
    const way = { rule: 'gradient', lrn: 'vjp' } as const;
    return (await projectSignal(graph, weights, activations, 'op', volume, way)).values;
  };
  const everywhere = Float32Array.from({ length: forward.length }, random);
  const once = new Float32Array(forward.length);
  const place = Math.floor(forward.length * 0.6);
  once[place] = everywhere[place]!;
  const [adjoint, single] = [await pulled(everywhere), await pulled(once)];
  activations.dispose();
  weights.dispose();
  return { forward, switches, adjoint, single };
}

function parametersOf(graph: Graph, node: Node, random: () => number): ReadonlyMap<string, RawParameter> {
  const raw = new Map<string, RawParameter>();
  for (const parameter of nodeParameters(graph, node)) {
    const values = Float32Array.from({ length: parameterSize(parameter) }, random);
    const positive = parameter.name === 'running_var';
    raw.set(`${node.id}/${parameter.name}`, {
      shape: parameter.shape,
      values: positive ? values.map((value) => 0.3 + Math.abs(value)) : values,
    });
  }
  return raw;
}

/** The largest difference in units of the largest finite value; infinite where NaN or an infinity is not in its place. */
function difference(got: Float32Array, wanted: Float32Array): number {
  if (got.length !== wanted.length) return Infinity;
  let [scale, most] = [0, 0];
  for (const [i, value] of wanted.entries()) {
    if (!Number.isFinite(value)) {
      if (!Object.is(got[i], value)) return Infinity;
      continue;
    }
    scale = Math.max(scale, Math.abs(value));
    const distance = Math.abs(got[i]! - value);
    most = Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }
  return most === 0 ? 0 : most / scale;
}

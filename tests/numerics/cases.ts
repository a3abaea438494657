import type { Graph, Node, Op, OpKind, OpOf, Shape } from '../../src/models/graph.ts';
import { nodeParameters, parameterSize } from '../../src/models/parameters.ts';
import { outputShape } from '../../src/models/shape.ts';
import type { RawParameter } from '../../src/workers/weightsLayout.ts';

/** One op on small inputs, with the parameters and the data drawn from a seeded generator. */
export interface OpCase {
  readonly name: string;
  readonly graph: Graph;
  /** The op's node, last in the graph. */
  readonly node: Node;
  readonly inputShapes: readonly Shape[];
  readonly raw: ReadonlyMap<string, RawParameter>;
  /** Forces the weights into tensors of at most so many bytes. */
  readonly largestBytes?: number;
}

/** mulberry32, then Irwin-Hall: seeded, near normal, the same on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

const conv = (op: Partial<OpOf<'conv'>>): OpOf<'conv'> => ({
  kind: 'conv',
  filters: 4,
  kernel: [3, 3],
  stride: [1, 1],
  pad: [1, 1, 1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: true,
  ...op,
});

const lrn = (op: Partial<OpOf<'lrn'>>): OpOf<'lrn'> => ({
  kind: 'lrn',
  size: 5,
  alpha: 1,
  beta: 0.75,
  k: 1,
  alphaOverSize: true,
  ...op,
});

const definitions: readonly (readonly [
  name: string,
  op: Op,
  inputs: readonly Shape[],
  largestBytes?: number,
])[] = [
  ['a 3x3 convolution', conv({}), [[5, 6, 3]]],
  ['a 1x1 convolution without bias', conv({ kernel: [1, 1], pad: [0, 0, 0, 0], bias: false }), [[4, 5, 3]]],
  [
    'a stride of 2 with unequal pads',
    conv({ kernel: [5, 3], stride: [2, 2], pad: [2, 1, 0, 1] }),
    [[8, 7, 2]],
  ],
  ['a stride of 4 on a stem', conv({ kernel: [7, 7], stride: [4, 4], pad: [2, 2, 2, 2] }), [[13, 15, 3]]],
  ['unequal strides', conv({ kernel: [3, 3], stride: [2, 1], pad: [0, 1, 1, 0] }), [[7, 6, 2]]],
  ['rows that no window reads', conv({ kernel: [1, 1], stride: [2, 2], pad: [0, 0, 0, 0] }), [[6, 5, 3]]],
  ['a 1x7 kernel', conv({ kernel: [1, 7], pad: [0, 0, 3, 3] }), [[5, 9, 2]]],
  ['a 7x1 kernel', conv({ kernel: [7, 1], pad: [3, 3, 0, 0] }), [[9, 5, 2]]],
  ['as much padding as the kernel reaches', conv({ kernel: [2, 3], pad: [1, 0, 2, 2] }), [[4, 5, 2]]],
  ['a dilation', conv({ dilation: [2, 3], pad: [2, 2, 3, 3] }), [[8, 9, 2]]],
  ['a dilation with a stride', conv({ dilation: [2, 1], stride: [2, 2], pad: [2, 2, 1, 1] }), [[9, 8, 2]]],
  ['two groups', conv({ filters: 6, groups: 2 }), [[5, 4, 4]]],
  ['three groups with a stride', conv({ filters: 3, groups: 3, stride: [2, 2] }), [[6, 5, 6]]],
  ['depthwise', conv({ filters: 8, groups: 8, bias: false }), [[6, 7, 8]]],
  [
    'depthwise, 5x5, stride 2',
    conv({ filters: 4, groups: 4, kernel: [5, 5], stride: [2, 2], pad: [1, 2, 1, 2] }),
    [[8, 7, 4]],
  ],
  ['depthwise with a multiplier of 2', conv({ filters: 6, groups: 3 }), [[5, 5, 3]]],
  [
    'depthwise with a dilation',
    conv({ filters: 4, groups: 4, dilation: [2, 2], pad: [2, 2, 2, 2] }),
    [[7, 6, 4]],
  ],
  [
    "LeNet-5's connection table",
    conv({
      filters: 3,
      pad: [0, 0, 0, 0],
      table: [
        [0, 1],
        [1, 2, 3],
        [0, 3],
      ],
    }),
    [[5, 5, 4]],
  ],
  ['dense on a map', { kind: 'dense', units: 7, bias: true }, [[3, 2, 4]]],
  ['dense in shards of 3, 3 and 1 units', { kind: 'dense', units: 7, bias: true }, [[3, 2, 4]], 3 * 24 * 4],
  ['dense on a vector without bias', { kind: 'dense', units: 130, bias: false }, [[1, 1, 150]]],
  [
    'max-pooling 3/2 with padding',
    { kind: 'maxPool', kernel: [3, 3], stride: [2, 2], pad: [1, 1, 1, 1] },
    [[7, 8, 3]],
  ],
  [
    'max-pooling 3/2 in ceil mode',
    { kind: 'maxPool', kernel: [3, 3], stride: [2, 2], pad: [0, 1, 0, 1] },
    [[6, 8, 3]],
  ],
  ['max-pooling 3/1', { kind: 'maxPool', kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1] }, [[5, 5, 2]]],
  [
    'max-pooling 2x3 with unequal strides',
    { kind: 'maxPool', kernel: [2, 3], stride: [2, 1], pad: [1, 0, 1, 1] },
    [[5, 6, 2]],
  ],
  [
    'averages that leave padding out',
    { kind: 'avgPool', kernel: [3, 3], stride: [2, 2], pad: [1, 1, 1, 1], counted: [0, 0, 0, 0] },
    [[7, 6, 3]],
  ],
  [
    'averages that count padding',
    { kind: 'avgPool', kernel: [3, 3], stride: [1, 1], pad: [1, 1, 1, 1], counted: [1, 1, 1, 1] },
    [[5, 6, 3]],
  ],
  [
    'averages in ceil mode',
    { kind: 'avgPool', kernel: [3, 3], stride: [2, 2], pad: [1, 2, 1, 1], counted: [1, 1, 1, 1] },
    [[6, 7, 2]],
  ],
  ['global averaging', { kind: 'globalAvgPool' }, [[5, 7, 6]]],
  ['batch normalisation', { kind: 'batchNorm', epsilon: 1e-3 }, [[4, 5, 8]]],
  ['batch normalisation of 5 channels', { kind: 'batchNorm', epsilon: 1e-5 }, [[3, 3, 5]]],
  ['LRN over 5, alpha / n', lrn({}), [[3, 4, 8]]],
  [
    'LRN over 4, alpha as it is',
    lrn({ size: 4, alpha: 0.5, beta: 0.5, k: 2, alphaOverSize: false }),
    [[3, 4, 7]],
  ],
  ['LRN over 3 with another exponent', lrn({ size: 3, alpha: 2, beta: 0.6 }), [[2, 3, 5]]],
  ['ReLU', { kind: 'relu' }, [[4, 4, 3]]],
  ['ReLU capped at 6', { kind: 'relu', cap: 6 }, [[4, 4, 3]]],
  ['ReLU capped at 0.5', { kind: 'relu', cap: 0.5 }, [[4, 4, 3]]],
  ['sigmoid', { kind: 'sigmoid' }, [[3, 4, 3]]],
  ["LeNet-5's tanh", { kind: 'tanh', amplitude: 1.7159, slope: 2 / 3 }, [[3, 4, 3]]],
  // From a thousand values on wasm takes another way.
  ['tanh of many values', { kind: 'tanh', amplitude: 1, slope: 1 }, [[12, 12, 8]]],
  ["LeNet-5's tanh of many values", { kind: 'tanh', amplitude: 1.7159, slope: 2 / 3 }, [[12, 12, 8]]],
  ["LeNet-5's subsampling", { kind: 'subsample', kernel: [2, 2], stride: [2, 2] }, [[6, 4, 3]]],
  ["LeNet-5's RBF output", { kind: 'rbf', units: 5 }, [[1, 1, 12]]],
  ['dropout', { kind: 'dropout', rate: 0.5 }, [[2, 3, 3]]],
  [
    'a sum of two',
    { kind: 'add' },
    [
      [3, 4, 2],
      [3, 4, 2],
    ],
  ],
  [
    'a sum of three',
    { kind: 'add' },
    [
      [2, 3, 2],
      [2, 3, 2],
      [2, 3, 2],
    ],
  ],
  [
    'a mean of three',
    { kind: 'mean' },
    [
      [2, 3, 2],
      [2, 3, 2],
      [2, 3, 2],
    ],
  ],
  [
    'a concatenation',
    { kind: 'concat' },
    [
      [3, 2, 2],
      [3, 2, 5],
      [3, 2, 1],
    ],
  ],
  ['zero channels around', { kind: 'channelPad', before: 2, after: 3 }, [[3, 2, 4]]],
  ['softmax', { kind: 'softmax' }, [[1, 1, 6]]],
];

/** Kinds that no case covers; the test wants none. */
export function uncovered(kinds: readonly OpKind[]): OpKind[] {
  return kinds.filter((kind) => !definitions.some(([, op]) => op.kind === kind));
}

export const opCases: readonly OpCase[] = definitions.map(([name, op, inputShapes, largestBytes], number) => {
  // One image comes in; the op's inputs are slices of it, so that the graph has one input as every network has.
  const inputs: Node[] = inputShapes.map((shape, i) => ({
    id: `x${i}`,
    op: { kind: 'input' },
    inputs: [],
    shape,
    group: '',
  }));
  const node: Node = {
    id: 'op',
    op,
    inputs: inputs.map(({ id }) => id),
    shape: outputShape(op, inputShapes),
    group: '',
  };
  const graph: Graph = { nodes: [...inputs, node], output: 'op', blocks: [] };
  const random = randomNumbers(1000 + number);
  const raw = new Map<string, RawParameter>();
  for (const parameter of nodeParameters(graph, node)) {
    const values = Float32Array.from({ length: parameterSize(parameter) }, random);
    const positive = parameter.name === 'running_var';
    raw.set(`op/${parameter.name}`, {
      shape: parameter.shape,
      values: positive ? values.map((v) => 0.3 + Math.abs(v)) : values,
    });
  }
  return { name, graph, node, inputShapes, raw, ...(largestBytes && { largestBytes }) };
});

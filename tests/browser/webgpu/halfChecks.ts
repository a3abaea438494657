import { getBackend } from '@tensorflow/tfjs-core';
import type { Graph, Node, Op, Pair, Shape } from '../../../src/models/graph.ts';
import { nodeParameters, parameterSize } from '../../../src/models/parameters.ts';
import { elements, outputShape } from '../../../src/models/shape.ts';
import { halvesToFloats } from '../../../src/workers/readers/half.ts';
import { emptyTensor, uploadHalves } from '../../../src/workers/webgpu/weightPrograms.ts';
import { prepareWeights, type ParameterSource } from '../../../src/workers/weightsLayout.ts';
import { largestTensorBytes } from '../../../src/workers/weightsLayoutLimits.ts';
import type { ConvLayer, DenseLayer } from '../../../src/workers/weightsLayoutLayers.ts';

/** Weights that went up in half precision, against the same weights decoded and arranged by the processor, bit by bit. */

const conv = (filters: number, kernel: Pair, groups = 1): Op => ({
  ...{ kind: 'conv', filters, kernel, groups, bias: true },
  ...{ stride: [1, 1], pad: [0, 0, 0, 0], dilation: [1, 1] },
});

const cases: readonly (readonly [name: string, op: Op, input: Shape])[] = [
  ['3x3, odd', conv(65, [3, 3]), [5, 5, 29]],
  ['1x1', conv(131, [1, 1]), [3, 3, 127]],
  ['1x7', conv(48, [1, 7]), [9, 9, 50]],
  ['groups', conv(96, [5, 3], 4), [6, 6, 48]],
  ['depthwise, two filters a channel', conv(1200, [5, 3], 600), [6, 6, 600]],
  ['dense of a vector', { kind: 'dense', units: 33, bias: true }, [1, 1, 499]],
  ['dense of maps', { kind: 'dense', units: 37, bias: false }, [5, 7, 13]],
  ['too small to go up so', conv(3, [3, 3]), [5, 5, 3]],
];

/** Every half that is a finite number, in an order that leaves none beside its neighbour. */
const finite = Uint16Array.from({ length: 65_536 }, (_, i) => (i * 40_503) & 0xffff).filter(
  (word) => (word & 0x7c00) !== 0x7c00,
);

export interface HalfErrors {
  readonly name: string;
  readonly values: number;
  readonly different: number;
}

/** The kernel or rows of a layer whose parameters are read from `finite`. */
async function valuesOf(op: Op, input: Shape, asHalves: boolean): Promise<Float32Array[]> {
  const source: Node = { id: 'x', op: { kind: 'input' }, inputs: [], shape: input, group: '' };
  const node: Node = { id: 'op', op, inputs: ['x'], shape: outputShape(op, [input]), group: '' };
  const graph: Graph = { nodes: [source, node], output: 'op', blocks: [] };
  const shapes = new Map(nodeParameters(graph, node).map((p) => [`op/${p.name}`, [parameterSize(p)]]));
  const words = (first: number, count: number) =>
    Uint16Array.from({ length: count }, (_, i) => finite[(first + i) % finite.length]!);
  const stored: ParameterSource = {
    fresh: true,
    shapeOf: (key) => shapes.get(key) ?? null,
    read: async (_key, first, count) => halvesToFloats(words(first, count)),
    ...(asHalves && { readHalves: async (_key, first, count) => words(first, count) }),
  };
  const weights = await prepareWeights(graph, stored);
  const layer = weights.layer(node, op.kind as 'conv' | 'dense') as ConvLayer | DenseLayer;
  const tensors = layer.kind === 'conv' ? layer.kernels : layer.shards.map(({ weight }) => weight);
  const values = [];
  for (const tensor of tensors) values.push(Float32Array.from(await tensor.data<'float32'>()));
  weights.dispose();
  return values;
}

const differences = (got: Float32Array, wanted: Float32Array): number =>
  got.length === wanted.length ? wanted.filter((value, i) => !Object.is(got[i], value)).length : Infinity;

export async function checkHalves(): Promise<HalfErrors[]> {
  if (getBackend() !== 'webgpu')
    throw new Error(`halves go up as such on webgpu only, not on ${getBackend()}`);
  const results = [await checkAll(), await checkPieces()];
  for (const [name, op, input] of cases) {
    // A kernel is one buffer: a device with small ones refuses it, however it goes up. A dense layer is cut into shards.
    const kernelBytes =
      op.kind === 'conv' ? 4 * elements([...op.kernel, (input[2] * op.filters) / op.groups]) : 0;
    if (kernelBytes > largestTensorBytes()) continue;
    const [got, wanted] = [await valuesOf(op, input, true), await valuesOf(op, input, false)];
    results.push({
      name,
      values: wanted.reduce((sum, { length }) => sum + length, 0),
      different: got.reduce((sum, part, i) => sum + differences(part, wanted[i] ?? new Float32Array()), 0),
    });
  }
  return results;
}

/** Every finite half, signs of zero and the smallest among them. */
async function checkAll(): Promise<HalfErrors> {
  const tensor = emptyTensor([finite.length]);
  const order = { sizes: [1, 1, 1, finite.length], steps: [0, 0, 0, 1] } as const;
  uploadHalves(tensor, finite, 0, order);
  const got = Float32Array.from(await tensor.data<'float32'>());
  tensor.dispose();
  return { name: 'every half', values: got.length, different: differences(got, halvesToFloats(finite)) };
}

/** In pieces of odd lengths, around a workgroup's size, each behind the last. */
async function checkPieces(): Promise<HalfErrors> {
  const lengths = [1, 63, 64, 65, 127, 1, 2, 3, 1001];
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const tensor = emptyTensor([total]);
  const order = { sizes: [1, 1, 1, total], steps: [0, 0, 0, 1] } as const;
  let first = 0;
  for (const length of lengths) {
    uploadHalves(tensor, finite.slice(first, first + length), first, order);
    first += length;
  }
  const got = Float32Array.from(await tensor.data<'float32'>());
  tensor.dispose();
  return {
    name: 'pieces',
    values: total,
    different: differences(got, halvesToFloats(finite.slice(0, total))),
  };
}

import { reshape, slice, type Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { Node, OpOf, Shape, Volume } from '../models/graph.ts';
import { inputShapes, logitsNode } from '../models/lookup.ts';
import type { Network } from '../models/network.ts';
import { elements } from '../models/shape.ts';
import type { ClassScore, FeatureMaps, Kernels, LayerFace } from './contract.ts';
import type { Activations } from './forward.ts';
import { loadViews } from './views.ts';
import { pieceBytes } from './weightsLayout.ts';
import { NodeParameters, type ParameterSource } from './weightsSource.ts';

/** What the page looks at, computed from kept activations and weights. All arrays are new: they may be transferred. */

const isVector = ([height, width]: Shape): boolean => height === 1 && width === 1;

/** The values of an activation. tfjs may keep and return the same array again: copy before handing it out. */
async function valuesOf(activations: Activations, node: Node): Promise<Float32Array> {
  return activations.get(node.id).data<'float32'>();
}

export async function wholeActivation(activations: Activations, node: Node): Promise<Volume> {
  return { shape: node.shape, values: (await valuesOf(activations, node)).slice() };
}

export async function oneChannel(activations: Activations, node: Node, channel: number): Promise<Volume> {
  expectChannel(node, channel);
  const [height, width] = node.shape;
  return { shape: [height, width, 1], values: await readChannel(activations.get(node.id), channel) };
}

async function readChannel(activation: Tensor4D, channel: number): Promise<Float32Array<ArrayBuffer>> {
  const [, height, width] = activation.shape;
  const map = slice(activation, [0, 0, 0, channel], [1, height, width, 1]);
  try {
    return Float32Array.from(await map.data<'float32'>());
  } finally {
    map.dispose();
  }
}

export function expectChannel(node: Node, channel: number): void {
  const channels = node.shape[2];
  if (Number.isInteger(channel) && channel >= 0 && channel < channels) return;
  throw new ConvScopeError(
    'unknown-channel',
    `${node.id} has no channel ${channel}: its channels are 0 to ${channels - 1}.`,
    { layer: node.id, channel, channels },
  );
}

export async function mapsOf(activations: Activations, node: Node, px: number): Promise<FeatureMaps> {
  if (!(px >= 1)) {
    throw new ConvScopeError('bad-parameter', `A thumbnail needs at least 1 pixel a side, got ${px}.`, {
      parameter: 'thumbnailPx',
    });
  }
  const views = await loadViews();
  const { height, width, planes, stats } = await views.maps(activations.get(node.id), px);
  return { node: node.id, shape: node.shape, thumbHeight: height, thumbWidth: width, planes, stats };
}

/** Makes a picture of each kind, so that the programs for them are compiled. */
export async function runViews(activation: Tensor4D): Promise<void> {
  const views = await loadViews();
  await views.faces([activation], 1);
  await views.maps(activation, 1);
  await readChannel(activation, 0);
}

/** The faces of all nodes: the mean over channels, or the values themselves of a vector, as a strip. */
export async function facesOf(
  activations: Activations,
  nodes: readonly Node[],
  px: number,
): Promise<LayerFace[]> {
  const views = await loadViews();
  const sources = nodes.map(({ id, shape }) => faceSource(activations.get(id), shape));
  try {
    const faces = await views.faces(sources, px);
    return faces.map(({ height, width, planes }, i) => ({
      node: nodes[i]!.id,
      height,
      width,
      values: planes,
    }));
  } finally {
    sources.forEach((source) => source.dispose());
  }
}

/** A vector's values lie side by side, as a map of one channel. */
const faceSource = (activation: Tensor4D, shape: Shape): Tensor4D =>
  isVector(shape) ? reshape(activation, [1, 1, shape[2], 1]) : activation.clone();

/** The five largest classes of the answering node's values; the smallest distances win for LeNet-5 of 1998. */
export async function topClasses(
  activations: Activations,
  network: Network,
  classes: readonly string[],
): Promise<ClassScore[]> {
  const node = logitsNode(network.graph);
  const raw = await valuesOf(activations, node);
  const logits = Array.from(raw, (value) => (node.op.kind === 'rbf' ? -value : value));
  if (!logits.every(Number.isFinite)) {
    throw new ConvScopeError(
      'internal',
      `${network.ref} answered with numbers that are not finite. Choose the wasm backend, or other weights.`,
      { network: network.ref },
    );
  }
  const largest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return logits
    .map((logit, index) => ({
      index,
      name: classes[index] ?? `class ${index}`,
      logit,
      probability: exponentials[index]! / total,
    }))
    .sort((a, b) => b.logit - a.logit || a.index - b.index)
    .slice(0, 5);
}

/**
 * The kernels of a convolution, or a dense layer's weights as pictures of its input, read from the file that the
 * network was loaded from.
 */
export async function kernelsOf(network: Network, node: Node, parameters: ParameterSource): Promise<Kernels> {
  const [input] = inputShapes(network.graph, node);
  if (!input || (node.op.kind !== 'conv' && node.op.kind !== 'dense')) {
    throw new ConvScopeError('bad-parameter', `${node.id} is a ${node.op.kind} layer and has no kernels.`, {
      layer: node.id,
    });
  }
  const reader = new NodeParameters(node, parameters);
  if (node.op.kind === 'dense') return picturesOf(reader, node.op.units, input);
  const { filters, kernel, groups, table } = node.op;
  if (table) return tablePictures(reader, node.op, input[2]);
  return picturesOf(reader, filters, [kernel[0], kernel[1], input[2] / groups]);
}

/** From `[count, depth, height, width]`, as checkpoints store it, to one height-width-depth picture after another. */
async function picturesOf(reader: NodeParameters, count: number, shape: Shape): Promise<Kernels> {
  const size = elements(shape);
  const values = new Float32Array(count * size);
  await reader.inPieces('weight', count, size, pieceBytes, (piece, first) => {
    channelsLast(piece, shape, values, first);
    reader.release(piece);
  });
  return { node: reader.node.id, count, shape, values };
}

/** Puts the kernels of a piece behind the first `first` of all. */
function channelsLast(piece: Float32Array, shape: Shape, out: Float32Array, first: number): void {
  const [height, width, depth] = shape;
  const area = height * width;
  const size = area * depth;
  for (let from = 0, to = first * size; from < piece.length; from += size) {
    for (let position = 0; position < area; position++) {
      for (let d = 0; d < depth; d++) out[to++] = piece[from + d * area + position]!;
    }
  }
}

/** A connection table stores connected planes only; unconnected ones are zero in the picture. */
async function tablePictures(
  reader: NodeParameters,
  { filters, kernel, table = [] }: OpOf<'conv'>,
  depth: number,
): Promise<Kernels> {
  const shape: Shape = [kernel[0], kernel[1], depth];
  const area = kernel[0] * kernel[1];
  const planes = table.reduce((sum, reads) => sum + reads.length, 0);
  const stored = await reader.all('weight', planes * area);
  const spread = new Float32Array(filters * depth * area);
  let from = 0;
  table.forEach((reads, k) => {
    for (const channel of reads) {
      spread.set(stored.subarray(from, from + area), (k * depth + channel) * area);
      from += area;
    }
  });
  const values = new Float32Array(spread.length);
  channelsLast(spread, shape, values, 0);
  return { node: reader.node.id, count: filters, shape, values };
}

import { add, slice, tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, Shape, Volume } from '../models/graph.ts';
import { adjointTable, softmaxRefused } from './adjoint.ts';
import type { LrnRule, ProjectRequest, Rule } from './contract.ts';
import { nodeMacs } from './forward.ts';
import type { Activations } from './forward.ts';
import { loadPrograms } from './forwardPrograms.ts';
import { batched } from './forwardTable.ts';
import { asMemoryError } from './weightsLayoutLimits.ts';
import type { GraphWeights } from './weightsLayout.ts';

export interface ProjectHooks {
  /** Awaited between nodes; reject to cancel: what was made so far is then freed. */
  readonly checkpoint?: () => void | Promise<void>;
  /** Part of the nodes that have been walked, 0..1. */
  readonly onFraction?: (fraction: number) => void;
  /** Sees the summed signal on every node of the walk, seed first; the tensor is not the caller's to keep. */
  readonly onSignal?: (node: string, signal: Tensor4D) => void | Promise<void>;
}

/** A projection without its receptive-field box (models/field gives that). */
export interface Projected {
  /** Signed, in the normalised input space, of the input's shape. */
  readonly image: Volume;
  readonly unit: { readonly y: number; readonly x: number } | null;
  readonly value: number;
  /** Max-pooling layers below the seed. */
  readonly switches: number;
}

/**
 * Projects a unit, a channel's strongest unit or a whole map down to the input. Throws 'unknown-layer',
 * 'unknown-channel', 'bad-parameter' (a unit outside the map), 'unit-inactive' (the seed is zero) and
 * 'projection-undefined' (softmax anywhere below the seed; sigmoid or tanh under deconvnet and guided).
 */
export async function project(
  graph: Graph,
  weights: GraphWeights,
  activations: Activations,
  request: ProjectRequest,
  hooks: ProjectHooks = {},
): Promise<Projected> {
  const { rule, lrn = rule === 'deconvnet' ? 'identity' : 'vjp' } = request;
  const node = graph.nodes.find(({ id }) => id === request.node);
  if (!node) {
    throw new ConvScopeError('unknown-layer', `${request.node}: the network has no such layer.`, {
      node: request.node,
    });
  }
  const path = below(graph, node.id);
  refuseUndefined(path, rule);
  const seed = await findSeed(node, activations, request);
  const image = await projectSignal(graph, weights, activations, node.id, seed.volume, { rule, lrn }, hooks);
  const switches = path.filter(({ op }) => op.kind === 'maxPool').length;
  return { image, unit: seed.unit, value: seed.value, switches };
}

/** Walks an arbitrary signal on a node's output down to the input; see `project` for the errors. */
export async function projectSignal(
  graph: Graph,
  weights: GraphWeights,
  activations: Activations,
  from: string,
  seed: Volume,
  { rule, lrn }: { readonly rule: Rule; readonly lrn: LrnRule },
  hooks: ProjectHooks = {},
): Promise<Volume> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const path = below(graph, from);
  refuseUndefined(path, rule);
  const programs = await loadPrograms();
  const signals = new Map<string, Tensor4D>([[from, tensor4d(seed.values, batched(seed.shape))]]);
  try {
    for (const [index, node] of path.entries()) {
      await hooks.checkpoint?.();
      const signal = signals.get(node.id);
      if (!signal) continue;
      await hooks.onSignal?.(node.id, signal);
      if (node.op.kind === 'input') continue;
      const inputShapes = node.inputs.map((id) => (byId.get(id) as Node).shape);
      const context = { node, inputShapes, activations, weights, programs, signal, rule, lrn };
      const parts = await dispatch(adjointTable, node.op, context);
      parts.forEach((part, i) => pushSignal(signals, node.inputs[i] ?? '', part));
      signal.dispose();
      signals.delete(node.id);
      await programs.pace(nodeMacs(node, byId));
      hooks.onFraction?.((index + 1) / path.length);
    }
    return await readInput(path, signals);
  } catch (error) {
    throw asMemoryError(error, from);
  } finally {
    for (const signal of signals.values()) signal.dispose();
  }
}

/** Where several nodes read one activation, their signals sum before that node's own rule is applied. */
function pushSignal(signals: Map<string, Tensor4D>, id: string, part: Tensor4D): void {
  const known = signals.get(id);
  signals.set(id, known ? (add(known, part) as Tensor4D) : part);
  if (!known) return;
  known.dispose();
  part.dispose();
}

async function readInput(path: readonly Node[], signals: ReadonlyMap<string, Tensor4D>): Promise<Volume> {
  const input = path.find(({ op }) => op.kind === 'input');
  const signal = input && signals.get(input.id);
  if (!input || !signal) throw new ConvScopeError('graph-invalid', 'the walk did not reach the input.');
  // A copy: on the cpu backend `data` is the tensor's own array.
  return { shape: input.shape, values: Float32Array.from(await signal.data()) };
}

/** The node and everything that it depends on, last first. */
function below(graph: Graph, from: string): Node[] {
  const needed = new Set([from]);
  const path: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!needed.has(node.id)) continue;
    path.push(node);
    node.inputs.forEach((id) => needed.add(id));
  }
  return path;
}

function refuseUndefined(path: readonly Node[], rule: Rule): void {
  for (const { id, op } of path) {
    if (op.kind === 'softmax') throw softmaxRefused(id);
    if (rule === 'gradient' || (op.kind !== 'sigmoid' && op.kind !== 'tanh')) continue;
    throw new ConvScopeError(
      'projection-undefined',
      `${id}: ${rule} is defined for ReLU only and this path goes through a ${op.kind}. Choose the gradient rule.`,
      { node: id, op: op.kind, rule },
    );
  }
}

interface Seed {
  readonly volume: Volume;
  readonly unit: { readonly y: number; readonly x: number } | null;
  readonly value: number;
}

async function findSeed(node: Node, activations: Activations, request: ProjectRequest): Promise<Seed> {
  const [height, width, channels] = node.shape;
  const { channel } = request;
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
    throw new ConvScopeError(
      'unknown-channel',
      `${node.id}: has channels 0 to ${channels - 1}, channel ${channel} was asked for.`,
      { node: node.id, channel, channels },
    );
  }
  const plane = slice(activations.get(node.id), [0, 0, 0, channel], [1, height, width, 1]);
  let map: ArrayLike<number>;
  try {
    map = await plane.data();
  } finally {
    plane.dispose();
  }
  const strongest = firstMaximum(map);
  const at =
    request.seed === 'strongest' ? strongest : request.seed === 'map' ? null : unitIndex(node, request.seed);
  const value = map[at ?? strongest] ?? 0;
  const silent = at === null ? Array.from(map).every((v) => v === 0) : value === 0;
  if (silent) throw inactive(node, channel, at === null ? null : [Math.floor(at / width), at % width]);
  const values = new Float32Array(height * width * channels);
  if (at !== null) values[at * channels + channel] = value;
  else for (let i = 0; i < map.length; i++) values[i * channels + channel] = map[i] ?? 0;
  const unit = at === null ? null : { y: Math.floor(at / width), x: at % width };
  return { volume: { shape: node.shape, values }, unit, value };
}

function firstMaximum(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

function unitIndex(node: Node, { y, x }: { readonly y: number; readonly x: number }): number {
  const [height, width]: Shape = node.shape;
  const inside = Number.isInteger(y) && Number.isInteger(x) && y >= 0 && x >= 0 && y < height && x < width;
  if (inside) return y * width + x;
  throw new ConvScopeError(
    'bad-parameter',
    `${node.id}: its maps are ${height}x${width}; the unit (${y}, ${x}) lies outside.`,
    { node: node.id, parameter: 'unit', y, x, height, width },
  );
}

function inactive(node: Node, channel: number, at: readonly [number, number] | null): ConvScopeError {
  const what = at ? `unit (${at[0]}, ${at[1]}) of channel ${channel}` : `channel ${channel}`;
  return new ConvScopeError(
    'unit-inactive',
    `${node.id}: ${what} is inactive (0) for this image, so there is nothing to project. Choose another.`,
    { node: node.id, channel },
  );
}

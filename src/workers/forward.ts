import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, OpOf, Volume } from '../models/graph.ts';
import { Activations } from './forwardActivations.ts';
import { loadPrograms } from './forwardPrograms.ts';
import type { Programs } from './forwardPrograms.ts';
import { batched, forwardTable, runConv } from './forwardTable.ts';
import { asMemoryError, checkTensorBytes, expectRoomToRun } from './weightsLayoutLimits.ts';
import type { GraphWeights } from './weightsLayout.ts';

export { Activations };

export interface ForwardHooks {
  /** Awaited between nodes; reject to cancel: what was made so far is then freed. */
  readonly checkpoint?: () => void | Promise<void>;
  /** Part of the nodes that have run, 0..1. */
  readonly onFraction?: (fraction: number) => void;
  /** false: frees each activation after its last reader and keeps the output only. Default true. */
  readonly keep?: boolean;
  /**
   * Runs a node in its own way, to measure it: calls `run` once and hands on what that made. `joined`: the normalisation
   * that runs together with the node.
   */
  readonly around?: (node: Node, run: () => Tensor4D, joined?: Node) => Promise<Tensor4D>;
}

/** What every node of one pass shares. */
interface Pass {
  readonly activations: Activations;
  readonly weights: GraphWeights;
  readonly programs: Programs;
  readonly input: Volume | Tensor4D;
}

/**
 * Runs the network on one image. Every activation is kept and reachable, unless `keep` is false. A tensor given as
 * input stays the caller's. Throws what `checkpoint` throws, and 'out-of-memory' naming the node.
 *
 * A batch normalisation that only a ReLU reads runs together with it, one pass over memory in place of two; its own
 * activation is computed, by the same arithmetic, when it is asked for.
 */
export async function runForward(
  graph: Graph,
  weights: GraphWeights,
  input: Volume | Tensor4D,
  hooks: ForwardHooks = {},
): Promise<Activations> {
  const { keep = true } = hooks;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const nodes = keep ? graph.nodes : ancestors(graph.nodes, byId, graph.output);
  const readers = countReaders(nodes);
  const joined = joinedNormalisations(nodes, byId, readers, graph.output);
  const postponed = new Set([...joined.values()].map(({ id }) => id));
  const activations = new Activations(byId);
  const pass: Pass = { activations, weights, programs: await loadPrograms(), input };
  try {
    for (const [index, node] of nodes.entries()) {
      await hooks.checkpoint?.();
      if (postponed.has(node.id)) {
        if (keep) activations.remake(node.id, () => runNode(node, pass));
        continue;
      }
      const normalisation = joined.get(node.id);
      const run = () => runNode(node, pass, normalisation);
      activations.keep(node.id, hooks.around ? await hooks.around(node, run, normalisation) : run());
      if (!keep) freeRead(normalisation ?? node, readers, activations, graph.output);
      await pass.programs.pace(nodeMacs(node, byId));
      hooks.onFraction?.((index + 1) / nodes.length);
    }
  } catch (error) {
    activations.dispose();
    throw error;
  }
  return activations;
}

/** One node's activation; a ReLU may come with the normalisation before it. */
function runNode(node: Node, pass: Pass, normalisation?: Node): Tensor4D {
  const { activations, weights, programs, input } = pass;
  const [height, width, channels] = node.shape;
  const bytes = height * width * channels * 4;
  checkTensorBytes(node.id, bytes);
  try {
    if (node.op.kind === 'input') return inputTensor(node, input);
    if (node.op.kind === 'conv') expectRoomToRun(weights.layer(node, 'conv'), bytes);
    const inputs = (normalisation ?? node).inputs.map((id) => activations.get(id));
    const output = tidy(() => {
      if (!normalisation) return dispatch(forwardTable, node.op, { node, inputs, weights, programs });
      const layer = weights.layer(normalisation, 'conv');
      const capped = node.op.kind === 'relu' && node.op.cap !== undefined;
      return runConv(inputs[0] as Tensor4D, layer, node.shape, programs, capped ? 'relu6' : 'relu');
    });
    expectShape(node, output);
    return output;
  } catch (error) {
    throw asMemoryError(error, node.id, bytes);
  }
}

/** By ReLU: the batch normalisation that nothing else reads. */
function joinedNormalisations(
  nodes: readonly Node[],
  byId: ReadonlyMap<string, Node>,
  readers: ReadonlyMap<string, number>,
  output: string,
): Map<string, Node> {
  const joined = new Map<string, Node>();
  for (const node of nodes) {
    const before = byId.get(node.inputs[0] ?? '');
    if (node.op.kind !== 'relu' || before?.op.kind !== 'batchNorm') continue;
    if (node.op.cap !== undefined && node.op.cap !== 6) continue;
    if (readers.get(before.id) === 1 && before.id !== output) joined.set(node.id, before);
  }
  return joined;
}

function inputTensor(node: Node, input: Volume | Tensor4D): Tensor4D {
  const tensor = 'values' in input ? tensor4d(input.values, batched(input.shape)) : input.clone();
  expectShape(node, tensor);
  return tensor;
}

/** A wrong shape here would show as a plausible wrong picture later. */
function expectShape(node: Node, tensor: Tensor4D): void {
  const wanted = batched(node.shape);
  if (wanted.every((size, axis) => tensor.shape[axis] === size)) return;
  const got = tensor.shape.slice(1).join('x');
  tensor.dispose();
  throw new ConvScopeError(
    'graph-invalid',
    `${node.id}: needs the shape ${node.shape.join('x')}, got ${got}.`,
    {
      node: node.id,
    },
  );
}

/** Multiply-accumulates of one node, roughly: they decide when a GPU gets a pause. */
export function nodeMacs(node: Node, byId: ReadonlyMap<string, Node>): number {
  const [height, width, channels] = node.shape;
  const source = byId.get(node.inputs[0] ?? '')?.shape ?? node.shape;
  if (node.op.kind === 'dense') return node.op.units * source[0] * source[1] * source[2];
  const outputs = height * width * channels;
  if (node.op.kind !== 'conv') return outputs;
  const { kernel, groups }: OpOf<'conv'> = node.op;
  return (outputs * kernel[0] * kernel[1] * source[2]) / groups;
}

function ancestors(nodes: readonly Node[], byId: ReadonlyMap<string, Node>, output: string): Node[] {
  const needed = new Set<string>();
  const visit = (id: string): void => {
    if (needed.has(id)) return;
    needed.add(id);
    byId.get(id)?.inputs.forEach(visit);
  };
  visit(output);
  return nodes.filter((node) => needed.has(node.id));
}

function countReaders(nodes: readonly Node[]): Map<string, number> {
  const readers = new Map<string, number>();
  for (const node of nodes) for (const id of node.inputs) readers.set(id, (readers.get(id) ?? 0) + 1);
  return readers;
}

function freeRead(node: Node, readers: Map<string, number>, activations: Activations, output: string): void {
  for (const id of node.inputs) {
    const left = (readers.get(id) ?? 0) - 1;
    readers.set(id, left);
    if (left === 0 && id !== output) activations.free(id);
  }
}

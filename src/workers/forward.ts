import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, OpOf, Volume } from '../models/graph.ts';
import { loadPrograms } from './forwardPrograms.ts';
import type { Programs } from './forwardPrograms.ts';
import { batched, forwardTable } from './forwardTable.ts';
import type { Switches } from './switches.ts';
import { asMemoryError, checkTensorBytes } from './weightsLayout.ts';
import type { GraphWeights } from './weightsLayout.ts';

export interface ForwardHooks {
  /** Awaited between nodes; reject to cancel: what was made so far is then freed. */
  readonly checkpoint?: () => void | Promise<void>;
  /** Part of the nodes that have run, 0..1. */
  readonly onFraction?: (fraction: number) => void;
  /** false: frees each activation after its last reader and keeps the output only. Default true. */
  readonly keep?: boolean;
}

/** The activations of one forward pass; whoever ran it disposes them. Do not dispose while a projection reads them. */
export class Activations {
  private readonly tensors = new Map<string, Tensor4D>();
  private readonly switchesOf = new Map<string, Switches>();

  constructor(private readonly nodes: ReadonlyMap<string, Node>) {}

  /** The activation of a node, `[1, height, width, channels]`; still owned by this object. */
  get(id: string): Tensor4D {
    const tensor = this.tensors.get(id);
    if (tensor) return tensor;
    const why = this.nodes.has(id) ? 'its activation was not kept' : 'the network has no such layer';
    throw new ConvScopeError('unknown-layer', `${id}: ${why}.`, { node: id });
  }

  has(id: string): boolean {
    return this.tensors.has(id);
  }

  /** The recorded maxima of a max-pooling node, found on first use and kept. */
  async switches(id: string): Promise<Switches> {
    const known = this.switchesOf.get(id);
    if (known) return known;
    const node = this.nodes.get(id);
    if (node?.op.kind !== 'maxPool') {
      throw new ConvScopeError('unknown-layer', `${id}: is not a max-pooling layer, it has no switches.`, {
        node: id,
      });
    }
    const programs = await loadPrograms();
    const found = await programs.switches(this.get(node.inputs[0] ?? ''), node.op, node.shape);
    // Two callers may have searched at once: the first result stays.
    const first = this.switchesOf.get(id);
    if (first) {
      found.dispose();
      return first;
    }
    this.switchesOf.set(id, found);
    return found;
  }

  /** Hands a tensor over to this object. */
  keep(id: string, tensor: Tensor4D): void {
    this.tensors.set(id, tensor);
  }

  free(id: string): void {
    this.tensors.get(id)?.dispose();
    this.tensors.delete(id);
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose();
    for (const switches of this.switchesOf.values()) switches.dispose();
    this.tensors.clear();
    this.switchesOf.clear();
  }
}

/**
 * Runs the network on one image. Every activation is kept and reachable, unless `keep` is false. A tensor given as
 * input stays the caller's. Throws what `checkpoint` throws, and 'out-of-memory' naming the node.
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
  const activations = new Activations(byId);
  const programs = await loadPrograms();
  try {
    for (const [index, node] of nodes.entries()) {
      await hooks.checkpoint?.();
      activations.keep(node.id, runNode(node, activations, weights, programs, input));
      if (!keep) freeRead(node, readers, activations, graph.output);
      await programs.pace(nodeMacs(node, byId));
      hooks.onFraction?.((index + 1) / nodes.length);
    }
  } catch (error) {
    activations.dispose();
    throw error;
  }
  return activations;
}

function runNode(
  node: Node,
  activations: Activations,
  weights: GraphWeights,
  programs: Programs,
  input: Volume | Tensor4D,
): Tensor4D {
  const [height, width, channels] = node.shape;
  const bytes = height * width * channels * 4;
  checkTensorBytes(node.id, bytes);
  try {
    if (node.op.kind === 'input') return inputTensor(node, input);
    const inputs = node.inputs.map((id) => activations.get(id));
    const output = tidy(() => dispatch(forwardTable, node.op, { node, inputs, weights, programs }));
    expectShape(node, output);
    return output;
  } catch (error) {
    throw asMemoryError(error, node.id, bytes);
  }
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

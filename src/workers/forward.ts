import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, Volume } from '../models/graph.ts';
import { nodesById } from '../models/lookup.ts';
import type { PictureInput } from '../models/preprocess.ts';
import { Activations } from './forwardActivations.ts';
import { loadPrograms } from './forwardPrograms.ts';
import type { Programs } from './forwardPrograms.ts';
import { planOf, type Step } from './forwardPlan.ts';
import { batched, forwardTable } from './forwardTable.ts';
import {
  asMemoryError,
  checkTensorBytes,
  expectRoomToRun,
  hasRun,
  largestTensorBytes,
} from './weightsLayoutLimits.ts';
import type { GraphWeights } from './weightsLayout.ts';

export { Activations };
export { nodeMacs } from './forwardPlan.ts';

export interface ForwardHooks {
  /** Awaited between nodes; reject to cancel: what was made so far is then freed. */
  readonly checkpoint?: () => void | Promise<void>;
  /** Part of the nodes that have run, 0..1. */
  readonly onFraction?: (fraction: number) => void;
  /** false: frees each activation after its last reader and keeps the output only. Default true. */
  readonly keep?: boolean;
  /** Called when an activation is there, before those that nobody reads any more are freed. */
  readonly onActivation?: () => void;
  /**
   * Runs a node in its own way, to measure it: calls `run` once and hands on what that made. `joined`: the normalisation
   * that runs together with the node, or the layer that it is folded into.
   */
  readonly around?: (node: Node, run: () => Tensor4D, joined?: Node) => Promise<Tensor4D>;
}

/** What every node of one pass shares. */
interface Pass {
  readonly activations: Activations;
  readonly weights: GraphWeights;
  readonly programs: Programs;
  readonly input: Volume | PictureInput | Tensor4D;
  /** What the device allows one tensor. */
  readonly largestBytes: number;
}

/**
 * Runs the network on one image. Every activation is kept and reachable, unless `keep` is false. On folded weights only
 * the output and the logits are, whatever `keep` says. A tensor given as input stays the caller's. Throws what
 * `checkpoint` throws, and 'out-of-memory' naming the node.
 *
 * A batch normalisation that only a ReLU reads runs together with it, one pass over memory in place of two; its own
 * activation is computed, by the same arithmetic, when it is asked for.
 */
export async function runForward(
  graph: Graph,
  weights: GraphWeights,
  input: Volume | PictureInput | Tensor4D,
  hooks: ForwardHooks = {},
): Promise<Activations> {
  const { keep = true } = hooks;
  const { steps, later } = planOf(graph, weights.folded ? 'folded' : keep ? 'kept' : 'freed');
  const activations = new Activations(nodesById(graph), weights.folded ? onlyAnswers : undefined);
  const programs = await loadPrograms();
  const pass: Pass = { activations, weights, programs, input, largestBytes: largestTensorBytes() };
  later.forEach((step) => activations.remake(step.node.id, () => runStep(step, pass)));
  try {
    for (const [index, step] of steps.entries()) {
      // Most of the time there is nothing to wait for, and a turn of the microtasks for every node adds up.
      const pause = hooks.checkpoint?.();
      if (pause) await pause;
      const { node, runs } = step;
      const run = () => runStep(step, pass);
      const joined = runs === node ? undefined : runs;
      activations.keep(node.id, hooks.around ? await hooks.around(node, run, joined) : run());
      hooks.onActivation?.();
      step.frees.forEach((id) => activations.free(id));
      const busy = programs.pace(step.macs);
      if (busy) await busy;
      hooks.onFraction?.((index + 1) / steps.length);
    }
  } catch (error) {
    activations.dispose();
    throw error;
  }
  return activations;
}

const onlyAnswers = 'the weights are folded for answers only, so there is no activation of it';

/** The activation of one step. */
function runStep(
  { node, runs, activation }: Step,
  { activations, weights, programs, input, largestBytes }: Pass,
): Tensor4D {
  const [height, width, channels] = node.shape;
  const bytes = height * width * channels * 4;
  checkTensorBytes(node.id, bytes, largestBytes);
  try {
    if (runs.op.kind === 'input') return inputTensor(node, input, programs);
    const layer = runs.op.kind === 'conv' ? weights.layer(runs, 'conv') : null;
    if (layer) expectRoomToRun(layer, bytes);
    const inputs = runs.inputs.map((id) => activations.get(id));
    const output = tidy(() =>
      dispatch(forwardTable, runs.op, { node: runs, inputs, weights, programs, activation }),
    );
    expectShape(node, output);
    if (layer) hasRun(layer);
    return output;
  } catch (error) {
    throw asMemoryError(error, node.id, bytes);
  }
}

function inputTensor(node: Node, input: Pass['input'], programs: Programs): Tensor4D {
  const picture = 'table' in input ? programs.picture?.(input) : null;
  const tensor =
    picture ?? ('values' in input ? tensor4d(input.values, batched(input.shape)) : input.clone());
  expectShape(node, tensor);
  return tensor;
}

/** A wrong shape here would show as a plausible wrong picture later. */
function expectShape(node: Node, tensor: Tensor4D): void {
  const [height, width, channels] = node.shape;
  const [batch, rows, columns, depth] = tensor.shape;
  if (batch === 1 && rows === height && columns === width && depth === channels) return;
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

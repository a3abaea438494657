import { getBackend } from '@tensorflow/tfjs-core';
import type { Graph, Node } from '../models/graph.ts';
import { inputNode } from '../models/lookup.ts';
import type { PictureInput } from '../models/preprocess.ts';
import type { ProjectRequest, Rule } from './contract.ts';
import { runViews } from './engine.views.ts';
import { createYield, throwIfCancelled } from './engine.time.ts';
import { runForward } from './forward.ts';
import { rehearseProjection } from './project.ts';
import type { GraphWeights } from './weightsLayout.ts';

/**
 * A GPU compiles a program for every kind of layer when it first meets it. What is compiled before somebody waits for it
 * is what makes the first answer as quick as the next.
 */

/** Nothing on an image: the programs are the same for every image. */
function emptyImage(graph: Graph): PictureInput {
  const { shape } = inputNode(graph);
  const size = shape[0] * shape[1] * shape[2];
  return {
    shape,
    values: new Float32Array(size),
    bytes: new Uint8Array(size),
    table: new Float32Array(256 * shape[2]),
  };
}

/** The programs of a pass and of the pictures of its activations; to be awaited while a network is loaded. */
export async function compileForward(
  graph: Graph,
  weights: GraphWeights,
  signal: AbortSignal,
  onFraction: (fraction: number) => void,
): Promise<void> {
  const pass = async (onPart?: (fraction: number) => void) => {
    const hooks = { checkpoint: createYield(signal), keep: false, ...(onPart && { onFraction: onPart }) };
    const activations = await runForward(graph, weights, emptyImage(graph), hooks);
    // Programs are queued; reading what is made of the end of the chain waits for all of them.
    await runViews(activations.get(graph.output)).finally(() => activations.dispose());
  };
  // webgl compiles at the first use only.
  if (getBackend() !== 'webgpu') await pass(onFraction);
  else {
    const { rehearse } = await import('./webgpu/rehearsal.ts');
    const { done } = await rehearse(pass, onFraction);
    await Promise.race([done, aborted(signal)]);
  }
  throwIfCancelled(signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Deconvnet and guided are defined for ReLU only. */
const rulesOf = (graph: Graph): readonly Rule[] =>
  graph.nodes.some(({ op }) => op.kind === 'tanh' || op.kind === 'sigmoid')
    ? ['gradient']
    : ['deconvnet', 'guided', 'gradient'];

/** The last layer with maps and the one half-way to it: walks from others meet the same programs, or most of them. */
function starts(graph: Graph): readonly Node[] {
  const withMaps = graph.nodes.filter(({ op, shape }) => op.kind !== 'input' && shape[0] * shape[1] > 1);
  return [withMaps.at(-1), withMaps.at(withMaps.length / 2)].filter((node) => node !== undefined);
}

/** A unit in the middle and one in the corner, whose windows are the largest and the smallest, and the whole map. */
function seedsOf({ shape: [height, width] }: Node): ProjectRequest['seed'][] {
  const middle = { y: Math.floor(height / 2), x: Math.floor(width / 2) };
  return [middle, { y: 0, x: 0 }, 'map'];
}

/**
 * Finds out what projections of this network need and begins to compile it, in the background. Throws what `signal`
 * makes of it ('cancelled') before all is found out. Does nothing where a backend cannot compile without computing.
 */
export async function compileProjections(
  graph: Graph,
  weights: GraphWeights,
  signal: AbortSignal,
): Promise<{ readonly done: Promise<void> }> {
  if (getBackend() !== 'webgpu') return { done: Promise.resolve() };
  const { rehearse } = await import('./webgpu/rehearsal.ts');
  const checkpoint = createYield(signal);
  // What ways down derive from kernels is kept with them, and a rehearsal derives nothing true.
  const own = weights.withoutDerived();
  return rehearse(async () => {
    const activations = await runForward(graph, own, emptyImage(graph), { checkpoint });
    try {
      for (const node of starts(graph)) {
        for (const rule of rulesOf(graph)) {
          for (const seed of seedsOf(node)) {
            const request = { node: node.id, channel: 0, seed, rule };
            await rehearseProjection(graph, own, activations, request, { checkpoint });
          }
        }
      }
    } finally {
      activations.dispose();
      own.disposeDerived();
    }
  });
}

import { fieldBox, mapFieldBox } from '../models/field.ts';
import type { Graph } from '../models/graph.ts';
import type { OnProgress, ProjectRequest, Projection } from './contract.ts';
import { createYield } from './engine.time.ts';
import type { Activations } from './forward.ts';
import { project } from './project.ts';
import type { GraphWeights } from './weightsLayout.ts';

/** The projector's answer with the part of the image that the seed sees, and the time. */
export async function projected(
  graph: Graph,
  weights: GraphWeights,
  activations: Activations,
  request: ProjectRequest,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Projection> {
  const start = performance.now();
  const found = await project(graph, weights, activations, request, {
    checkpoint: createYield(signal),
    onFraction: (fraction) => onProgress({ phase: 'project', fraction }),
  });
  const { node, channel } = request;
  const box = found.unit
    ? fieldBox(graph, node, found.unit.y, found.unit.x, channel)
    : mapFieldBox(graph, node, channel);
  return { request, ...found, box, milliseconds: performance.now() - start };
}

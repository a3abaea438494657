import { fieldBox, mapFieldBox } from '../models/field.ts';
import type { Volume } from '../models/graph.ts';
import { redFirst } from '../models/preprocess.ts';
import type { OnProgress, ProjectManyRequest, ProjectRequest, Projection, Projections } from './contract.ts';
import type { Checked } from './engine.load.ts';
import { createYield } from './engine.time.ts';
import type { Activations } from './forward.ts';
import { project, projectMany } from './project.ts';
import type { Projected, ProjectHooks } from './project.ts';
import type { GraphWeights } from './weightsLayout.ts';

interface Loaded extends Checked {
  readonly weights: GraphWeights;
}

/** The projector's answer with the part of the image that the seed sees, and the time. */
export async function projected(
  loaded: Loaded,
  activations: Activations,
  request: ProjectRequest,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Projection> {
  const start = performance.now();
  const { network, weights } = loaded;
  const hooks = hooksOf(signal, onProgress);
  const found = await project(network.graph, weights, activations, request, hooks);
  return { request, ...shown(loaded, request.node, found), milliseconds: performance.now() - start };
}

/** As `projected`, of several channels at once. */
export async function projectedMany(
  loaded: Loaded,
  activations: Activations,
  request: ProjectManyRequest,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Projections> {
  const start = performance.now();
  const { network, weights } = loaded;
  const hooks = hooksOf(signal, onProgress);
  const found = await projectMany(network.graph, weights, activations, request, hooks);
  const { node, seed, rule, lrn } = request;
  const common = { node, seed, rule, ...(lrn !== undefined && { lrn }) };
  return {
    request,
    projections: found.projections.map((each) => ({
      request: { ...common, channel: each.channel },
      ...shown(loaded, node, each),
    })),
    missing: found.silent.map((channel) => ({ channel, code: 'unit-inactive' as const })),
    milliseconds: performance.now() - start,
  };
}

function hooksOf(signal: AbortSignal, onProgress: OnProgress): ProjectHooks {
  return {
    checkpoint: createYield(signal),
    onFraction: (fraction) => onProgress({ phase: 'project', fraction }),
  };
}

function shown(
  { network, info }: Loaded,
  node: string,
  { channel, image, unit, value, switches }: Projected,
) {
  const box = unit
    ? fieldBox(network.graph, node, unit.y, unit.x, channel)
    : mapFieldBox(network.graph, node, channel);
  const seen: Volume = { shape: image.shape, values: redFirst(image.values, info.preprocessing) };
  return { image: seen, unit, value, box, switches };
}

import { ConvScopeError } from '../models/errors.ts';
import type { Graph, Node, Volume } from '../models/graph.ts';
import type { LrnRule, ProjectManyRequest, ProjectRequest, Rule } from './contract.ts';
import type { Activations } from './forward.ts';
import { findSeeds, inactive, signalsOf, strongestChannels } from './projectSeed.ts';
import { below, cropped, refuseUndefined, walkDown, windowAround } from './projectWalk.ts';
import type { ProjectHooks } from './projectWalk.ts';
import type { GraphWeights } from './weightsLayout.ts';

export type { ProjectHooks } from './projectWalk.ts';

/** A projection without its receptive-field box (models/field gives that). */
export interface Projected {
  readonly channel: number;
  /** Signed, in the normalised input space, of the input's shape. */
  readonly image: Volume;
  readonly unit: { readonly y: number; readonly x: number } | null;
  readonly value: number;
  /** Max-pooling layers below the seed. */
  readonly switches: number;
}

/** The projections of the channels that answer, in the order asked, and the channels that are silent. */
export interface ProjectedMany {
  readonly projections: readonly Projected[];
  readonly silent: readonly number[];
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
  { channel, ...request }: ProjectRequest,
  hooks: ProjectHooks = {},
): Promise<Projected> {
  const many = { ...request, channels: [channel] };
  const { projections } = await projectSeeds(graph, weights, activations, many, hooks, true);
  return projections[0] as Projected;
}

/**
 * The same of several channels of one layer, in one walk as far as that pays; each result is the single projection's to
 * rounding. A channel whose seed is zero is left out and named; throws as `project` else.
 */
export async function projectMany(
  graph: Graph,
  weights: GraphWeights,
  activations: Activations,
  request: ProjectManyRequest,
  hooks: ProjectHooks = {},
): Promise<ProjectedMany> {
  return projectSeeds(graph, weights, activations, request, hooks, false);
}

async function projectSeeds(
  graph: Graph,
  weights: GraphWeights,
  activations: Activations,
  request: ProjectManyRequest,
  hooks: ProjectHooks,
  strict: boolean,
): Promise<ProjectedMany> {
  const { rule } = request;
  const node = nodeOf(graph, request.node);
  const path = below(graph, node.id);
  refuseUndefined(path, rule);
  const channels =
    'strongest' in request.channels
      ? await strongestChannels(node, activations, request.channels.strongest)
      : request.channels;
  const found = await findSeeds(node, activations, channels, request.seed);
  const silent = found.filter((seed) => seed.silent);
  if (strict && silent[0]) throw inactive(node, silent[0]);
  const seeds = found.filter((seed) => !seed.silent);
  if (seeds.length === 0) return { projections: [], silent: channels };
  const way = { graph, weights, activations, rule, lrn: request.lrn ?? usualLrn(rule) };
  const images = await walkDown(way, node.id, signalsOf(node, seeds), hooks);
  const switches = path.filter(({ op }) => op.kind === 'maxPool').length;
  const projections = seeds.map(({ channel, unit, value }, i): Projected => {
    return { channel, image: images[i] as Volume, unit, value, switches };
  });
  return { projections, silent: silent.map(({ channel }) => channel) };
}

/** Takes the steps of `project` whatever the channel holds: what comes out of a rehearsal's zeros means nothing. */
export async function rehearseProjection(
  graph: Graph,
  weights: GraphWeights,
  activations: Activations,
  { node: id, channel, seed, rule }: ProjectRequest,
  hooks: ProjectHooks = {},
): Promise<void> {
  const node = nodeOf(graph, id);
  const seeds = await findSeeds(node, activations, [channel], seed);
  const way = { graph, weights, activations, rule, lrn: usualLrn(rule) };
  await walkDown(way, id, signalsOf(node, seeds), hooks);
}

/** Walks an arbitrary signal on a node's output down to the input; see `project` for the errors. */
export async function projectSignal(
  graph: Graph,
  weights: GraphWeights,
  activations: Activations,
  from: string,
  seed: Volume,
  rules: { readonly rule: Rule; readonly lrn: LrnRule },
  hooks: ProjectHooks = {},
): Promise<Volume> {
  const region = windowAround(seed);
  const seeds = { values: cropped(seed, region), region };
  const [image] = await walkDown({ graph, weights, activations, ...rules }, from, seeds, hooks);
  return image as Volume;
}

function usualLrn(rule: Rule): LrnRule {
  return rule === 'deconvnet' ? 'identity' : 'vjp';
}

function nodeOf(graph: Graph, id: string): Node {
  const node = graph.nodes.find((each) => each.id === id);
  if (node) return node;
  throw new ConvScopeError('unknown-layer', `${id}: the network has no such layer.`, { node: id });
}

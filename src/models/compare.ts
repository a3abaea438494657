import { networkCost } from './cost.ts';
import type { Graph } from './graph.ts';
import { nodeById } from './lookup.ts';
import { bytesPerNumber, weightBytes } from './memory.ts';
import type { Network, PublishedError } from './network.ts';
import { elements } from './shape.ts';

/** What a network can be measured by, beside its errors. */
export const quantities = ['params', 'macs', 'memory', 'depth', 'year', 'intensity'] as const;
export type Quantity = (typeof quantities)[number];
export const errorAxes = ['top1', 'top5'] as const;
export type ErrorAxis = (typeof errorAxes)[number];
/** Which published figures a chart shows: single-crop figures of released weights, or what the papers print. */
export const figureSources = ['weights', 'papers'] as const;
export type FigureSource = (typeof figureSources)[number];

/** The columns that the table may show beside the network's name, in their order. */
export const tableColumns = [
  'year',
  'depth',
  'params',
  'macs',
  'memory',
  'intensity',
  'dataset',
  'top1',
  'top5',
  'source',
] as const;
export type TableColumn = (typeof tableColumns)[number];

/** How the table's rows are ordered. */
export interface Sorting {
  readonly column: TableColumn | 'name';
  readonly direction: 'ascending' | 'descending';
}

/** The networks that are compared and what they are compared by: what the address of the comparison holds. */
export interface Comparison {
  readonly nets: readonly string[];
  /** What ratios refer to; null is the first network. */
  readonly base: string | null;
  readonly x: Quantity;
  readonly y: ErrorAxis;
  readonly area: Quantity;
  readonly figures: FigureSource;
  /** The table's order; null is the networks' own. */
  readonly sort: Sorting | null;
  /** The table's columns, in the order of `tableColumns`. */
  readonly columns: readonly TableColumn[];
  /** Settings that were visited with the sliders, oldest first. */
  readonly trace: readonly string[];
  /** Two networks whose diagrams stand side by side; null is the first two of the set. */
  readonly pair: readonly [string, string] | null;
}

export const mostNetworks = 8;
/** A longer walk of visited settings would cover its axis. */
export const mostVisited = 24;

export const firstComparison: Comparison = {
  nets: ['alexnet-2012', 'vgg-d', 'resnet-50', 'mobilenet-v1-100'],
  base: null,
  x: 'macs',
  y: 'top1',
  area: 'params',
  figures: 'weights',
  sort: null,
  columns: tableColumns.filter((column) => column !== 'dataset' && column !== 'source'),
  trace: [],
  pair: null,
};

/** The walk of visited settings after one more: each stands once, at its last visit. */
export const visitedAfter = (trace: readonly string[], ref: string): readonly string[] =>
  [...trace.filter((each) => each !== ref), ref].slice(-mostVisited);

export type Measures = Readonly<Record<Quantity, number>>;

/**
 * Every quantity of a network, for one image in fp32. Memory: its weight file and the largest set of activations alive
 * at once. Intensity: multiply-accumulates a byte when every layer reads its inputs and weights once and writes its
 * output once, and layers computed in place move nothing.
 */
export function measures({ graph, info }: Network): Measures {
  const cost = networkCost(graph);
  return {
    params: cost.params,
    macs: cost.macs,
    memory: weightBytes(cost, 'fp32') + cost.peak.elements * bytesPerNumber.fp32,
    depth: info.depth,
    year: info.year,
    intensity: cost.macs / movedBytes(graph),
  };
}

/** Bytes that one inference moves if nothing is cached between layers. */
export function movedBytes(graph: Graph): number {
  const cost = networkCost(graph);
  const activations = graph.nodes.reduce((sum, node) => {
    if (node.inputs.length === 0 || cost.nodes.get(node.id)!.inPlace) return sum;
    const read = node.inputs.reduce((all, id) => all + elements(nodeById(graph, id).shape), 0);
    return sum + read + elements(node.shape);
  }, 0);
  return (activations + cost.stored) * bytesPerNumber.fp32;
}

export interface Ratio {
  /** At least 1. */
  readonly factor: number;
  readonly direction: 'larger' | 'smaller' | 'same';
}

/** How many times `value` is larger or smaller than `base`; null where one of them is not positive. */
export function ratioTo(value: number, base: number): Ratio | null {
  if (!(value > 0) || !(base > 0)) return null;
  if (value === base) return { factor: 1, direction: 'same' };
  return value > base
    ? { factor: value / base, direction: 'larger' }
    : { factor: base / value, direction: 'smaller' };
}

/** How an error was measured, coarsely: marks of a chart differ by it. */
export type ProtocolClass = 'single' | 'crops' | 'ensemble' | 'unknown';

export function protocolClass({ protocol }: PublishedError): ProtocolClass {
  if (protocol === 'single-crop') return 'single';
  if (protocol === 'ensemble') return 'ensemble';
  return protocol === 'unknown' ? 'unknown' : 'crops';
}

/** Those of a network's published errors that a chart shows: the one comparable figure, or the paper's best of each protocol. */
export function chartedErrors(
  published: readonly PublishedError[],
  figures: FigureSource,
  axis: ErrorAxis,
): readonly PublishedError[] {
  const known = published.filter((error) => error[axis] !== undefined);
  if (figures === 'weights') return known.filter(({ comparable }) => comparable === true);
  const best = new Map<string, PublishedError>();
  for (const error of known) {
    if (error.series !== 'paper' || error.dataset !== 'ImageNet-1k') continue;
    const held = best.get(error.protocol);
    if (held === undefined || preference(error, axis) < preference(held, axis))
      best.set(error.protocol, error);
  }
  return [...best.values()];
}

/**
 * Smaller is charted. A figure of a variant (one layer more, a replication) stands in only where the network has none
 * of its own, and one of a test set only where there is none of the validation set, which is what every paper has.
 */
function preference({ variant, split, ...error }: PublishedError, axis: ErrorAxis): number {
  return (variant === undefined ? 0 : 2000) + (split === 'val' ? 0 : 1000) + error[axis]!;
}

/** A stretch of a network along its depth: a block at the top level, or a layer with what follows it. */
export interface Stage {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly params: number;
  readonly macs: number;
  /** Bytes of the outputs that are not computed in place, fp32, one image. */
  readonly activationBytes: number;
  /** The op that has most of the parameters: dense layers and convolutions are told apart by it. */
  readonly kind: 'conv' | 'dense' | 'other';
}

/** The whole network in stages; nothing is left out: their sums are the network's. */
export function stagesOf(graph: Graph): readonly Stage[] {
  const runs: { name: string; group: string; nodes: string[] }[] = [];
  for (const node of graph.nodes) {
    const group = node.group.split('/')[0] ?? '';
    const last = runs.at(-1);
    const layer = node.op.kind === 'conv' || node.op.kind === 'dense';
    const goesOn = last && (group === '' ? !layer : group === last.group);
    if (goesOn) last.nodes.push(node.id);
    else runs.push({ name: group === '' ? node.id : group, group, nodes: [node.id] });
  }
  return runs.map(({ name, nodes }) => summed(graph, name, nodes));
}

/** Each layer of a stage that has parameters, work or an output of its own. */
export function layersOf(graph: Graph, stage: Stage): readonly Stage[] {
  return stage.nodes
    .map((id) => summed(graph, id, [id]))
    .filter(({ params, macs, activationBytes }) => params + macs + activationBytes > 0);
}

function summed(graph: Graph, name: string, nodes: readonly string[]): Stage {
  const { nodes: costs } = networkCost(graph);
  const by = { conv: 0, dense: 0 };
  let params = 0;
  let macs = 0;
  let values = 0;
  for (const id of nodes) {
    const cost = costs.get(id)!;
    const { kind } = nodeById(graph, id).op;
    params += cost.params;
    macs += cost.macs;
    if (!cost.inPlace && kind !== 'input') values += cost.outputElements;
    if (kind === 'conv' || kind === 'dense') by[kind] += cost.params;
  }
  const kind = by.conv + by.dense === 0 ? 'other' : by.dense > by.conv ? 'dense' : 'conv';
  return { name, nodes, params, macs, activationBytes: values * bytesPerNumber.fp32, kind };
}

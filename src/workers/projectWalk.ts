import { add, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { ancestors } from '../models/foldable.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, Volume } from '../models/graph.ts';
import { nodesById } from '../models/lookup.ts';
import { adjointTable, softmaxRefused } from './adjoint.ts';
import { isWhole, placed, planRegions, wholeRegion } from './adjointRegion.ts';
import type { Corner, Region } from './adjointRegion.ts';
import type { LrnRule, Rule } from './contract.ts';
import { nodeMacs } from './forward.ts';
import type { Activations } from './forward.ts';
import { loadPrograms } from './forwardPrograms.ts';
import type { Programs } from './forwardPrograms.ts';
import { asMemoryError } from './weightsLayoutLimits.ts';
import type { GraphWeights } from './weightsLayout.ts';

export interface ProjectHooks {
  /** Awaited between nodes; reject to cancel: what was made so far is then freed. */
  readonly checkpoint?: () => void | Promise<void>;
  /** Part of the walk that is done, 0..1. */
  readonly onFraction?: (fraction: number) => void;
  /**
   * Sees the summed signals on every node of the walk, seed first, as whole maps; the tensor is not the caller's to
   * keep. Those of many signals come in groups.
   */
  readonly onSignal?: (node: string, signal: Tensor4D) => void | Promise<void>;
  /** false: whole maps all the way, for comparison. */
  readonly crops?: boolean;
  /** Bytes that the largest signals of a group may have together, where the backend's own are not wanted. */
  readonly groupBytes?: number;
}

/** What a walk goes through, and by which rules. */
export interface Way {
  readonly graph: Graph;
  readonly weights: GraphWeights;
  readonly activations: Activations;
  readonly rule: Rule;
  readonly lrn: LrnRule;
}

/** Signals on one node's output: `values` is `[signals, height, width, channels]` in the windows of `region`. */
export interface Seeds {
  readonly values: Float32Array;
  readonly region: Region;
}

/** What does not change during a walk. */
interface Walk extends Way {
  readonly path: readonly Node[];
  readonly byId: ReadonlyMap<string, Node>;
  readonly programs: Programs;
  readonly hooks: ProjectHooks;
  readonly crops: boolean;
}

type Signals = Map<string, Tensor4D>;
type Regions = ReadonlyMap<string, Region>;

/** Walks signals on a node's output down to the input: one volume of the input's shape for each. */
export async function walkDown(
  way: Way,
  from: string,
  seeds: Seeds,
  hooks: ProjectHooks = {},
): Promise<Volume[]> {
  const { graph, rule } = way;
  const path = below(graph, from);
  refuseUndefined(path, rule);
  const programs = await loadPrograms();
  const crops = hooks.crops ?? programs.crops();
  const byId = nodesById(graph);
  const walk: Walk = { ...way, path, byId, programs, hooks, crops };
  const count = seeds.region.corners.length;
  const size = groupSize(walk, seeds.region, hooks.groupBytes ?? programs.groupBytes);
  const steps = Math.ceil(count / size) * path.length;
  let step = 0;
  const onStep = () => hooks.onFraction?.(++step / steps);
  const images: Volume[] = [];
  try {
    for (let first = 0; first < count; first += size)
      images.push(...(await walkGroup(walk, partOf(seeds, first, Math.min(count, first + size)), onStep)));
    return images;
  } catch (error) {
    throw asMemoryError(error, from);
  }
}

/** How many signals walk together: as many as stay below the bytes where they are largest, at least one. */
function groupSize(walk: Walk, region: Region, groupBytes: number): number {
  const regions = regionsOf(walk, region);
  const bytes = walk.path.map(({ id, shape }) => {
    const { height, width } = regions.get(id) as Region;
    return height * width * shape[2] * 4;
  });
  return Math.max(1, Math.min(region.corners.length, Math.floor(groupBytes / Math.max(...bytes))));
}

function regionsOf({ path, byId, crops }: Walk, seed: Region): Regions {
  const shapes = new Map([...byId].map(([id, { shape }]) => [id, shape]));
  const start = crops ? seed : wholeRegion((path[0] as Node).shape, seed.corners.length);
  return planRegions(path, shapes, start, crops);
}

function partOf({ values, region }: Seeds, first: number, end: number): Seeds {
  const each = values.length / region.corners.length;
  return {
    values: values.subarray(first * each, end * each),
    region: { ...region, corners: region.corners.slice(first, end) },
  };
}

async function walkGroup(walk: Walk, { values, region }: Seeds, onStep: () => void): Promise<Volume[]> {
  const { id, shape } = walk.path[0] as Node;
  const regions = regionsOf(walk, region);
  const { height, width, corners } = region;
  const seeds = tidy(() =>
    placed(tensor4d(values, [corners.length, height, width, shape[2]]), region, regions.get(id) as Region),
  );
  const signals: Signals = new Map([[id, seeds]]);
  try {
    await walkSteps(walk, signals, regions, onStep);
    return await readInput(walk.path, signals, regions);
  } finally {
    for (const signal of signals.values()) signal.dispose();
  }
}

async function walkSteps(walk: Walk, signals: Signals, regions: Regions, onStep: () => void): Promise<void> {
  const { path, byId, programs, hooks } = walk;
  for (const node of path) {
    await hooks.checkpoint?.();
    const signal = signals.get(node.id);
    onStep();
    if (!signal) continue;
    const from = regions.get(node.id) as Region;
    if (hooks.onSignal) await showWhole(node, signal, from, hooks.onSignal);
    if (node.op.kind === 'input') continue;
    const inputShapes = node.inputs.map((id) => (byId.get(id) as Node).shape);
    const to = node.inputs.map((id) => regions.get(id) as Region);
    const parts = await dispatch(adjointTable, node.op, { ...walk, node, inputShapes, from, to, signal });
    parts.forEach((part, i) => pushSignal(signals, node.inputs[i] ?? '', part));
    signal.dispose();
    signals.delete(node.id);
    const share = (from.corners.length * from.height * from.width) / (node.shape[0] * node.shape[1]);
    await programs.pace(nodeMacs(node, byId) * share);
  }
}

/** Where several nodes read one activation, their signals sum before that node's own rule is applied. */
function pushSignal(signals: Signals, id: string, part: Tensor4D): void {
  const known = signals.get(id);
  signals.set(id, known ? (add(known, part) as Tensor4D) : part);
  if (!known) return;
  known.dispose();
  part.dispose();
}

async function showWhole(
  { id, shape }: Node,
  signal: Tensor4D,
  region: Region,
  show: (node: string, signal: Tensor4D) => void | Promise<void>,
): Promise<void> {
  if (isWhole(region, shape)) return show(id, signal);
  const whole = tidy(() => placed(signal, region, wholeRegion(shape, region.corners.length)));
  try {
    await show(id, whole);
  } finally {
    whole.dispose();
  }
}

async function readInput(path: readonly Node[], signals: Signals, regions: Regions): Promise<Volume[]> {
  const input = path.find(({ op }) => op.kind === 'input');
  const signal = input && signals.get(input.id);
  if (!input || !signal) throw new ConvScopeError('graph-invalid', 'the walk did not reach the input.');
  const { shape } = input;
  const { height, width, corners } = regions.get(input.id) as Region;
  const windows = await signal.data<'float32'>();
  const row = width * shape[2];
  return corners.map(([top, left]: Corner, which): Volume => {
    const values = new Float32Array(shape[0] * shape[1] * shape[2]);
    for (let y = 0; y < height; y++) {
      const from = (which * height + y) * row;
      values.set(windows.subarray(from, from + row), ((top + y) * shape[1] + left) * shape[2]);
    }
    return { shape, values };
  });
}

/** The node and everything that it depends on, last first. */
export function below(graph: Graph, from: string): Node[] {
  return [...ancestors(graph, from)].reverse();
}

export function refuseUndefined(path: readonly Node[], rule: Rule): void {
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

/** The smallest window of a map that holds every value but zero; the first position where all are zero. */
export function windowAround({ shape: [height, width, channels], values }: Volume): Region {
  let [top, left, bottom, right] = [height - 1, width - 1, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    const y = Math.floor(i / (width * channels));
    const x = Math.floor(i / channels) - y * width;
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
  }
  if (top > bottom) return { height: 1, width: 1, corners: [[0, 0]] };
  return { height: bottom - top + 1, width: right - left + 1, corners: [[top, left]] };
}

/** The values of a volume inside a region of one window. */
export function cropped({ shape, values }: Volume, { height, width, corners }: Region): Float32Array {
  const [top, left] = corners[0] as Corner;
  const [, mapWidth, channels] = shape;
  const row = width * channels;
  const out = new Float32Array(height * row);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * mapWidth + left) * channels;
    out.set(values.subarray(from, from + row), y * row);
  }
  return out;
}

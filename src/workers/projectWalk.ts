import { add, slice, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { dispatch } from '../models/graph.ts';
import type { Graph, Node, Volume } from '../models/graph.ts';
import { nodeById } from '../models/lookup.ts';
import { adjointTable, softmaxRefused } from './adjoint.ts';
import { isWhole, partOf, placed, planRegions, wholeRegion } from './adjointRegion.ts';
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
  /** Bytes that the largest signals of a group may have together, for comparison. */
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

/**
 * A batch walks together as long as its largest signals stay below this; then group after group goes on. Together
 * they read a dense layer's weights once; apart they stay in the processor's cache, and a cancel arrives sooner.
 */
const usualGroupBytes = 8 * 2 ** 20;

/** What does not change during a walk. */
interface Walk extends Way {
  readonly path: readonly Node[];
  readonly byId: ReadonlyMap<string, Node>;
  readonly programs: Programs;
  readonly hooks: ProjectHooks;
}

type Signals = Map<string, Tensor4D>;
type Regions = ReadonlyMap<string, Region>;

/** Walks signals on a node's output down to the input: one volume of the input's shape for each. */
export async function walkDown(
  way: Way,
  from: string,
  { values, region }: Seeds,
  hooks: ProjectHooks = {},
): Promise<Volume[]> {
  const { graph, rule } = way;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const shapes = new Map(graph.nodes.map(({ id, shape }) => [id, shape]));
  const path = below(graph, from);
  refuseUndefined(path, rule);
  const programs = await loadPrograms();
  const walk: Walk = { ...way, path, byId, programs, hooks };
  const count = region.corners.length;
  const [height, width, channels] = nodeById(graph, from).shape;
  const crops = hooks.crops ?? programs.crops();
  const start = crops ? region : wholeRegion([height, width, channels], count);
  const regions = planRegions(path, shapes, start, crops);
  const { together, size } = groupsOf(path, regions, hooks.groupBytes ?? usualGroupBytes);
  const steps = together + Math.ceil(count / size) * (path.length - together);
  let step = 0;
  const onStep = () => hooks.onFraction?.(++step / steps);
  const seeds = tidy(() =>
    placed(tensor4d(values, [count, region.height, region.width, channels]), region, start),
  );
  const signals: Signals = new Map([[from, seeds]]);
  const images: Volume[] = [];
  try {
    await walkSteps(walk, signals, regions, 0, together, onStep);
    for (let first = 0; first < count; first += size) {
      const end = Math.min(count, first + size);
      const part = new Map([...regions].map(([id, all]) => [id, partOf(all, first, end)]));
      const group = first === 0 && end === count ? signals : cut(signals, first, end);
      try {
        await walkSteps(walk, group, part, together, path.length, onStep);
        images.push(...(await readInput(path, group, part)));
      } finally {
        release(group);
      }
    }
    return images;
  } catch (error) {
    throw asMemoryError(error, from);
  } finally {
    release(signals);
  }
}

/** How many steps a batch walks together, and in how many signals it goes on. */
function groupsOf(path: readonly Node[], regions: Regions, groupBytes: number) {
  const bytes = path.map(({ id, shape }) => {
    const { height, width, corners } = regions.get(id) as Region;
    return { each: height * width * shape[2] * 4, all: corners.length * height * width * shape[2] * 4 };
  });
  const first = bytes.findIndex(({ all }) => all > groupBytes);
  // The node before makes the first large signals.
  const together = first < 0 ? path.length : Math.max(0, first - 1);
  const most = Math.max(...bytes.slice(together).map(({ each }) => each));
  const count = regions.get((path[0] as Node).id)?.corners.length ?? 1;
  return { together, size: first < 0 ? count : Math.max(1, Math.floor(groupBytes / most)) };
}

async function walkSteps(
  walk: Walk,
  signals: Signals,
  regions: Regions,
  first: number,
  end: number,
  onStep: () => void,
): Promise<void> {
  const { path, byId, programs, hooks } = walk;
  for (const node of path.slice(first, end)) {
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

function cut(signals: Signals, first: number, end: number): Signals {
  const parts: Signals = new Map();
  for (const [id, signal] of signals) {
    const [, height, width, channels] = signal.shape;
    parts.set(id, slice(signal, [first, 0, 0, 0], [end - first, height, width, channels]));
  }
  return parts;
}

function release(signals: Signals): void {
  for (const signal of signals.values()) signal.dispose();
  signals.clear();
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
  const needed = new Set([from]);
  const path: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!needed.has(node.id)) continue;
    path.push(node);
    node.inputs.forEach((id) => needed.add(id));
  }
  return path;
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

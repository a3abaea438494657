import { networkCost } from '../models/cost.ts';
import type { Graph } from '../models/graph.ts';
import type { Quartiles } from '../models/statistics.ts';
import type { LayerTimes } from '../workers/contract.ts';
import { THIN_SPACE } from './numbers.ts';

/** A layer's measured time beside its work. */
export interface NodeTiming {
  /** Null where it ran joined with another, or where the clock gave nothing. */
  readonly milliseconds: Quartiles | null;
  /** Part of the layers' medians together, 0..1; 0 where it ran joined with another. */
  readonly share: number;
  readonly joinedWith: string | null;
  /** Null for layers without MACs, and for those too short for the clock. */
  readonly macsPerSecond: number | null;
  /** The clock cannot tell its median from nothing. */
  readonly tooShort: boolean;
}

export interface NetworkTiming {
  readonly nodes: ReadonlyMap<string, NodeTiming>;
  /** Sum of the layers' medians. */
  readonly totalMilliseconds: number;
  /** Decimals that a table of its milliseconds needs. */
  readonly decimals: number;
  /** What the clock could tell apart. */
  readonly resolutionMilliseconds: number;
}

const known = new WeakMap<LayerTimes, NetworkTiming>();

/** Shares and rates of a measurement of this graph; found once. */
export function networkTiming(graph: Graph, times: LayerTimes): NetworkTiming {
  const found = known.get(times) ?? timingOf(graph, times);
  known.set(times, found);
  return found;
}

function timingOf(graph: Graph, { layers, resolutionMilliseconds }: LayerTimes): NetworkTiming {
  const cost = networkCost(graph);
  const totalMilliseconds = layers.reduce((sum, { milliseconds }) => sum + (milliseconds?.median ?? 0), 0);
  const nodes = new Map<string, NodeTiming>();
  for (const { node, milliseconds, joinedWith = null } of layers) {
    const median = milliseconds?.median ?? 0;
    const tooShort = milliseconds !== null && median < resolutionMilliseconds;
    const macs = cost.nodes.get(node)?.macs ?? 0;
    nodes.set(node, {
      milliseconds,
      share: totalMilliseconds > 0 ? median / totalMilliseconds : 0,
      joinedWith,
      macsPerSecond: macs > 0 && median > 0 && !tooShort ? (macs / median) * 1000 : null,
      tooShort,
    });
  }
  const finest = resolutionMilliseconds >= 0.05 ? 1 : resolutionMilliseconds >= 0.005 ? 2 : 3;
  const decimals = Math.min(finest, totalMilliseconds >= 1000 ? 1 : totalMilliseconds >= 10 ? 2 : 3);
  return { nodes, totalMilliseconds, decimals, resolutionMilliseconds };
}

/** Milliseconds as a table writes them, with the same decimals in all rows; what is too short for the clock is `<0.005`. */
export function tableMilliseconds(
  milliseconds: number,
  { decimals, resolutionMilliseconds }: Pick<NetworkTiming, 'decimals' | 'resolutionMilliseconds'>,
): string {
  const least = Math.max(resolutionMilliseconds, 10 ** -decimals / 2);
  if (milliseconds >= least) return milliseconds.toFixed(decimals);
  return `<${THIN_SPACE}${Number(least.toPrecision(1))}`;
}

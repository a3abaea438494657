import { concat, max, slice, tidy } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import type { Node, Shape } from '../models/graph.ts';
import { wholeRegion } from './adjointRegion.ts';
import type { ProjectRequest } from './contract.ts';
import type { Activations } from './forward.ts';
import type { Seeds } from './projectWalk.ts';

/** Where a projection of one channel begins. */
export interface Seed {
  readonly channel: number;
  /** Null for a whole map. */
  readonly unit: { readonly y: number; readonly x: number } | null;
  /** The unit's activation; a map's largest. */
  readonly value: number;
  /** All that is projected is zero. */
  readonly silent: boolean;
  /** The channel's map, row by row. */
  readonly map: Float32Array;
}

/** The channels with the largest values, strongest first, equal ones by number. Throws 'bad-parameter'. */
export async function strongestChannels(
  node: Node,
  activations: Activations,
  count: number,
): Promise<readonly number[]> {
  if (!Number.isInteger(count) || count < 1) {
    throw new ConvScopeError('bad-parameter', `${node.id}: ${count} channels cannot be projected.`, {
      node: node.id,
      parameter: 'strongest',
      value: count,
    });
  }
  const most = tidy(() => max(activations.get(node.id), [1, 2]));
  try {
    const values = await most.data();
    const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
    return order.slice(0, count);
  } finally {
    most.dispose();
  }
}

/**
 * The seeds of some channels, read at once. Throws 'unknown-channel' and 'bad-parameter' (a unit outside the map).
 */
export async function findSeeds(
  node: Node,
  activations: Activations,
  channels: readonly number[],
  seed: ProjectRequest['seed'],
): Promise<Seed[]> {
  const [height, width] = node.shape;
  channels.forEach((channel) => expectChannel(node, channel));
  const asked = typeof seed === 'string' ? null : unitIndex(node, seed);
  if (channels.length === 0) return [];
  const planes = tidy(() => {
    const all = activations.get(node.id);
    const maps = channels.map((channel) => slice(all, [0, 0, 0, channel], [1, height, width, 1]));
    // One after the other along the batch: each map's values stay together.
    return maps.length === 1 ? maps[0]! : concat(maps, 0);
  });
  let maps: Float32Array;
  try {
    maps = Float32Array.from(await planes.data());
  } finally {
    planes.dispose();
  }
  return channels.map((channel, i) => {
    const map = maps.subarray(i * height * width, (i + 1) * height * width);
    const at = seed === 'map' ? null : (asked ?? firstMaximum(map));
    const value = map[at ?? firstMaximum(map)] ?? 0;
    const silent = at === null ? map.every((v) => v === 0) : value === 0;
    return {
      channel,
      unit: at === null ? null : { y: Math.floor(at / width), x: at % width },
      value,
      silent,
      map,
    };
  });
}

/** The signals that seeds send down: single units in windows of one position, or whole maps. */
export function signalsOf({ shape }: Node, seeds: readonly Seed[]): Seeds {
  const channels = shape[2];
  const [first] = seeds;
  if (!first?.unit) {
    const positions = shape[0] * shape[1];
    const values = new Float32Array(seeds.length * positions * channels);
    seeds.forEach(({ channel, map }, which) =>
      map.forEach((v, i) => (values[(which * positions + i) * channels + channel] = v)),
    );
    return { values, region: wholeRegion(shape, seeds.length) };
  }
  const values = new Float32Array(seeds.length * channels);
  seeds.forEach(({ channel, value }, which) => (values[which * channels + channel] = value));
  const corners = seeds.map(({ unit }) => [unit?.y ?? 0, unit?.x ?? 0] as const);
  return { values, region: { height: 1, width: 1, corners } };
}

function expectChannel({ id, shape }: Node, channel: number): void {
  const channels = shape[2];
  if (Number.isInteger(channel) && channel >= 0 && channel < channels) return;
  throw new ConvScopeError(
    'unknown-channel',
    `${id}: has channels 0 to ${channels - 1}, channel ${channel} was asked for.`,
    { node: id, channel, channels },
  );
}

function firstMaximum(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

function unitIndex(node: Node, { y, x }: { readonly y: number; readonly x: number }): number {
  const [height, width]: Shape = node.shape;
  const inside = Number.isInteger(y) && Number.isInteger(x) && y >= 0 && x >= 0 && y < height && x < width;
  if (inside) return y * width + x;
  throw new ConvScopeError(
    'bad-parameter',
    `${node.id}: its maps are ${height}x${width}; the unit (${y}, ${x}) lies outside.`,
    { node: node.id, parameter: 'unit', y, x, height, width },
  );
}

export function inactive(node: Node, { channel, unit }: Seed): ConvScopeError {
  const what = unit ? `unit (${unit.y}, ${unit.x}) of channel ${channel}` : `channel ${channel}`;
  return new ConvScopeError(
    'unit-inactive',
    `${node.id}: ${what} is inactive (0) for this image, so there is nothing to project. Choose another.`,
    { node: node.id, channel },
  );
}

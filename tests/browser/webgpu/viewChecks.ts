import { tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Shape } from '../../../src/models/graph.ts';
import { elements } from '../../../src/models/shape.ts';
import { channelStats, thumbnails } from '../../../src/workers/thumbnails.ts';
import { loadViews } from '../../../src/workers/views.ts';
import { randomNumbers } from '../../numerics/cases.ts';

/** Thumbnails, statistics and faces as the GPU makes them, against those from the values. */

/** Shapes, and the largest side that is asked for. */
const sizes: readonly (readonly [...Shape, px: number])[] = [
  [1, 1, 1, 64],
  [1, 1, 67, 64],
  [1, 130, 1, 48],
  [7, 5, 3, 64],
  [8, 8, 64, 64],
  [13, 13, 9, 7],
  [16, 16, 1, 8],
  [15, 17, 5, 16],
  [16, 16, 5, 16],
  [17, 16, 5, 16],
  [64, 1, 3, 5],
  [65, 64, 2, 64],
  [55, 55, 48, 1],
  [112, 96, 6, 64],
];

export interface ViewErrors {
  readonly name: string;
  /** In units of the largest value. */
  readonly planes: number;
  readonly means: number;
  /** Channels whose extremes or place of the maximum are others. */
  readonly stats: number;
}

function mapOf([height, width, channels]: Shape, values: (i: number) => number): [Float32Array, Tensor4D] {
  const data = Float32Array.from({ length: height * width * channels }, (_, i) => values(i));
  return [data, tensor4d(data, [1, height, width, channels])];
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!) || 0), 0);
};

async function checkMaps(
  name: string,
  shape: Shape,
  px: number,
  values: (i: number) => number,
): Promise<ViewErrors> {
  const [data, tensor] = mapOf(shape, values);
  const got = await (await loadViews()).maps(tensor, px);
  tensor.dispose();
  const wanted = { ...thumbnails(data, shape, px), stats: channelStats(data, shape) };
  const sized = got.height === wanted.height && got.width === wanted.width;
  const same = (a: number, b: number) => Object.is(a + 0, b + 0);
  const wrong = wanted.stats.filter(({ min, max, y, x }, i) => {
    const stats = got.stats[i]!;
    return !(same(stats.min, min) && same(stats.max, max) && stats.y === y && stats.x === x);
  });
  return {
    name,
    planes: sized ? furthest(got.planes, wanted.planes) : Infinity,
    means: furthest(
      got.stats.map(({ mean }) => mean),
      wanted.stats.map(({ mean }) => mean),
    ),
    stats: wrong.length,
  };
}

export async function checkViews(): Promise<ViewErrors[]> {
  const results: ViewErrors[] = [];
  for (const [height, width, channels, px] of sizes) {
    const shape: Shape = [height, width, channels];
    const name = `${shape.join('x')} at ${px}`;
    const random = randomNumbers(elements(shape));
    results.push(await checkMaps(name, shape, px, random));
  }
  // Every value is the largest somewhere: the first place counts, also across two threads' stretches.
  results.push(await checkMaps('ties', [23, 29, 3], 64, (i) => Math.floor(i / 3) % 7));
  results.push(await checkMaps('nothing but zeros', [20, 20, 2], 64, () => 0));
  results.push(await checkMaps('an infinity', [20, 20, 2], 64, (i) => (i === 300 ? -Infinity : i % 5)));
  return [...results, await checkFaces(), await checkFaces(7), await checkFaces(1)];
}

/** All shapes at once, or the first `count`: the activations share dispatches. */
async function checkFaces(count = sizes.length): Promise<ViewErrors> {
  const px = 48;
  const random = randomNumbers(5);
  const maps = sizes.slice(0, count).map(([height, width, channels]) => {
    const shape: Shape = [height, width, channels];
    const [data, tensor] = mapOf(shape, random);
    const means = new Float32Array(height * width).map((_, at) => {
      const values = data.subarray(at * channels, (at + 1) * channels);
      return values.reduce((sum, value) => sum + value, 0) / channels;
    });
    return { tensor, wanted: thumbnails(means, [height, width, 1], px) };
  });
  const views = await loadViews();
  const got = await views.faces(
    maps.map(({ tensor }) => tensor),
    px,
  );
  maps.forEach(({ tensor }) => tensor.dispose());
  const planes = maps.map(({ wanted }, i) => {
    const face = got[i]!;
    const sized = face.height === wanted.height && face.width === wanted.width;
    return sized ? furthest(face.planes, wanted.planes) : Infinity;
  });
  return { name: `faces of ${count}`, planes: Math.max(...planes), means: 0, stats: 0 };
}

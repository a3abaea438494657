import { reshape } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';

import type { Shape } from '../../models/graph.ts';
import type { MapStats } from '../contract.ts';
import { thumbnailSize, type Thumbnails } from '../thumbnails.ts';
import type { Maps, Views } from '../views.ts';
import { runTogether, type Part } from './program.ts';
import { Faces, PartialStats, Thumbnails as ThumbnailsProgram } from './viewPrograms.ts';

/** Positions whose statistics one thread takes: many threads for a large map, one for a small one. */
const stretchPositions = 256;

async function maps(x: Tensor4D, px: number): Promise<Maps> {
  const [, height, width, channels] = x.shape;
  const [rows, columns] = thumbnailSize(height, width, px);
  const values = rows * columns * channels;
  const stretches = Math.ceil((height * width) / stretchPositions);
  const length = values + 4 * stretches * channels;
  const parts: Part[] = [
    { program: new ThumbnailsProgram(length, values), inputs: [x], uniforms: [[rows], [columns]] },
    {
      program: new PartialStats(length, stretches, channels),
      inputs: [x],
      uniforms: [[values], [stretches], [stretchPositions]],
    },
  ];
  const all = await readAndDispose(runTogether<Tensor1D>([length], parts));
  const stats = joinedStats(all.subarray(values), stretches, [height, width, channels]);
  return { height: rows, width: columns, planes: all.slice(0, values), stats };
}

/** `partial` is `[smallest, largest, sum, place of the largest][stretches][channels]`. */
function joinedStats(partial: Float32Array, stretches: number, [height, width, channels]: Shape): MapStats[] {
  const block = stretches * channels;
  return Array.from({ length: channels }, (_, channel) => {
    let [min, max, total, place] = [Infinity, -Infinity, 0, 0];
    for (let at = channel; at < block; at += channels) {
      min = Math.min(min, partial[at]!);
      total += partial[at + 2 * block]!;
      if (partial[at + block]! <= max) continue;
      max = partial[at + block]!;
      place = partial[at + 3 * block]!;
    }
    return { min, max, mean: total / (height * width), y: Math.floor(place / width), x: place % width };
  });
}

/** Activations that one dispatch takes: every device lets a shader bind eight storage buffers, one is the output. */
const facesAtOnce = 7;

async function faces(sources: readonly Tensor4D[], px: number): Promise<Thumbnails[]> {
  let length = 0;
  const places = sources.map((source) => {
    const [, height, width] = source.shape;
    const [rows, columns] = thumbnailSize(height, width, px);
    const first = length;
    length += rows * columns;
    // Flat, because tfjs compiles a program anew for every pattern of axes of one.
    return { source, flat: reshape(source, [-1]), rows, columns, first, end: length };
  });
  const parts: Part[] = [];
  for (let at = 0; at < places.length; at += facesAtOnce) {
    const some = places.slice(at, at + facesAtOnce);
    const last = some.at(-1)!;
    // A shorter last dispatch repeats its last activation, which finds nothing left to do: one program for all.
    const full = [...some, ...Array.from({ length: facesAtOnce - some.length }, () => last)];
    parts.push({
      program: new Faces(length, facesAtOnce, last.end - some[0]!.first),
      inputs: full.map(({ flat }) => flat),
      uniforms: full.flatMap(({ source, rows, columns, first, end }) => [
        [...source.shape.slice(1), 0],
        [rows, columns, first, end],
      ]),
    });
  }
  const together = runTogether<Tensor1D>([length], parts);
  places.forEach(({ flat }) => flat.dispose());
  const all = await readAndDispose(together);
  return places.map(({ rows, columns, first, end }) => ({
    height: rows,
    width: columns,
    planes: all.slice(first, end),
  }));
}

async function readAndDispose(tensor: Tensor1D): Promise<Float32Array<ArrayBuffer>> {
  try {
    return (await tensor.data<'float32'>()) as Float32Array<ArrayBuffer>;
  } finally {
    tensor.dispose();
  }
}

/** The views of webgpu: what is read back is what is shown, and no activation as a whole. */
export const webgpuViews: Views = { maps, faces };

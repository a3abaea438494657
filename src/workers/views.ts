import { concat, getBackend, mean, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { MapStats } from './contract.ts';
import { channelStats, thumbnails, type Thumbnails } from './thumbnails.ts';

export interface Maps extends Thumbnails {
  readonly stats: MapStats[];
}

/** Small pictures of activations. The arrays are new: they may be transferred. */
export interface Views {
  /** Every channel of `[1, height, width, channels]`, no side larger than `px`, and its statistics. */
  maps(x: Tensor4D, px: number): Promise<Maps>;
  /** The mean over channels of each, no side larger than `px`. Read in one piece: each read from a GPU is a round trip. */
  faces(sources: readonly Tensor4D[], px: number): Promise<Thumbnails[]>;
}

/** cpu, wasm, webgl: from the values, which the first two have at hand. */
export const plainViews: Views = {
  async maps(x, px) {
    const [, ...shape] = x.shape;
    const values = await x.data<'float32'>();
    return { ...thumbnails(values, shape, px), stats: channelStats(values, shape) };
  },
  async faces(sources, px) {
    const flat = tidy(() => concat(sources.map((source): Tensor1D => reshape(mean(source, 3), [-1]))));
    let all: Float32Array;
    try {
      all = await flat.data<'float32'>();
    } finally {
      flat.dispose();
    }
    let at = 0;
    return sources.map(({ shape: [, height, width] }) =>
      thumbnails(all.subarray(at, (at += height * width)), [height, width, 1], px),
    );
  },
};

/** The views of the current backend. */
export async function loadViews(): Promise<Views> {
  return getBackend() === 'webgpu' ? (await import('./webgpu/views.ts')).webgpuViews : plainViews;
}

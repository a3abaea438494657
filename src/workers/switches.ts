import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Corner } from './adjointRegion.ts';
import type { PoolPlace, PoolWindow } from './forwardPrograms.ts';
import type { Shape } from '../models/graph.ts';

/**
 * Where each max-pooling window found its maximum, as the flat position `y * width + x` in the pool's input plane:
 * an array on the CPU backends, a tensor on webgpu. One rule everywhere (PyTorch's): the first maximum in row-major
 * order wins, only a strictly larger value replaces it, and padding never wins.
 */
export interface Switches {
  /** `[outHeight, outWidth, channels]`, row-major. */
  read(): Promise<Int32Array>;
  readonly data: Int32Array | Tensor4D;
  dispose(): void;
}

export function arraySwitches(data: Int32Array): Switches {
  return { data, read: () => Promise.resolve(data), dispose: () => undefined };
}

/** Switches of `values` (shape `input`, row-major) for an output of shape `output`. */
export function findSwitches(
  values: ArrayLike<number>,
  input: Shape,
  { kernel, stride, pad }: PoolWindow,
  output: Shape,
): Int32Array<ArrayBuffer> {
  const [height, width, channels] = input;
  const [outHeight, outWidth] = output;
  const switches = new Int32Array(outHeight * outWidth * channels);
  const best = new Float32Array(channels);
  for (let oy = 0; oy < outHeight; oy++) {
    const firstRow = Math.max(0, oy * stride[0] - pad[0]);
    const lastRow = Math.min(height, oy * stride[0] - pad[0] + kernel[0]);
    for (let ox = 0; ox < outWidth; ox++) {
      const firstColumn = Math.max(0, ox * stride[1] - pad[2]);
      const lastColumn = Math.min(width, ox * stride[1] - pad[2] + kernel[1]);
      const base = (oy * outWidth + ox) * channels;
      for (let y = firstRow; y < lastRow; y++) {
        for (let x = firstColumn; x < lastColumn; x++) {
          const position = y * width + x;
          const from = position * channels;
          // The window's first position is taken as it is, so that no starting value can win over real ones.
          const fresh = y === firstRow && x === firstColumn;
          for (let c = 0; c < channels; c++) {
            const value = values[from + c] as number;
            if (fresh || value > (best[c] as number)) {
              best[c] = value;
              switches[base + c] = position;
            }
          }
        }
      }
    }
  }
  return switches;
}

/** Sums each value of a whole map's signal onto its switch in `out`, which has the shape `input`. */
export function unpoolBySwitches(
  signal: ArrayLike<number>,
  switches: Int32Array,
  input: Shape,
  out: Float32Array,
): void {
  const channels = input[2];
  for (let i = 0, c = 0; i < switches.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    const at = (switches[i] as number) * channels + c;
    out[at] = (out[at] as number) + (signal[i] as number);
  }
}

/** As `unpoolBySwitches`, from signal `which`'s window of the output to its window of the input; switches are the map's. */
export function unpoolWindow(
  signal: ArrayLike<number>,
  switches: Int32Array,
  { from, to, input, output }: PoolPlace,
  which: number,
  out: Float32Array,
): void {
  const channels = input[2];
  const [top, left] = from.corners[which] as Corner;
  const [inputTop, inputLeft] = to.corners[which] as Corner;
  let source = 0;
  for (let row = 0; row < from.height; row++) {
    let at = ((top + row) * output[1] + left) * channels;
    for (let column = 0; column < from.width; column++) {
      for (let c = 0; c < channels; c++, source++, at++) {
        const value = signal[source] as number;
        if (value === 0) continue;
        const position = switches[at] as number;
        const y = Math.floor(position / input[1]);
        const x = position - y * input[1];
        const target = ((y - inputTop) * to.width + x - inputLeft) * channels + c;
        out[target] = (out[target] as number) + value;
      }
    }
  }
}

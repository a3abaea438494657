/**
 * Antialiased resizing that gives the bytes of Pillow's `Image.resize`, because the bundled networks were trained and
 * measured on pictures that Pillow (through torchvision) had scaled. After Pillow's `Resample.c`: the filter's support
 * grows with the reduction, the horizontal pass comes before the vertical one, weights are fixed-point numbers of 22
 * bits, and the picture between the passes is 8-bit.
 */

export type ResizeFilter = 'bilinear' | 'bicubic';

/** 8-bit samples, row-major, `channels` interleaved. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ResizeOptions {
  readonly filter: ResizeFilter;
  /** The part of the source to scale, in source pixels, fractions allowed; the whole of it when left out. */
  readonly box?: Rectangle;
  /**
   * The part of the result to compute, in whole result pixels; all of it when left out. The bytes are those that
   * resizing everything and cutting afterwards would give, without the work for what is cut away.
   */
  readonly window?: Rectangle;
}

const precisionBits = 22;
const half = 1 << (precisionBits - 1);

interface Kernel {
  readonly support: number;
  readonly weight: (distance: number) => number;
}

const kernels: Readonly<Record<ResizeFilter, Kernel>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys' cubic with a = -0.5, as Pillow has it (OpenCV and browsers use -0.75).
  bicubic: {
    support: 2,
    weight: (distance) => {
      const x = Math.abs(distance);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
      return 0;
    },
  },
};

/** For each result position the first source position and the fixed-point weights of those from there on. */
interface Taps {
  readonly start: Int32Array;
  readonly count: Int32Array;
  /** `stride` weights a position; those beyond `count` are not used. */
  readonly weights: Int32Array;
  readonly stride: number;
}

function computeTaps(
  kernel: Kernel,
  sourceSize: number,
  [from, to]: readonly [number, number],
  resultSize: number,
  [first, length]: readonly [number, number],
): Taps {
  // Pillow keeps the box in single precision and computes the rest in double.
  const scale = Math.fround(Math.fround(to) - Math.fround(from)) / resultSize;
  const reduction = Math.max(scale, 1);
  const support = kernel.support * reduction;
  const stride = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < length; i++) {
    const centre = Math.fround(from) + (first + i + 0.5) * scale;
    const low = Math.max(Math.trunc(centre - support + 0.5), 0);
    const taps = Math.min(Math.trunc(centre + support + 0.5), sourceSize) - low;
    let sum = 0;
    for (let t = 0; t < taps; t++) {
      exact[t] = kernel.weight((t + low - centre + 0.5) * (1 / reduction));
      sum += exact[t]!;
    }
    for (let t = 0; t < taps; t++) {
      const weight = sum === 0 ? exact[t]! : exact[t]! / sum;
      weights[i * stride + t] = Math.trunc(weight * (1 << precisionBits) + (weight < 0 ? -0.5 : 0.5));
    }
    start[i] = low;
    count[i] = taps;
  }
  return { start, count, weights, stride };
}

/** Rows `top` to `top + rows` of the source, each resampled to `taps.start.length` columns. */
function resampleColumns(source: Raster, taps: Taps, top: number, rows: number): Uint8ClampedArray {
  const { data, width, channels } = source;
  const { start, count, weights, stride } = taps;
  const columns = start.length;
  const result = new Uint8ClampedArray(rows * columns * channels);
  let out = 0;
  for (let row = 0; row < rows; row++) {
    const line = (top + row) * width * channels;
    for (let column = 0; column < columns; column++) {
      const begin = line + start[column]! * channels;
      const w = column * stride;
      const n = count[column]!;
      if (channels === 3) {
        let red = half;
        let green = half;
        let blue = half;
        for (let t = 0, p = begin; t < n; t++, p += 3) {
          const weight = weights[w + t]!;
          red = (red + Math.imul(data[p]!, weight)) | 0;
          green = (green + Math.imul(data[p + 1]!, weight)) | 0;
          blue = (blue + Math.imul(data[p + 2]!, weight)) | 0;
        }
        result[out++] = red >> precisionBits;
        result[out++] = green >> precisionBits;
        result[out++] = blue >> precisionBits;
        continue;
      }
      for (let channel = 0; channel < channels; channel++) {
        let sum = half;
        for (let t = 0, p = begin + channel; t < n; t++, p += channels) {
          sum = (sum + Math.imul(data[p]!, weights[w + t]!)) | 0;
        }
        result[out++] = sum >> precisionBits;
      }
    }
  }
  return result;
}

/** The rows of a picture resampled; `offset` is the source row that the picture's first row stands for. */
function resampleRows(
  data: Uint8Array | Uint8ClampedArray,
  lineLength: number,
  taps: Taps,
  offset: number,
): Uint8ClampedArray {
  const { start, count, weights, stride } = taps;
  const rows = start.length;
  const result = new Uint8ClampedArray(rows * lineLength);
  const sums = new Int32Array(lineLength);
  for (let row = 0; row < rows; row++) {
    sums.fill(half);
    for (let t = 0; t < count[row]!; t++) {
      const weight = weights[row * stride + t]!;
      const line = (start[row]! - offset + t) * lineLength;
      for (let i = 0; i < lineLength; i++) sums[i] = sums[i]! + Math.imul(data[line + i]!, weight);
    }
    for (let i = 0; i < lineLength; i++) result[row * lineLength + i] = sums[i]! >> precisionBits;
  }
  return result;
}

/**
 * The picture scaled to `width` x `height` (all sizes in whole pixels, at least 1), byte for byte as Pillow does it.
 * With a `window` the result is as large as the window.
 */
export function resize(
  source: Raster,
  width: number,
  height: number,
  { filter, box, window }: ResizeOptions,
): Raster {
  const from = box ?? { x: 0, y: 0, width: source.width, height: source.height };
  const part = window ?? { x: 0, y: 0, width, height };
  const kernel = kernels[filter];
  const across: readonly [number, number] = [from.x, from.x + from.width];
  const down: readonly [number, number] = [from.y, from.y + from.height];
  const horizontal = computeTaps(kernel, source.width, across, width, [part.x, part.width]);
  const vertical = computeTaps(kernel, source.height, down, height, [part.y, part.height]);

  // The taps of a window lie in order, so that its first and last rows bound the source rows that it needs.
  const last = part.height - 1;
  const top = vertical.start[0]!;
  const rows = vertical.start[last]! + vertical.count[last]! - top;
  const between = resampleColumns(source, horizontal, top, rows);
  const data = resampleRows(between, part.width * source.channels, vertical, top);
  return { width: part.width, height: part.height, channels: source.channels, data };
}

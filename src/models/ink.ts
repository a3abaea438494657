import type { Pixels } from './preprocessing.ts';
import { resize, type Raster } from './resize.ts';

/** Ink is looked for at this size at most (longer side, in pixels): ample for a digit of 20, quick for a photo. */
const workingPx = 256;
/** Strokes that differ from the paper by fewer grey levels than this are taken for noise. */
const faintest = 16;

/** Grey with alpha laid on what the strokes stand out from: a drawing on a transparent canvas may be white. */
function greyOnContrast({ width, height, data }: Pixels): Raster {
  const luma = (p: number) => (data[p]! * 19595 + data[p + 1]! * 38470 + data[p + 2]! * 7471 + 0x8000) >> 16;
  let weight = 0;
  let sum = 0;
  for (let p = 0; p < data.length; p += 4) {
    weight += data[p + 3]!;
    sum += data[p + 3]! * luma(p);
  }
  const opaque = weight === 255 * width * height;
  const paper = !opaque && sum > 127 * weight ? 0 : 255;
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    const alpha = data[i * 4 + 3]!;
    grey[i] = Math.round((luma(i * 4) * alpha + paper * (255 - alpha)) / 255);
  }
  return { width, height, channels: 1, data: grey };
}

/** The picture in grey at working size, and how many original pixels one of its pixels stands for. */
export function workingGrey(pixels: Pixels): {
  readonly grey: Raster;
  readonly reduction: { readonly x: number; readonly y: number };
} {
  const grey = greyOnContrast(pixels);
  const scale = workingPx / Math.max(grey.width, grey.height);
  if (scale >= 1) return { grey, reduction: { x: 1, y: 1 } };
  const width = Math.max(Math.round(grey.width * scale), 1);
  const height = Math.max(Math.round(grey.height * scale), 1);
  return {
    grey: resize(grey, width, height, { filter: 'bilinear' }),
    reduction: { x: pixels.width / width, y: pixels.height / height },
  };
}

function quantile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
}

/** Median of the outermost frame: what the paper looks like where no digit reaches. */
function frameMedian({ width, height, data }: Raster): number {
  const frame: number[] = [];
  for (let x = 0; x < width; x++) frame.push(data[x]!, data[(height - 1) * width + x]!);
  for (let y = 0; y < height; y++) frame.push(data[y * width]!, data[y * width + width - 1]!);
  return quantile(frame, 0.5);
}

/** `level + across * x + down * y`, with x and y from -0.5 to 0.5 over the picture. */
type Plane = readonly [level: number, across: number, down: number];

/** The least-squares plane through the residuals that are no larger than `near`; null where none is determined. */
function fitPlane(residual: Float64Array, width: number, height: number, near: number): Plane | null {
  let [n, sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0];
  let [r, rx, ry] = [0, 0, 0];
  for (let i = 0; i < residual.length; i++) {
    const value = residual[i]!;
    if (Math.abs(value) > near) continue;
    const x = (i % width) / width - 0.5;
    const y = Math.floor(i / width) / height - 0.5;
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
    r += value;
    rx += value * x;
    ry += value * y;
  }
  // Cramer's rule for the symmetric 3x3 system; it is singular for a picture of one row or column.
  const minor = sxx * syy - sxy * sxy;
  const determinant = n * minor - sx * (sx * syy - sy * sxy) + sy * (sx * sxy - sy * sxx);
  if (Math.abs(determinant) < 1e-9) return null;
  return [
    (r * minor - sx * (rx * syy - sxy * ry) + sy * (rx * sxy - sxx * ry)) / determinant,
    (n * (rx * syy - ry * sxy) - r * (sx * syy - sy * sxy) + sy * (sx * ry - sy * rx)) / determinant,
    (n * (sxx * ry - sxy * rx) - sx * (sx * ry - sy * rx) + r * (sx * sxy - sy * sxx)) / determinant,
  ];
}

/**
 * Grey levels above (+) or below (-) the paper. The paper is a plane, fitted again and again to the pixels that lie near
 * the last fit: light that falls off across a photographed page is no ink.
 */
function fromPaper(grey: Raster): { readonly residual: Float64Array; readonly noise: number } {
  const { width, height, data } = grey;
  let plane: Plane = [frameMedian(grey), 0, 0];
  const residual = new Float64Array(data.length);
  let noise = 0;
  for (let round = 0; round < 6; round++) {
    for (let i = 0; i < residual.length; i++) {
      const x = (i % width) / width - 0.5;
      const y = Math.floor(i / width) / height - 0.5;
      residual[i] = data[i]! - (plane[0] + plane[1] * x + plane[2] * y);
    }
    noise = 1.4826 * quantile(residual.map(Math.abs), 0.5);
    const step = fitPlane(residual, width, height, Math.max(2.5 * noise, 4));
    if (step === null) break;
    plane = [plane[0] + step[0], plane[1] + step[1], plane[2] + step[2]];
  }
  return { residual, noise };
}

/** Otsu's threshold over 0..255: the split with the largest variance between the two sides. */
function otsu(levels: Uint8Array): number {
  const histogram = new Float64Array(256);
  for (const level of levels) histogram[level]!++;
  const total = levels.length;
  const sum = histogram.reduce((all, count, level) => all + count * level, 0);
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let threshold = 0;
  for (let level = 0; level < 255; level++) {
    below += histogram[level]!;
    sumBelow += level * histogram[level]!;
    if (below === 0 || below === total) continue;
    const gap = sumBelow / below - (sum - sumBelow) / (total - below);
    const between = below * (total - below) * gap * gap;
    if (between > best) [best, threshold] = [between, level];
  }
  return threshold;
}

/**
 * Keeps connected strokes: a patch of ink stays when some of it is above `sure` and it holds at least 3 % of what the
 * heaviest patch holds; dust, paper grain and a neighbour's edge go.
 */
function keepStrokes(ink: Raster, sure: number): Raster {
  const { width, height, data } = ink;
  const patch = new Int32Array(data.length);
  const mass = [0];
  const strongest = [0];
  const stack: number[] = [];
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] === 0 || patch[seed] !== 0) continue;
    const label = mass.length;
    mass.push(0);
    strongest.push(0);
    patch[seed] = label;
    stack.push(seed);
    while (stack.length > 0) {
      const i = stack.pop()!;
      mass[label]! += data[i]!;
      strongest[label] = Math.max(strongest[label]!, data[i]!);
      const x = i % width;
      const y = Math.floor(i / width);
      for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v++) {
        for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, width - 1); u++) {
          const j = v * width + u;
          if (data[j] === 0 || patch[j] !== 0) continue;
          patch[j] = label;
          stack.push(j);
        }
      }
    }
  }
  const heaviest = mass.reduce((a, b) => Math.max(a, b), 0);
  const kept = data.map((value, i) => {
    const label = patch[i]!;
    return strongest[label]! > sure && mass[label]! >= 0.03 * heaviest ? value : 0;
  });
  return { ...ink, data: kept };
}

/**
 * How much ink lies on each pixel, 0 (paper) to 255, whether the strokes are darker or lighter than the paper; null when
 * there are none.
 */
export function extractInk(grey: Raster): Raster | null {
  const { residual, noise } = fromPaper(grey);
  // Strokes are the few pixels far from the paper: the third moment says on which side they lie.
  const skew = residual.reduce((sum, r) => sum + r * r * r, 0);
  const sign = skew < 0 ? -1 : 1;
  const contrast = Uint8Array.from(residual, (r) => Math.min(Math.max(Math.round(sign * r), 0), 255));
  const threshold = otsu(contrast);
  const strokes = Array.from(contrast).filter((level) => level > threshold);
  const full = quantile(strokes, 0.95);
  if (strokes.length === 0 || full < Math.max(faintest, 6 * noise)) return null;

  const paper = Math.min(3 * noise, threshold / 2);
  const scale = 255 / (full - paper);
  const data = Uint8ClampedArray.from(contrast, (level) => Math.max(level - paper, 0) * scale);
  return keepStrokes({ ...grey, data }, Math.max((threshold - paper) * scale, 0));
}

import { digitInk } from './digit.ts';
import { ConvScopeError } from './errors.ts';
import type { Volume } from './graph.ts';
import type { Crop, Pixels, Preprocessing } from './preprocessing.ts';
import { resize, type Raster } from './resize.ts';

/** A picture as a network takes it, and the bytes that its values stand for: a quarter as large. */
export interface PictureInput extends Volume {
  /** One a value, in the same order. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The value of each byte, 256 a channel, one channel after the other. */
  readonly table: Float32Array<ArrayBuffer>;
}

/** What a network sees of a picture. */
export interface Prepared {
  /** Normalised, of shape `preprocessing.input`. */
  readonly input: PictureInput;
  /** The same before normalisation, as a picture of the input's size. */
  readonly seen: Pixels;
  /** The rectangle of the original that `seen` shows; it may reach past the edge where a digit was centred. */
  readonly crop: Crop;
}

/** Python's `round`: halves go to the even neighbour. torchvision cuts its centre crop with it. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * RGB of a picture laid on white paper. Training scripts call `convert('RGB')`, which drops alpha and uncovers whatever
 * colour lies under transparent pixels (mostly black); white is what people see a cut-out picture on.
 */
export function onWhite({ width, height, data }: Pixels): Raster {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const alpha = data[from + 3]!;
    if (alpha === 255) {
      rgb[to] = data[from]!;
      rgb[to + 1] = data[from + 1]!;
      rgb[to + 2] = data[from + 2]!;
      continue;
    }
    const paper = 255 * (255 - alpha) + 127;
    for (let c = 0; c < 3; c++) rgb[to + c] = Math.floor((data[from + c]! * alpha + paper) / 255);
  }
  return { width, height, channels: 3, data: rgb };
}

/** Luma as Pillow's mode 'L' computes it (ITU-R 601-2, 16-bit fixed point). */
export function toGrey({ width, height, data }: Raster): Raster {
  const grey = new Uint8Array(width * height);
  for (let i = 0, p = 0; i < grey.length; i++, p += 3) {
    grey[i] = (data[p]! * 19595 + data[p + 1]! * 38470 + data[p + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: grey };
}

/** The size after torchvision's `Resize(shorter)`: the longer side is truncated, not rounded. */
export function shorterSideSize(width: number, height: number, shorter: number): readonly [number, number] {
  return width <= height
    ? [shorter, Math.max(Math.trunc((shorter * height) / width), 1)]
    : [Math.max(Math.trunc((shorter * width) / height), 1), shorter];
}

/** torchvision's Resize and CenterCrop in one pass: only the pixels that stay are computed. */
function shorterSide(pixels: Pixels, p: Preprocessing): { readonly raster: Raster; readonly crop: Crop } {
  const [cropHeight, cropWidth] = p.input;
  const [width, height] = shorterSideSize(pixels.width, pixels.height, p.resize);
  if (width < cropWidth || height < cropHeight) {
    throw new ConvScopeError(
      'bad-parameter',
      `The preprocessing resizes the shorter side to ${p.resize} px, which is less than the ` +
        `${cropHeight}x${cropWidth} crop needs; make "resize" at least as large as the input.`,
      { parameter: 'resize', value: p.resize },
    );
  }
  const x = roundHalfEven((width - cropWidth) / 2);
  const y = roundHalfEven((height - cropHeight) / 2);
  const colour = onWhite(pixels);
  const raster = resize(p.colour === 'grey' ? toGrey(colour) : colour, width, height, {
    filter: p.filter,
    window: { x, y, width: cropWidth, height: cropHeight },
  });
  const across = pixels.width / width;
  const down = pixels.height / height;
  return {
    raster,
    crop: { x: x * across, y: y * down, width: cropWidth * across, height: cropHeight * down },
  };
}

/**
 * Values in the order and the single-precision steps of torchvision: v / 255, minus mean, divided by std. A grey picture
 * for a network of several channels goes into each of them.
 */
function normalise(raster: Raster, p: Preprocessing): PictureInput {
  const channels = p.input[2];
  const table = new Float32Array(256 * channels);
  for (let c = 0; c < channels; c++) {
    const mean = Math.fround(p.mean[c]!);
    const std = Math.fround(p.std[c]!);
    for (let v = 0; v < 256; v++) table[c * 256 + v] = Math.fround(Math.fround(v / 255) - mean) / std;
  }
  const bytes = new Uint8Array(raster.width * raster.height * channels);
  const values = new Float32Array(bytes.length);
  const reversed = p.order === 'bgr' && raster.channels === 3;
  for (let pixel = 0, i = 0; i < bytes.length; pixel++) {
    for (let channel = 0; channel < channels; channel++, i++) {
      const from = raster.channels === 1 ? 0 : reversed ? 2 - channel : channel;
      const byte = raster.data[pixel * raster.channels + from]!;
      bytes[i] = byte;
      values[i] = table[channel * 256 + byte]!;
    }
  }
  return { shape: p.input, values, bytes, table };
}

/**
 * Values of `[..., 3]` in the order of the network's input, red first, so that projections and kernels can be looked at;
 * the same values for networks that read red first.
 */
export function redFirst<T extends Float32Array>(
  values: T,
  { order, colour }: Pick<Preprocessing, 'order' | 'colour'>,
): T | Float32Array<ArrayBuffer> {
  if (order !== 'bgr' || colour !== 'rgb') return values;
  return Float32Array.from(values, (_, i) => values[i - (i % 3) + 2 - (i % 3)]!);
}

/** An opaque RGBA picture of a grey or RGB raster. */
export function toPixels({ width, height, channels, data }: Raster): Pixels {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (channels === 1 ? 0 : c)]!;
  }
  return { width, height, data: rgba };
}

function checkPreprocessing(p: Preprocessing): void {
  const channels = p.input[2];
  const fits = p.colour === 'grey' || channels === 3;
  if (fits && p.mean.length === channels && p.std.length === channels) return;
  throw new ConvScopeError(
    'bad-parameter',
    `Preprocessing in ${p.colour} for an input of ${channels} channels has ${p.mean.length} means and ` +
      `${p.std.length} deviations; it needs one of each a channel, and colour needs three channels.`,
    { parameter: 'colour', value: p.colour },
  );
}

/**
 * A picture as the network takes it: laid on white, scaled, cropped, normalised, the way its training did it. Errors:
 * 'no-ink' when a digit was asked for and the picture is blank, 'bad-parameter' for a preprocessing that contradicts
 * itself.
 */
export function prepare(pixels: Pixels, preprocessing: Preprocessing): Prepared {
  checkPreprocessing(preprocessing);
  const { raster, crop } =
    preprocessing.fit === 'digit'
      ? digitInk(pixels, preprocessing.input)
      : shorterSide(pixels, preprocessing);
  return { input: normalise(raster, preprocessing), seen: toPixels(raster), crop };
}

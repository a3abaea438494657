import { ConvScopeError } from './errors.ts';
import { checkFileSize } from './imageFile.ts';
import { bytesOf, Malformed, type Bytes, type Found } from './imageHeaderBytes.ts';
import { readBmp, readGif, readPng, readWebp } from './imageHeaderFormats.ts';
import { readAvif } from './imageHeaderIso.ts';
import { readJpeg } from './imageHeaderJpeg.ts';
import { natureOf, seemsPhrases, type ImageFormat } from './imageHeaderNature.ts';

export type { ImageFormat } from './imageHeaderNature.ts';
export type { Orientation } from './imageHeaderBytes.ts';

/** The most pixels that are decoded: 64 megapixels are 256 MB in memory. */
export const MAX_PIXELS = 64_000_000;
/** The longest side in pixels that every browser's canvas takes. */
export const MAX_SIDE = 16_384;

/** A picture file's own description, read without decoding it. */
export interface ImageHeader extends Omit<Found, 'refused' | 'complete'> {
  readonly format: ImageFormat;
}

const readers: Readonly<Record<ImageFormat, (bytes: Bytes) => Found>> = {
  jpeg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  bmp: readBmp,
  avif: readAvif,
};

const formatNames: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  gif: 'GIF',
  webp: 'WebP',
  bmp: 'BMP',
  avif: 'AVIF',
};

const usable = 'a JPEG, PNG, WebP, AVIF, GIF or BMP picture';
const whole = (value: number): string => value.toLocaleString('en-US');
const megapixels = (pixels: number): string =>
  (pixels / 1e6).toFixed(pixels < 1e8 ? 1 : 0).replace(/\.0$/, '');

const waysOut: Readonly<Record<string, string>> = {
  HEIC:
    'Export it as JPEG first: in Photos choose File > Export, or let the iPhone take JPEGs ' +
    '(Settings > Camera > Formats > Most Compatible)',
  SVG: 'Export it as PNG first, for example from Inkscape or from a screenshot',
  'camera raw': 'Develop it to JPEG first with your camera maker\u2019s or photo program',
};

/** 'image-unsupported', with the way out for that format. */
export function unsupportedImage(name: string, format: string): ConvScopeError {
  const wayOut = waysOut[format] ?? 'Open it in any picture program and save it as JPEG or PNG';
  return new ConvScopeError(
    'image-unsupported',
    `${name} is a picture in the ${format} format, which cannot be read here. ${wayOut}.`,
    { name, format },
  );
}

/** 'image-corrupt': the file is of a known format, but damaged or cut off. */
export function corruptImage(name: string, format: ImageFormat, reason: string): ConvScopeError {
  return new ConvScopeError(
    'image-corrupt',
    `${name} is a damaged ${formatNames[format]} picture: ${reason}. Download or copy it again, or choose another picture.`,
    { name, format: formatNames[format], reason },
  );
}

function checkSize({ width, height }: Found, name: string, format: ImageFormat): void {
  if (width < 1 || height < 1)
    throw corruptImage(name, format, `it says that it is ${width} x ${height} pixels`);
  const pixels = width * height;
  if (pixels <= MAX_PIXELS && Math.max(width, height) <= MAX_SIDE) return;
  const sides = `${whole(width)} x ${whole(height)}`;
  const mp = megapixels(pixels);
  const limit = `${megapixels(MAX_PIXELS)} megapixels and ${whole(MAX_SIDE)} pixels a side`;
  throw new ConvScopeError(
    'image-too-large',
    `${name} has ${sides} pixels (${mp} megapixels); the limit is ${limit}. Save it smaller and try again: ` +
      'the networks look at a few hundred pixels a side, so that nothing is lost.',
    {
      name,
      width,
      height,
      megapixels: mp,
      // For sentences in any language: symbols of units, and only the limit that was passed.
      size: `${sides} px (${mp} MP)`,
      limit: pixels > MAX_PIXELS ? `${megapixels(MAX_PIXELS)} MP` : `${whole(MAX_SIDE)} px`,
    },
  );
}

function readFound(bytes: Bytes, format: ImageFormat, name: string): Found {
  try {
    return readers[format](bytes);
  } catch (error) {
    if (error instanceof RangeError) throw corruptImage(name, format, 'it ends within its header');
    if (error instanceof Malformed) throw corruptImage(name, format, error.message);
    throw error;
  }
}

/**
 * The header of a whole picture file, without decoding it. Errors, each a sentence that starts with `name`:
 * 'image-empty', 'image-not-an-image' (says what it seems to be), 'image-unsupported' (HEIC, TIFF, ...: with the way
 * out), 'image-corrupt' (contradicts its format, or ends early) and 'image-too-large' (`MAX_PIXELS`, `MAX_SIDE`,
 * `MAX_FILE_BYTES`).
 */
export function readImageHeader(file: Uint8Array, name = 'The file'): ImageHeader {
  checkFileSize(file.length, name);
  const bytes = bytesOf(file);
  const nature = natureOf(bytes);
  if (nature.kind === 'other') {
    throw new ConvScopeError(
      'image-not-an-image',
      `${name} is not a picture: it seems to be ${seemsPhrases[nature.seems]}. Choose ${usable}.`,
      { name, seems: nature.seems },
    );
  }
  if (nature.kind === 'unsupported') throw unsupportedImage(name, nature.format);
  const { refused, complete, ...header } = readFound(bytes, nature.format, name);
  if (refused !== undefined) throw unsupportedImage(name, refused);
  checkSize({ refused, complete, ...header }, name, nature.format);
  if (!complete) throw corruptImage(name, nature.format, 'it ends before the picture does');
  return { format: nature.format, ...header };
}

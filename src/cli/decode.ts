import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ConvScopeError } from '../models/errors.ts';
import { checkFileSize } from '../models/imageFile.ts';
import { corruptImage, MAX_PIXELS, readImageHeader, unsupportedImage } from '../models/imageHeader.ts';
import type { Pixels } from '../models/preprocessing.ts';

/** What a system's error code means to somebody who gave a path. */
const readFailures: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not permitted',
  ENOTDIR: 'a part of its path is no folder',
};

/** A sentence about a file that could not be read. */
export function readFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return readFailures[code ?? ''] ?? message;
}

async function readPicture(path: string): Promise<Uint8Array> {
  try {
    checkFileSize((await stat(path)).size, basename(path));
    return await readFile(path);
  } catch (error) {
    if (error instanceof ConvScopeError) throw error;
    throw new ConvScopeError(
      'image-missing',
      `${path} cannot be read: ${readFailure(error)}. Check the path.`,
      {
        name: path,
      },
    );
  }
}

/** Ink on white paper: what is left of each light after both its own ink and black; Pillow and browsers do the same. */
function fromCmyk(data: Uint8Array, width: number, height: number): Pixels {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < rgba.length; i += 4) {
    const light = 255 - data[i + 3]!;
    for (let c = 0; c < 3; c++) rgba[i + c] = Math.round(((255 - data[i + c]!) * light) / 255);
    rgba[i + 3] = 255;
  }
  return { width, height, data: rgba };
}

/**
 * Decodes a picture file in Node as `workers/decode.ts` does in the browser: upright, 8-bit sRGB with straight alpha,
 * embedded colour profiles ignored. Errors: those of `readImageHeader`, and 'image-missing' for a path that leads nowhere.
 */
export async function decodeFile(path: string): Promise<Pixels> {
  const name = basename(path);
  const bytes = await readPicture(path);
  const { format, colour } = readImageHeader(bytes, name);
  // libvips as it is packed for Node has no reader for bitmaps.
  if (format === 'bmp') throw unsupportedImage(name, 'BMP');
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(bytes, {
      failOn: 'error',
      ignoreIcc: true,
      limitInputPixels: MAX_PIXELS,
    }).autoOrient();
    const cmyk = colour === 'cmyk';
    const upright = cmyk
      ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
      : image.toColourspace('srgb').ensureAlpha();
    const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (cmyk) return fromCmyk(data, info.width, info.height);
    return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
  } catch (error) {
    throw corruptImage(name, format, error instanceof Error ? error.message.trim() : String(error));
  }
}

import { upright, withoutExif } from '../models/orient.ts';
import { checkFileSize } from '../models/imageFile.ts';
import { corruptImage, readImageHeader } from '../models/imageHeader.ts';
import { ConvScopeError } from '../models/errors.ts';
import type { Pixels } from '../models/preprocessing.ts';

/**
 * What is pinned, so that one file gives the same bytes in every browser and in Node:
 * - `imageOrientation: 'from-image'`: the camera's orientation is applied. It is the default today; older browsers
 *   ignored it for bitmaps unless told. For PNG and WebP, where browsers disagree, it is applied here (`models/orient.ts`).
 * - `colorSpaceConversion: 'none'`: embedded colour profiles are ignored. Left to itself a browser converts to whatever
 *   its display or its settings say, and the networks were trained on pictures whose profiles Pillow ignored, too.
 * - `premultiplyAlpha: 'none'`: colours under transparent pixels reach the canvas as they are stored.
 * The bitmap is never scaled by the browser (each has filters of its own): `models/resize.ts` does that.
 */
const pinned: ImageBitmapOptions = {
  imageOrientation: 'from-image',
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
};

/** A blob from a file picker or a drop is a File and knows its name. */
function nameOf(image: Blob): string {
  const { name } = image as Partial<File>;
  return name === undefined || name === '' ? 'The file' : name;
}

async function readBytes(image: Blob, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await image.arrayBuffer());
  } catch (error) {
    throw new ConvScopeError(
      'image-missing',
      `${name} could not be read (${error instanceof Error ? error.message : String(error)}); ` +
        'it may have been moved or changed. Choose it again.',
      { name },
    );
  }
}

function readPixels(bitmap: ImageBitmap): Pixels {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  // `willReadFrequently` keeps the canvas in memory: a GPU canvas may round colours, and reading it back is slower.
  const context = canvas.getContext('2d', { colorSpace: 'srgb', willReadFrequently: true });
  if (context === null) throw new Error(`no canvas of ${width} x ${height} pixels`);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
  return { width, height, data: data as Uint8ClampedArray<ArrayBuffer> };
}

/**
 * Decodes a picture in a browser's page or worker: upright, 8-bit sRGB with straight alpha. The header is read first, so
 * that what is too large or no picture never reaches the decoder; errors are those of `readImageHeader`, 'image-missing'
 * for a file that has gone, and 'out-of-memory' for a canvas that the browser refuses.
 */
export async function decodeImage(image: Blob): Promise<Pixels> {
  const name = nameOf(image);
  checkFileSize(image.size, name);
  const bytes = await readBytes(image, name);
  const { format, width, height, orientation } = readImageHeader(bytes, name);
  const ours = orientation !== 1 && (format === 'png' || format === 'webp');

  let bitmap: ImageBitmap;
  try {
    // The type is what the bytes say: a picture with a wrong extension or none is still a picture.
    bitmap = await createImageBitmap(
      new Blob(ours ? withoutExif(bytes, format) : [bytes], { type: `image/${format}` }),
      pinned,
    );
  } catch {
    throw corruptImage(name, format, 'the browser cannot decode it');
  }
  try {
    return upright(readPixels(bitmap), ours ? orientation : 1);
  } catch (error) {
    throw new ConvScopeError(
      'out-of-memory',
      `${name} (${width} x ${height} pixels) does not fit into the memory that the browser gives a page ` +
        `(${error instanceof Error ? error.message : String(error)}). Close other tabs, or use a smaller picture.`,
      { name, width, height },
    );
  } finally {
    bitmap.close();
  }
}

import { checkFileSize } from '../../models/imageFile.ts';
import { readImageHeader } from '../../models/imageHeader.ts';

/**
 * Decodes a picture to be looked at, upright. As in `decodeImage` (src/workers), what is too large or no picture never reaches
 * the browser's decoder; throws what `readImageHeader` throws, or what the decoder says.
 */
export async function decodePicture(blob: Blob): Promise<ImageBitmap> {
  checkFileSize(blob.size);
  readImageHeader(new Uint8Array(await blob.arrayBuffer()));
  return createImageBitmap(blob, { imageOrientation: 'from-image', colorSpaceConversion: 'none' });
}

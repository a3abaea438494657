import { ConvScopeError } from './errors.ts';

/** What is asked of a picture's file before it is read; apart from `imageHeader.ts`, which the page needs later. */

/** The largest file that is read at all. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Refuses a file by its size in bytes before it is read: 'image-empty' or 'image-too-large'. */
export function checkFileSize(byteLength: number, name = 'The file'): void {
  if (byteLength === 0) {
    throw new ConvScopeError(
      'image-empty',
      `${name} is empty (0 bytes); its download or copy was probably cut off. Get it again, or choose another picture.`,
      { name },
    );
  }
  if (byteLength > MAX_FILE_BYTES) {
    const [size, limit] = [byteLength, MAX_FILE_BYTES].map((n) => `${Math.round(n / 2 ** 20)} MB`);
    throw new ConvScopeError(
      'image-too-large',
      `${name} has ${size}; pictures up to ${limit} can be read. Save it smaller and try again.`,
      { name, size: size!, limit: limit! },
    );
  }
}

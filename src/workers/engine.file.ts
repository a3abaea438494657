import { ConvScopeError } from '../models/errors.ts';
import { blobSource, type ByteSource } from './readers/tensorFile.ts';

/**
 * A file of the user's own: its bytes stay on the disk and are read when they are needed, at loading and again where a
 * device was lost. Throws 'file-unreadable' where it was changed, moved or deleted since it was chosen.
 */
export function fileSource(name: string, file: Blob): ByteSource {
  const { size, read } = blobSource(name, file);
  return {
    name,
    size,
    read: (start, end) =>
      read(start, end).catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        throw new ConvScopeError(
          'file-unreadable',
          `${name} can no longer be read: it was changed, moved or deleted since it was chosen (${detail}). Choose it again.`,
          { file: name, detail },
        );
      }),
  };
}

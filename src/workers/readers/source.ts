import { ConvScopeError } from '../../models/errors.ts';
import { corrupt, truncated } from './failures.ts';
import type { ByteSource } from './tensorFile.ts';

/**
 * The same source, with every range checked before it is asked for: a reader that trusts a number from the file too
 * much gets an error here, never an allocation.
 */
export function checkedSource(source: ByteSource): ByteSource {
  const { name, size } = source;
  return {
    name,
    size,
    read: async (start, end) => {
      if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
        throw corrupt(name, `it points to the bytes from ${start} to ${end}`);
      }
      if (end > size) throw truncated(name, `it needs ${end} bytes and has ${size}`, size, end);
      if (start === end) return new Uint8Array(0);
      const bytes = await source.read(start, end);
      if (bytes.length !== end - start) {
        throw truncated(
          name,
          `byte ${start + bytes.length} cannot be read any more`,
          start + bytes.length,
          size,
        );
      }
      return bytes;
    },
  };
}

/** Whatever a library throws at bytes it does not understand, as damage to the file; our own errors as they are. */
export async function orCorrupt<T>(file: string, what: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConvScopeError) throw error;
    throw corrupt(file, `${what} (${error instanceof Error ? error.message : String(error)})`);
  }
}

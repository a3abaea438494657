import type { Entry } from '@zip.js/zip.js';
import { ConvScopeError } from '../../models/errors.ts';
import { corrupt, truncated, unreadable } from './failures.ts';
import type { ByteSource } from './tensorFile.ts';
import { withoutRedundantZip64 } from './zip.redundant.ts';

/** The directory of a zip archive (zip.js reads it, zip64 too); the entries' bytes are read in place, as ranges. */

export interface ZipEntry {
  /** The byte at which the entry's own header begins. */
  readonly header: number;
  /** Of the entry's bytes, which lie in the archive as they are. */
  readonly size: number;
}

/** More than any archive of weights has, and few enough to hold. */
const maximalEntries = 100_000;

/** Of the directory itself: about a hundred bytes an entry. */
const maximalDirectoryBytes = 64 * 2 ** 20;

const compressed =
  'PyTorch does not compress its files, so this one was packed again. Unpack it and pack it without compression ' +
  '(`zip -0`), or save the weights again.';

/** The entries by name. Throws 'weights-truncated' where the archive has no directory (it stands at the end). */
export async function readZipDirectory(archived: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const source = await withoutRedundantZip64(archived);
  const { name: file, size } = source;
  const zip = await import('@zip.js/zip.js/lib/zip-core-reader.js');
  let unread: { readonly reason: unknown } | null = null;
  const reader = {
    size,
    readUint8Array: async (index: number, length: number) => {
      if (length > maximalDirectoryBytes) throw corrupt(file, `its zip directory takes ${length} bytes`);
      try {
        // zip.js asks for what would be there if the file were long enough, and takes what there is.
        return await source.read(Math.min(index, size), Math.min(index + length, size));
      } catch (reason) {
        unread = { reason };
        throw reason;
      }
    },
  };
  const entries = new Map<string, ZipEntry>();
  try {
    const archive = new zip.ZipReader(reader as unknown as ConstructorParameters<typeof zip.ZipReader>[0]);
    for await (const entry of archive.getEntriesGenerator()) addEntry(entries, entry, file);
  } catch (error) {
    throw directoryError(error, unread, zip.ERR_EOCDR_NOT_FOUND, source);
  }
  return entries;
}

/** A disk that cannot be read is no damage to the file; what zip.js does not understand is. */
function directoryError(
  error: unknown,
  unread: { readonly reason: unknown } | null,
  noDirectory: string,
  { name: file, size }: ByteSource,
): unknown {
  if (unread) return unread.reason;
  if (error instanceof ConvScopeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (message === noDirectory) {
    return truncated(file, 'the directory at the end of the zip archive is missing', size);
  }
  return corrupt(file, `its zip directory cannot be read (${message})`);
}

function addEntry(entries: Map<string, ZipEntry>, entry: Entry, file: string): void {
  const { filename, offset, compressedSize, uncompressedSize, compressionMethod, encrypted } = entry;
  if (entry.directory) return;
  if (entries.size >= maximalEntries)
    throw corrupt(file, `its zip directory has over ${maximalEntries} entries`);
  if (entries.has(filename)) throw corrupt(file, `it holds ${filename} twice`);
  if (encrypted) throw unreadable(file, 'archive', 'is an encrypted zip archive', 'Unpack it first.');
  if (compressionMethod !== 0) {
    throw unreadable(file, 'archive', `holds ${filename} compressed`, compressed);
  }
  if (compressedSize !== uncompressedSize) throw corrupt(file, `${filename} has two sizes`);
  entries.set(filename, { header: offset, size: uncompressedSize });
}

/**
 * The byte at which an entry's content begins: behind its own header, whose length only that header tells
 * (PKWARE's APPNOTE, 4.3.7). Checks that header, and that the content lies within the file.
 */
export async function entryStart(source: ByteSource, name: string, entry: ZipEntry): Promise<number> {
  const { header, size } = entry;
  if (!Number.isSafeInteger(header) || !Number.isSafeInteger(size) || header + 30 + size > source.size) {
    throw truncated(source.name, `the entry ${name} does not lie within it`, source.size);
  }
  const nameBytes = new TextEncoder().encode(name);
  const nameEnd = Math.min(header + 30 + nameBytes.length, source.size);
  const bytes = await source.read(header, nameEnd);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50) throw corrupt(source.name, `the entry ${name} has no header`);
  const start = header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  const sameName = view.getUint16(26, true) === nameBytes.length;
  if (!sameName || nameBytes.some((byte, i) => byte !== bytes[30 + i])) {
    throw corrupt(source.name, `the entry ${name} calls itself otherwise`);
  }
  if (start + size > source.size) {
    throw truncated(source.name, `the entry ${name} does not lie within it`, source.size, start + size);
  }
  return start;
}

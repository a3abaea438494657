import { ConvScopeError } from '../models/errors.ts';
import type { ByteSource } from './readers/tensorFile.ts';
import type { ShelfItem } from './shelf.contract.ts';
import type { Disk, OpenFile } from './shelf.disk.ts';
import type { Part, PartNote } from './shelf.download.ts';
import { keptMissing, noRoom, storageRefused } from './shelf.errors.ts';
import { readRecords, type ShelfRecord } from './shelf.index.ts';

/** The files of the shelf: what they are called, how they are read, and what it means when they cannot be written. */

/** An item's name without what stands for folders. */
export const keyOf = (id: string): string => id.replace(/[^\w.-]/g, '~');
/** A file as it came. */
export const originalOf = (id: string): string => `${keyOf(id)}.original`;
/** The same rewritten as safetensors. */
export const convertedOf = (id: string): string => `${keyOf(id)}.safetensors`;

/** What its user calls it: many published files have the same name. */
export const titleOf = ({ origin }: Pick<ShelfItem, 'origin'>): string =>
  origin.kind === 'file' ? origin.name : origin.id;

/** What the page sees of an entry; null where its file is gone. `loaded`: what has arrived, of a file that is open. */
export async function itemOf(disk: Disk, record: ShelfRecord, loaded?: number): Promise<ShelfItem | null> {
  const size = loaded ?? (await disk.sizeOf(record.fileName));
  const shared = { ...without(record), place: disk.place };
  if (record.state === 'partial') return { ...shared, loadedBytes: size ?? 0, keptBytes: size ?? 0 };
  // The browser takes all away or nothing; a file that is missing all the same must not be promised.
  return size === null ? null : { ...shared, loadedBytes: record.totalBytes };
}

/** An entry without what only the shelf needs to know. */
function without(record: ShelfRecord): Omit<ShelfRecord, 'fileName' | 'note'> {
  const item: Partial<ShelfRecord> = { ...record };
  delete (item as { fileName?: unknown }).fileName;
  delete (item as { note?: unknown }).note;
  return item as ShelfRecord;
}

/** A whole file of the shelf. Throws 'kept-missing' where it is not there any more. */
export async function openKeptFrom(
  disk: Disk,
  id: string,
): Promise<{ readonly item: ShelfItem; readonly source: ByteSource }> {
  const record = (await readRecords(disk)).find((one) => one.id === id && one.state === 'whole');
  const item = record && (await itemOf(disk, record));
  const source = record && (await disk.source(record.fileName));
  if (!item || !source) throw keptMissing(id);
  return { item, source: namedSource(source, titleOf(item), id) };
}

/** The same bytes under the name for messages; what can no longer be read was deleted meanwhile. */
function namedSource({ size, read }: ByteSource, name: string, id: string): ByteSource {
  return {
    name,
    size,
    read: (start, end) =>
      read(start, end).catch(() => {
        throw keptMissing(id);
      }),
  };
}

/** An open file's bytes for a reader of tensors. */
export const openSource = (name: string, file: OpenFile): ByteSource => ({
  name,
  size: file.size(),
  read: (start, end) => file.read(start, end),
});

/** What has arrived of a file, and what is known of it, which stands in the shelf's list. */
export function partOf(file: OpenFile, note: PartNote, saveNote: (note: PartNote) => Promise<void>): Part {
  let known = note;
  return {
    size: () => file.size(),
    read: (start, end) => file.read(start, end),
    append: (bytes) => file.write(file.size(), bytes),
    clear: () => file.truncate(0),
    note: () => known,
    async setNote(next) {
      if (next.etag === known.etag && next.totalBytes === known.totalBytes) return;
      known = next;
      await saveNote(next);
    },
  };
}

/** What the storage still grants; null where it does not tell. */
export type FreeBytes = () => Promise<number | null>;

/** Tells failures of the storage in sentences: no room, or refused. */
export async function storing<T>(
  title: string,
  neededBytes: number,
  freeBytes: FreeBytes,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConvScopeError) throw error;
    const { name, message, code } = error as { name?: string; message?: string; code?: unknown };
    const full = name === 'QuotaExceededError' || code === 'ENOSPC' || code === 'EDQUOT';
    if (!full) throw storageRefused(title, message || String(error));
    throw noRoom(title, neededBytes, Math.max(0, (await freeBytes()) ?? 0));
  }
}

/** A file whose failures are told in sentences. `neededBytes`: what the whole work still asks for. */
export function guarded(
  file: OpenFile,
  title: string,
  neededBytes: () => number,
  freeBytes: FreeBytes,
): OpenFile {
  const guard = <T>(work: () => Promise<T>): Promise<T> => storing(title, neededBytes(), freeBytes, work);
  return {
    size: () => file.size(),
    read: (start, end) => guard(() => file.read(start, end)),
    write: (at, bytes) => guard(() => file.write(at, bytes)),
    truncate: (size) => guard(() => file.truncate(size)),
    flush: () => guard(() => file.flush()),
    close: () => guard(() => file.close()),
  };
}

import { readText, writeText, type Disk } from './shelf.disk.ts';
import type { PartNote } from './shelf.download.ts';
import type { ShelfItem } from './shelf.contract.ts';

/**
 * What stands on the shelf, written so that a crash at any moment leaves either the old list or the new one: two files
 * in turn, and the readable one with the higher number counts.
 */

export interface ShelfRecord extends Omit<ShelfItem, 'place' | 'loadedBytes'> {
  /** The file that answers, or that what has arrived lies in. */
  readonly fileName: string;
  /** What the part of a published file was cut from. */
  readonly note: PartNote;
}

interface Index {
  readonly version: 1;
  readonly generation: number;
  readonly records: readonly ShelfRecord[];
}

export const slots = ['index-0.json', 'index-1.json'] as const;

export async function readRecords(disk: Disk): Promise<readonly ShelfRecord[]> {
  return (await newest(disk)).records;
}

/** The list as `change` makes it; callers take turns, over all tabs. */
export async function changeRecords(
  disk: Disk,
  change: (records: readonly ShelfRecord[]) => readonly ShelfRecord[],
): Promise<readonly ShelfRecord[]> {
  const before = await newest(disk);
  const generation = before.generation + 1;
  const records = change(before.records);
  const next: Index = { version: 1, generation, records };
  await writeText(disk, slots[generation % 2]!, JSON.stringify(next));
  return records;
}

async function newest(disk: Disk): Promise<Index> {
  const found = await Promise.all(slots.map(async (slot) => parse(await readText(disk, slot))));
  return found.reduce<Index>((best, index) => (index && index.generation > best.generation ? index : best), {
    version: 1,
    generation: 0,
    records: [],
  });
}

/** Null for a file that is missing, was cut off while it was written, or is another version's. */
function parse(text: string | null): Index | null {
  if (text === null) return null;
  try {
    const index = JSON.parse(text) as Partial<Index> | null;
    const valid =
      index?.version === 1 && Number.isSafeInteger(index.generation) && Array.isArray(index.records);
    return valid ? { ...(index as Index), records: index.records!.filter(isRecord) } : null;
  } catch {
    return null;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Another page of the same origin may write here too: what is no record of this shelf is left out. */
function isRecord(value: unknown): value is ShelfRecord {
  const { id, network, fileName, state, dtype, origin, note, ...rest } = fieldsOf(value);
  const from = fieldsOf(origin);
  const texts: unknown[] = from['kind'] === 'file' ? [from['name']] : [from['id'], from['url']];
  const lists = [rest['wideTensors'], rest['differs']];
  return (
    [id, network, fileName, ...texts].every(isText) &&
    (from['kind'] === 'file' || from['kind'] === 'published') &&
    (state === 'partial' || state === 'whole') &&
    (dtype === 'F16' || dtype === 'as-published') &&
    [rest['totalBytes'], rest['keptBytes'], rest['keptAt']].every(Number.isFinite) &&
    lists.every((list) => list === undefined || (Array.isArray(list) && list.every(isText))) &&
    typeof note === 'object' &&
    note !== null
  );
}

import { describe, expect, it } from 'vitest';
import { memoryDisk, type Disk } from './shelf.disk.ts';
import { changeRecords, readRecords, slots, type ShelfRecord } from './shelf.index.ts';

const record = (id: string): ShelfRecord => ({
  id,
  network: 'alexnet',
  origin: { kind: 'published', id, url: 'https://hub.invalid/file' },
  state: 'whole',
  totalBytes: 10,
  keptBytes: 5,
  dtype: 'F16',
  keptAt: 1,
  fileName: `${id}.safetensors`,
  note: { etag: null, totalBytes: 10 },
});
const ids = async (disk: Disk): Promise<string[]> => (await readRecords(disk)).map(({ id }) => id);
const add = (disk: Disk, id: string) => changeRecords(disk, (records) => [...records, record(id)]);

/** A disk on which the machine stops after so many bytes of writing. */
function failing(disk: Disk, bytesLeft: number): Disk {
  let left = bytesLeft;
  return {
    ...disk,
    async open(name) {
      const file = await disk.open(name);
      return {
        size: () => file.size(),
        read: (start, end) => file.read(start, end),
        truncate: (size) => file.truncate(size),
        flush: () => file.flush(),
        close: () => file.close(),
        async write(at, bytes) {
          const fits = bytes.subarray(0, left);
          await file.write(at, fits);
          left -= fits.length;
          if (fits.length < bytes.length) throw new Error('power cut');
        },
      };
    },
  };
}

describe('the list of what is kept', () => {
  it('is empty on a new disk', async () => {
    expect(await ids(memoryDisk())).toEqual([]);
  });

  it('is read as it was written last', async () => {
    const disk = memoryDisk();
    await add(disk, 'a');
    await add(disk, 'b');
    await add(disk, 'c');
    await changeRecords(disk, (records) => records.filter(({ id }) => id !== 'b'));
    expect(await ids(disk)).toEqual(['a', 'c']);
  });

  it('is the one before or the new one, whenever the machine stops while it is written', async () => {
    for (let bytes = 0; bytes <= 1200; bytes += 7) {
      const disk = memoryDisk();
      await add(disk, 'a');
      await add(disk, 'b');
      const stopped = await add(failing(disk, bytes), 'c').then(
        () => false,
        () => true,
      );
      expect(await ids(disk)).toEqual(stopped ? ['a', 'b'] : ['a', 'b', 'c']);
      await add(disk, 'd');
      expect(await ids(disk)).toEqual(stopped ? ['a', 'b', 'd'] : ['a', 'b', 'c', 'd']);
    }
  });

  it('without a readable file is empty, and can be begun again', async () => {
    const disk = memoryDisk();
    for (const slot of slots)
      await (await disk.open(slot)).write(0, new TextEncoder().encode('{"version":9}'));
    expect(await ids(disk)).toEqual([]);
    await add(disk, 'a');
    expect(await ids(disk)).toEqual(['a']);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryDisk, readText, writeText, type Disk } from './shelf.disk.ts';
import { folderDisk } from './shelf.disk.node.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'convscope-disk-')), 'shelf');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const bytesOf = (length: number, from: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(length).map((_, i) => ((i + from) * 31 + ((i + from) >> 8)) & 255);
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe.each<[string, () => Disk]>([
  ['a folder', () => folderDisk(folder)],
  ['memory', () => memoryDisk()],
])('a disk in %s', (_where, diskOf) => {
  it('is empty before something is written', async () => {
    const disk = diskOf();
    expect(await disk.names()).toEqual([]);
    expect(await disk.sizeOf('a')).toBeNull();
    expect(await disk.source('a')).toBeNull();
    await disk.remove('a');
  });

  it('holds what was written at any place, in pieces of any size', async () => {
    const disk = diskOf();
    const file = await disk.open('a');
    // Around the pages of a mebibyte that memory is made of.
    const wanted = new Uint8Array(2_500_000);
    const writes = [
      [0, 10],
      [10, 1_048_566],
      [1_048_570, 20],
      [1_048_590, 1_451_410],
      [1_000_000, 100_000],
      [2_097_151, 2],
    ] as const;
    for (const [at, length] of writes) {
      const piece = bytesOf(length, at + length);
      wanted.set(piece, at);
      await file.write(at, piece);
    }
    expect(file.size()).toBe(wanted.length);
    expect(equal(await file.read(0, wanted.length), wanted)).toBe(true);
    expect(equal(await file.read(1_048_570, 2_100_000), wanted.subarray(1_048_570, 2_100_000))).toBe(true);
    await file.truncate(1_048_577);
    expect(file.size()).toBe(1_048_577);
    // What was cut off does not come back.
    await file.write(1_048_577, new Uint8Array(5));
    await file.flush();
    await file.close();
    expect(await disk.sizeOf('a')).toBe(1_048_582);
    const source = (await disk.source('a'))!;
    expect([source.name, source.size]).toEqual(['a', 1_048_582]);
    expect([...(await source.read(1_048_576, 1_048_582))]).toEqual([wanted[1_048_576], 0, 0, 0, 0, 0]);
    const again = await disk.open('a');
    expect(again.size()).toBe(1_048_582);
    await again.close();
    expect(await disk.names()).toEqual(['a']);
    await disk.remove('a');
    expect(await disk.names()).toEqual([]);
  });

  it('replaces a text by a shorter one', async () => {
    const disk = diskOf();
    expect(await readText(disk, 'list')).toBeNull();
    await writeText(disk, 'list', 'a long text');
    await writeText(disk, 'list', '특징');
    expect(await readText(disk, 'list')).toBe('특징');
  });
});

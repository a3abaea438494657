import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkpointFile, randomParameters } from '../../tests/hub/checkpoints.ts';
import { entryAt, hashOf, id, network, path, published } from '../../tests/hub/published.ts';
import { startHub, type Hub, type HubFile } from '../../tests/hub/server.ts';
import type { PublishedWeights } from '../models/published.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import { floatsToHalves, halvesToFloats } from './readers/half.ts';
import { openTensorFile } from './readers/open.ts';
import type { Shelf, ShelfEvent } from './shelf.contract.ts';
import { memoryDisk, type Disk } from './shelf.disk.ts';
import { folderDisk } from './shelf.disk.node.ts';
import { openKeptFrom } from './shelf.files.ts';
import { ownLocks, type Locks } from './shelf.locks.ts';
import { createShelf, type ShelfHost } from './shelf.ts';
import { matchWeights } from './weights.ts';

// Whole networks are checked, and sometimes the whole zoo: a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

let hub: Hub;
let folder: string;
beforeEach(async () => {
  hub = await startHub();
  folder = await mkdtemp(join(tmpdir(), 'convscope-shelf-'));
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const offer = (file: Partial<HubFile> = {}): void =>
  void hub.files.set(path, { body: published, redirect: true, ...file });

interface Opened {
  readonly shelf: Shelf;
  readonly events: ShelfEvent[];
}

/** A tab: its own shelf over a disk and locks that tabs share. */
function open(
  more: {
    disk?: Disk;
    entry?: PublishedWeights;
    locks?: Locks;
    quotaBytes?: number;
    used?: () => number;
  } = {},
): Opened {
  const entry = more.entry ?? entryAt(hub);
  const events: ShelfEvent[] = [];
  const host: ShelfHost = {
    disk: more.disk ?? folderDisk(folder),
    published: async (asked) => (asked === entry.id ? entry : null),
    locks: more.locks ?? ownLocks(),
    net: { fetch, online: () => true, wait: async () => {}, mayAskIfRange: true },
    estimate: async () =>
      more.quotaBytes === undefined ? null : { usedBytes: more.used?.() ?? 0, quotaBytes: more.quotaBytes },
    persisted: async () => false,
    persist: async () => false,
    announce: () => {},
    onAnnounced: () => {},
    now: () => 1000,
  };
  const shelf = createShelf(host);
  void shelf.listen((event) => events.push(event));
  return { shelf, events };
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => error,
  );

/** The parameters of what is kept, as the engine would read them. */
async function keptValues(disk: Disk, asked = id): Promise<Map<string, Float32Array>> {
  const { source } = await openKeptFrom(disk, asked);
  const file = await openTensorFile(source);
  const match = matchWeights(buildNetwork(network), file, source.name);
  const values = new Map<string, Float32Array>();
  for (const [key, { from }] of match.recipes) {
    values.set(key, await file.tensors.get('tensor' in from ? from.tensor : '')!.read());
  }
  return values;
}

const hashOfFloats = (values: Float32Array): string =>
  hashOf(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
const rounded = (values: Float32Array): Float32Array => halvesToFloats(floatsToHalves(values));

describe.each([
  ['a folder', () => folderDisk(folder)],
  ['memory', () => memoryDisk()],
])('a published file in %s', (_where, diskOf) => {
  it('is kept as float16: matrices rounded, vectors exact, half of the room', async () => {
    offer();
    const disk = diskOf();
    const { shelf, events } = open({ disk });
    const item = await shelf.get(id);
    expect(item).toMatchObject({
      id,
      network,
      state: 'whole',
      dtype: 'F16',
      totalBytes: published.length,
      loadedBytes: published.length,
      keptAt: 1000,
      place: disk.place,
      origin: { kind: 'published', id, url: hub.url + path },
    });
    expect(item.keptBytes / published.length).toBeLessThan(0.55);
    const kept = await keptValues(disk);
    for (const [key, { shape, values }] of randomParameters(network, 1)) {
      // Compared as bytes: the runner takes seconds for so many numbers.
      expect(hashOfFloats(kept.get(key)!), key).toBe(
        hashOfFloats(shape.length > 1 ? rounded(values) : values),
      );
    }
    expect(await shelf.list()).toEqual([item]);
    // Besides the list itself there is nothing but the file.
    const names = await disk.names();
    expect(names.filter((name) => !name.startsWith('index'))).toEqual(['hub~net.safetensors']);
    const phases = events.flatMap((event) => (event.kind === 'progress' ? [event.progress.phase] : []));
    expect([...new Set(phases)]).toEqual(['connect', 'download', 'verify', 'convert']);
    expect(events.at(-1)).toEqual({ kind: 'changed', items: [item] });
  });

  it('is kept as it was published where that is asked for', async () => {
    offer();
    const disk = diskOf();
    const { shelf } = open({ disk });
    const item = await shelf.get(id, { dtype: 'as-published' });
    expect(item).toMatchObject({ dtype: 'as-published', keptBytes: published.length });
    const { source } = await openKeptFrom(disk, id);
    expect(source.name).toBe(id);
    expect(hashOf(await source.read(0, source.size))).toBe(hashOf(published));
    const half = await shelf.get(id, { dtype: 'F16' });
    expect(half.dtype).toBe('F16');
    expect((await disk.names()).filter((name) => !name.startsWith('index'))).toEqual(['hub~net.safetensors']);
  });

  it('is not fetched again, and can be deleted', async () => {
    offer();
    const disk = diskOf();
    const { shelf } = open({ disk });
    const item = await shelf.get(id);
    const asked = hub.requests.length;
    expect(await shelf.get(id)).toEqual(item);
    expect(await open({ disk }).shelf.get(id)).toEqual(item);
    expect(hub.requests.length).toBe(asked);
    await shelf.remove(id);
    expect(await shelf.list()).toEqual([]);
    expect((await disk.names()).filter((name) => !name.startsWith('index'))).toEqual([]);
    expect(await failure(openKeptFrom(disk, id))).toMatchObject({ code: 'kept-missing' });
    await shelf.remove(id);
  });
});

describe('a download', () => {
  it('that is paused stands in the list, and goes on in another tab from there', async () => {
    offer({ holdAt: 400_000, redirect: false });
    const { shelf } = open();
    const running = failure(shelf.get(id));
    await hub.held(path);
    await expect.poll(async () => (await shelf.list())[0]?.loadedBytes).toBe(400_000);
    await shelf.pause(id);
    expect(await running).toMatchObject({ code: 'cancelled' });
    const later = open();
    expect(await later.shelf.list()).toMatchObject([
      { id, state: 'partial', loadedBytes: 400_000, keptBytes: 400_000, totalBytes: published.length },
    ]);
    expect(await failure(openKeptFrom(folderDisk(folder), id))).toMatchObject({ code: 'kept-missing' });
    expect(await later.shelf.get(id)).toMatchObject({ state: 'whole' });
    expect(hub.requests.map(({ range }) => range)).toEqual([null, 'bytes=400000-']);
    expect(later.events[0]).toMatchObject({ kind: 'changed' });
    expect(later.events[1]).toMatchObject({ progress: { phase: 'verify', loadedBytes: 400_000 } });
  });

  it('that runs is the same for all who ask for it here, and refused to another tab', async () => {
    offer({ holdAt: 100_000, redirect: false });
    const locks = ownLocks();
    const [here, there] = [open({ locks }), open({ locks })];
    const running = [here.shelf.get(id), here.shelf.get(id)];
    await hub.held(path);
    expect(await failure(there.shelf.get(id))).toMatchObject({ code: 'download-elsewhere' });
    expect(await failure(there.shelf.remove(id))).toMatchObject({ code: 'download-elsewhere' });
    hub.release();
    const [first, second] = await Promise.all(running);
    expect(first).toBe(second);
    expect(hub.requests).toHaveLength(1);
    expect(await there.shelf.get(id)).toEqual(first);
  });

  it('that runs ends when it is deleted', async () => {
    offer({ holdAt: 100_000, redirect: false });
    const { shelf } = open();
    const running = failure(shelf.get(id));
    await hub.held(path);
    await shelf.remove(id);
    expect(await running).toMatchObject({ code: 'cancelled' });
    expect(await shelf.list()).toEqual([]);
  });

  it('that fails for good leaves nothing behind', async () => {
    offer({ body: published.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)) });
    const { shelf } = open();
    expect(await failure(shelf.get(id))).toMatchObject({ code: 'download-hash' });
    expect(await shelf.list()).toEqual([]);
    expect((await folderDisk(folder).names()).filter((name) => !name.startsWith('index'))).toEqual([]);
  });

  it('of a file that is not of the network is told with the network that it is of', async () => {
    const other = checkpointFile('cifar-resnet-32', 2);
    offer({ body: other });
    const { shelf } = open({ entry: entryAt(hub, { bytes: other.length, sha256: hashOf(other) }) });
    expect(await failure(shelf.get(id))).toMatchObject({
      code: 'weights-mismatch',
      details: { fits: expect.arrayContaining(['cifar-resnet-32']) },
    });
    expect(await shelf.list()).toEqual([]);
  });

  it('of something unknown is refused', async () => {
    expect(await failure(open().shelf.get('hub/other'))).toMatchObject({ code: 'unknown-weights' });
  });

  it('after a crash in the middle of the conversion begins the conversion again', async () => {
    offer();
    const disk = folderDisk(folder);
    const stops: Disk = {
      ...disk,
      async open(name) {
        const file = await disk.open(name);
        if (!name.endsWith('.safetensors')) return file;
        return { ...file, write: () => Promise.reject(new DOMException('gone', 'InvalidStateError')) };
      },
    };
    const first = await failure(open({ disk: stops }).shelf.get(id));
    expect(first).toMatchObject({ code: 'storage-refused' });
    expect(await open().shelf.list()).toMatchObject([{ state: 'partial', loadedBytes: published.length }]);
    // What a crash leaves: a half-written conversion, and a file that stands in no list.
    for (const name of ['hub~net.safetensors', 'stray.safetensors']) {
      const file = await disk.open(name);
      await file.write(0, new Uint8Array(3_000_000));
      await file.close();
    }
    const asked = hub.requests.length;
    const { shelf } = open();
    const item = await shelf.get(id);
    expect(hub.requests.length).toBe(asked);
    expect(await disk.sizeOf('hub~net.safetensors')).toBe(item.keptBytes);
    await keptValues(disk);
    await shelf.list();
    expect(await disk.sizeOf('stray.safetensors')).toBeNull();
  });
});

describe('room', () => {
  it('is asked about before a byte is fetched: the rest of the file and its conversion', async () => {
    offer();
    const quotaBytes = published.length * 2;
    const { shelf } = open({ quotaBytes, used: () => published.length });
    expect(await failure(shelf.get(id))).toMatchObject({
      code: 'storage-quota',
      details: { freeBytes: published.length, neededBytes: expect.any(Number) },
    });
    expect(hub.requests).toEqual([]);
    expect(await shelf.list()).toEqual([]);
    expect(await shelf.room()).toEqual({ usedBytes: published.length, quotaBytes, persisted: false });
  });

  it('that ends on the way is told, and what has arrived stays', async () => {
    offer({ redirect: false });
    const disk = folderDisk(folder);
    const small: Disk = {
      ...disk,
      async open(name) {
        const file = await disk.open(name);
        if (!name.endsWith('.original')) return file;
        const write = async (at: number, bytes: Uint8Array): Promise<void> => {
          if (at + bytes.length > 300_000) throw new DOMException('full', 'QuotaExceededError');
          await file.write(at, bytes);
        };
        return { ...file, write };
      },
    };
    const first = open({ disk: small, quotaBytes: 10 * published.length });
    expect(await failure(first.shelf.get(id))).toMatchObject({ code: 'storage-quota' });
    const [item] = await first.shelf.list();
    expect(item!.state).toBe('partial');
    expect(item!.loadedBytes).toBeGreaterThan(200_000);
    const { shelf } = open();
    await shelf.get(id);
    expect(hub.requests.at(-1)!.range).toBe(`bytes=${item!.loadedBytes}-`);
    await keptValues(disk);
  });
});

describe('a file of one’s own', () => {
  const file = (bytes: Uint8Array<ArrayBuffer>, name = 'mine.safetensors'): File => new File([bytes], name);

  it('is kept under its hash, for the network that it fits', async () => {
    const { shelf, events } = open();
    const item = await shelf.keep(file(published), network);
    expect(item).toMatchObject({
      id: `file:${hashOf(published)}`,
      network,
      origin: { kind: 'file', name: 'mine.safetensors' },
      state: 'whole',
      dtype: 'F16',
    });
    expect(await shelf.list()).toEqual([item]);
    expect(await shelf.keep(file(published), network)).toEqual(item);
    const { source } = await openKeptFrom(folderDisk(folder), item.id);
    expect(source.name).toBe('mine.safetensors');
    expect(events[0]).toMatchObject({ kind: 'progress', progress: { id: 'file:mine.safetensors' } });
    await shelf.remove(item.id);
    expect(await shelf.list()).toEqual([]);
  });

  it('that fits another network, or is no weight file, is refused and leaves nothing', async () => {
    const { shelf } = open();
    const other = file(checkpointFile('cifar-resnet-32', 1));
    expect(await failure(shelf.keep(other, network))).toMatchObject({ code: 'weights-mismatch' });
    const text = file(new TextEncoder().encode('not weights at all'));
    expect(await failure(shelf.keep(text, network))).toMatchObject({ code: 'weights-format' });
    expect(await shelf.list()).toEqual([]);
    expect((await folderDisk(folder).names()).filter((name) => !name.startsWith('index'))).toEqual([]);
  });

  it('with values beyond float16 keeps those tensors as float32 and says which', async () => {
    const bytes = checkpointFile(network, 1, (parameters) => {
      const { values } = [...parameters].find(([key]) => key === 'conv1/weight')![1];
      values[7] = 70_000;
      values[9] = -65_520;
      values[11] = 65_504;
    });
    const { shelf } = open();
    const item = await shelf.keep(file(bytes), network);
    expect(item.wideTensors).toEqual(['conv1.weight']);
    const kept = await keptValues(folderDisk(folder), item.id);
    expect([7, 9, 11].map((i) => kept.get('conv1/weight')![i])).toEqual([70_000, -65_520, 65_504]);
  });
});

import type { PublishedWeights } from '../models/published.ts';
import type { Shelf, ShelfEvent, ShelfItem, ShelfRoom } from './shelf.contract.ts';
import type { Disk } from './shelf.disk.ts';
import type { DownloadHooks } from './shelf.download.ts';
import { elsewhere, unknownWeights } from './shelf.errors.ts';
import { convertedOf, itemOf, keyOf, originalOf, titleOf } from './shelf.files.ts';
import { changeRecords, readRecords, slots, type ShelfRecord } from './shelf.index.ts';
import type { Locks } from './shelf.locks.ts';
import { fetchJob, keepJob, type JobTools } from './shelf.jobs.ts';

/** The shelf of weights over a disk, wherever it runs: the browser's worker, or Node for tests. */

export interface ShelfHost {
  readonly disk: Disk;
  published(id: string): Promise<PublishedWeights | null>;
  readonly net: Omit<DownloadHooks, 'signal' | 'onProgress'>;
  readonly locks: Locks;
  /** Null where the browser does not tell. */
  estimate(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number } | null>;
  persisted(): Promise<boolean>;
  persist(): Promise<boolean>;
  /** Tells the page's other tabs that something was added or removed. */
  announce(): void;
  /** Called when another tab did. */
  onAnnounced(listener: () => void): void;
  /** Milliseconds since 1970. */
  now(): number;
}

interface Job {
  readonly control: AbortController;
  readonly promise: Promise<ShelfItem>;
  /** What has arrived, while the file is open. */
  loaded?: () => number;
}

const lockOf = (key: string): string => `convscope-shelf:${key}`;
const indexLock = 'convscope-shelf-index';

export function createShelf(host: ShelfHost): Shelf {
  const { disk, locks } = host;
  const jobs = new Map<string, Job>();
  let listener: ((event: ShelfEvent) => void) | null = null;
  let swept: Promise<void> | null = null;

  const list = async (): Promise<readonly ShelfItem[]> => {
    await (swept ??= sweep());
    const records = await readRecords(disk);
    const items = await Promise.all(
      records.map((record) =>
        itemOf(disk, record, record.state === 'partial' ? jobs.get(record.id)?.loaded?.() : undefined),
      ),
    );
    return items.filter((item) => item !== null);
  };
  const tellChanged = async (): Promise<void> => listener?.({ kind: 'changed', items: await list() });
  const change = async (work: (records: readonly ShelfRecord[]) => readonly ShelfRecord[]): Promise<void> => {
    await locks.inTurn(indexLock, () => changeRecords(disk, work));
  };
  /** Files that a crash left without an entry, unless somebody is at work on them. */
  const sweep = async (): Promise<void> => {
    const records = await readRecords(disk);
    const filesOf = ({ id, state, fileName }: ShelfRecord): readonly string[] =>
      state === 'whole' ? [fileName] : [originalOf(id), convertedOf(id)];
    const known = new Set([...slots, ...records.flatMap(filesOf)]);
    for (const name of await disk.names()) {
      if (known.has(name)) continue;
      const key = name.replace(/\.(original|safetensors)$/, '');
      await locks.ifFree(lockOf(key), () => disk.remove(name)).catch(() => undefined);
    }
  };

  const tools: JobTools = {
    host,
    record: async (id) => (await readRecords(disk)).find((record) => record.id === id) ?? null,
    async setRecord(record) {
      await change((records) => [...records.filter(({ id }) => id !== record.id), record]);
    },
    dropRecord: (id) => change((records) => records.filter((record) => record.id !== id)),
    async changed() {
      host.announce();
      await tellChanged();
    },
    async freeBytes() {
      const estimate = disk.place === 'device' ? await host.estimate() : null;
      return estimate && estimate.quotaBytes - estimate.usedBytes;
    },
    progress: (progress) => listener?.({ kind: 'progress', progress }),
  };

  /** One at a time for each item, in all tabs; a second call for the same one in this tab gets the first one's answer. */
  const start = (
    id: string,
    title: string,
    work: (signal: AbortSignal, job: { loaded?: () => number }) => Promise<ShelfItem>,
  ): Promise<ShelfItem> => {
    const running = jobs.get(id);
    if (running) return running.promise;
    const control = new AbortController();
    const progress: { loaded?: () => number } = {};
    const promise = locks
      .ifFree(lockOf(keyOf(id)), () => work(control.signal, progress))
      .then((item) => {
        if (item === null) throw elsewhere(id, title);
        return item;
      })
      .finally(async () => {
        jobs.delete(id);
        await tools.changed();
      });
    const job: Job = Object.assign(progress, { control, promise });
    jobs.set(id, job);
    return promise;
  };
  const pause = async (id: string): Promise<void> => {
    const job = jobs.get(id);
    job?.control.abort();
    await job?.promise.catch(() => undefined);
  };
  host.onAnnounced(() => void tellChanged());

  return {
    list,
    async room(): Promise<ShelfRoom> {
      const estimate = disk.place === 'device' ? await host.estimate() : null;
      const kept = (await list()).reduce((sum, { keptBytes }) => sum + keptBytes, 0);
      return {
        usedBytes: estimate?.usedBytes ?? kept,
        quotaBytes: estimate?.quotaBytes ?? null,
        persisted: await host.persisted(),
      };
    },
    async get(id, { dtype = 'F16' } = {}) {
      const entry = await host.published(id);
      if (!entry) throw unknownWeights(id);
      return start(id, entry.file, (signal, job) => fetchJob(tools, entry, dtype, signal, job));
    },
    pause,
    keep: (file, network) => keepJob(tools, file, network, start),
    async remove(id) {
      await pause(id);
      const record = await tools.record(id);
      if (!record) return;
      const done = await locks.ifFree(lockOf(keyOf(id)), async () => {
        // The entry goes first: a file without one is swept away, an entry without a file is a promise.
        await tools.dropRecord(id);
        await disk.remove(originalOf(id));
        await disk.remove(convertedOf(id));
        return true;
      });
      if (!done) throw elsewhere(id, titleOf(record));
      await tools.changed();
    },
    persist: () => host.persist(),
    async listen(onEvent) {
      listener = onEvent;
    },
  };
}

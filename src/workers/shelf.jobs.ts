import { ConvScopeError, type ErrorCode } from '../models/errors.ts';
import type { PublishedWeights } from '../models/published.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';
import { openTensorFile } from './readers/open.ts';
import { blobSource, type ByteSource } from './readers/tensorFile.ts';
import { createSha256 } from './sha256.ts';
import type { ShelfHost } from './shelf.ts';
import type { ShelfItem, ShelfProgress } from './shelf.contract.ts';
import { convertCheckpoint } from './shelf.convert.ts';
import { download } from './shelf.download.ts';
import { cancelled, noRoom } from './shelf.errors.ts';
import {
  convertedOf,
  guarded,
  itemOf,
  openSource,
  originalOf,
  partOf,
  storing,
  titleOf,
  type FreeBytes,
} from './shelf.files.ts';
import type { ShelfRecord } from './shelf.index.ts';
import { belongsTo, matchWeights } from './weights.ts';

/** The two ways onto the shelf: a published file that is fetched, and a file of the user's own. */

export interface JobTools {
  readonly host: ShelfHost;
  record(id: string): Promise<ShelfRecord | null>;
  setRecord(record: ShelfRecord): Promise<void>;
  dropRecord(id: string): Promise<void>;
  changed(): Promise<void>;
  readonly freeBytes: FreeBytes;
  progress(progress: ShelfProgress): void;
}

interface Loading {
  loaded?: () => number;
}

/** Room for the header and for what differs between files. */
const slackBytes = 2 ** 20;
/** The most that a conversion to float16 takes of a file in float32. */
const halfOf = (bytes: number): number => Math.ceil(bytes / 2) + slackBytes;

/** Failures that say nothing against the file that has arrived: another attempt may go on with it. */
const fileStays: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'cancelled',
  'storage-quota',
  'storage-refused',
  'download-offline',
  'download-unreachable',
  'download-blocked',
  'download-server',
  'download-broken',
]);

/** Fetches a published file or the rest of it, checks it, and keeps it. */
export async function fetchJob(
  tools: JobTools,
  entry: PublishedWeights,
  dtype: ShelfItem['dtype'],
  signal: AbortSignal,
  loading: Loading,
): Promise<ShelfItem> {
  const { disk } = tools.host;
  const before = await tools.record(entry.id);
  if (before?.state === 'whole') {
    const item = before.dtype === dtype ? await itemOf(disk, before) : null;
    if (item) return item;
    await tools.dropRecord(entry.id);
    await disk.remove(before.fileName);
  }
  const record: ShelfRecord = {
    id: entry.id,
    network: entry.network,
    origin: { kind: 'published', id: entry.id, url: entry.url },
    state: 'partial',
    totalBytes: entry.bytes,
    keptBytes: 0,
    dtype,
    keptAt: tools.host.now(),
    fileName: originalOf(entry.id),
    note: before?.state === 'partial' ? before.note : { etag: null, totalBytes: null },
  };
  const arrived = (await disk.sizeOf(record.fileName)) ?? 0;
  await expectRoom(tools, entry.file, neededBytes(entry, dtype, arrived));
  await tools.setRecord(record);
  await tools.changed();
  try {
    const whole = await fetchInto(tools, entry, record, signal, loading);
    await tools.setRecord(whole);
    if (whole.fileName !== record.fileName) await disk.remove(record.fileName);
    return (await itemOf(disk, whole))!;
  } catch (error) {
    await leave(tools, record, error);
    throw error;
  }
}

const neededBytes = (entry: PublishedWeights, dtype: ShelfItem['dtype'], arrived: number): number =>
  Math.max(0, entry.bytes - arrived) + (dtype === 'F16' ? halfOf(entry.bytes) : 0);

async function expectRoom({ freeBytes }: JobTools, title: string, needed: number): Promise<void> {
  const free = await freeBytes();
  if (free !== null && needed > free) throw noRoom(title, needed, Math.max(0, free));
}

/** After a failure nothing stays that could not be gone on with. */
async function leave(
  { host, dropRecord }: JobTools,
  { id, fileName }: ShelfRecord,
  error: unknown,
): Promise<void> {
  const size = (await host.disk.sizeOf(fileName).catch(() => null)) ?? 0;
  if (size > 0 && error instanceof ConvScopeError && fileStays.has(error.code)) return;
  await dropRecord(id).catch(() => undefined);
  await host.disk.remove(fileName).catch(() => undefined);
}

async function fetchInto(
  tools: JobTools,
  entry: PublishedWeights,
  record: ShelfRecord,
  signal: AbortSignal,
  loading: Loading,
): Promise<ShelfRecord> {
  const { host, freeBytes } = tools;
  let restarted: Pick<ShelfProgress, 'restarted'> = {};
  const report = (phase: ShelfProgress['phase'], loadedBytes: number, totalBytes: number): void =>
    tools.progress({ id: entry.id, phase, loadedBytes, totalBytes, ...restarted });
  const opened = await storing(entry.file, entry.bytes, freeBytes, () => host.disk.open(record.fileName));
  const needed = (): number => neededBytes(entry, record.dtype, opened.size());
  const original = guarded(opened, entry.file, needed, freeBytes);
  loading.loaded = () => original.size();
  try {
    let known = record;
    const part = partOf(original, record.note, async (note) => {
      known = { ...record, note, totalBytes: note.totalBytes ?? entry.bytes };
      await tools.setRecord(known);
    });
    await download(entry, part, {
      ...host.net,
      signal,
      onProgress(progress) {
        if (progress.restarted) restarted = { restarted: progress.restarted };
        report(progress.phase, progress.loadedBytes, progress.totalBytes);
      },
    });
    await original.flush();
    const whole: ShelfRecord = { ...known, state: 'whole', totalBytes: original.size(), keptAt: host.now() };
    const source = openSource(entry.file, original);
    const kept = await check(tools, source, { ...whole, keptBytes: original.size() }, (fraction) => {
      if (signal.aborted) throw cancelled(entry.file);
      report('convert', Math.round(fraction * whole.totalBytes), whole.totalBytes);
    });
    return kept;
  } finally {
    delete loading.loaded;
    await original.close();
  }
}

/**
 * Checks every tensor of a file against the network, and rewrites it as float16 unless it is to stay as it is; resolves
 * to the entry that the list is to have. `step` is called with the fraction that is done; it throws to cancel.
 */
async function check(
  { host, freeBytes }: JobTools,
  source: ByteSource,
  record: ShelfRecord,
  step: (fraction: number) => void,
): Promise<ShelfRecord> {
  const file = await openTensorFile(source);
  const network = buildNetwork(record.network);
  const belongs = () =>
    belongsTo(
      file,
      members.map(({ id }) => buildNetwork(id)),
    );
  const match = matchWeights(network, file, source.name, { belongs });
  const differs = match.differs.length > 0 ? { differs: match.differs } : {};
  if (record.dtype === 'as-published') return { ...record, ...differs };
  const fileName = convertedOf(record.id);
  const needed = halfOf(source.size);
  const open = await storing(source.name, needed, freeBytes, () => host.disk.open(fileName));
  let fits = false;
  try {
    const out = guarded(open, source.name, () => Math.max(slackBytes, needed - open.size()), freeBytes);
    let fraction = 0;
    const metadata = {
      format: 'pt',
      convscope: '1',
      network: record.network,
      origin: record.id,
      source: match.source,
    };
    const { bytes, wide } = await convertCheckpoint(
      match,
      file,
      out,
      { dtype: 'F16', metadata },
      {
        checkpoint: () => step(fraction),
        onProgress: (done, total) => (fraction = done / total),
      },
    );
    step(1);
    fits = true;
    const wideTensors = wide.length > 0 ? { wideTensors: wide.map(({ name }) => name) } : {};
    return { ...record, ...differs, ...wideTensors, fileName, keptBytes: bytes };
  } finally {
    await open.close();
    if (!fits) await host.disk.remove(fileName);
  }
}

/** A file of the user's own is hashed and checked before anything is written; it is read where it lies. */
export async function keepJob(
  tools: JobTools,
  file: File,
  network: string,
  start: (id: string, title: string, work: (signal: AbortSignal) => Promise<ShelfItem>) => Promise<ShelfItem>,
): Promise<ShelfItem> {
  const { disk } = tools.host;
  const report = (phase: ShelfProgress['phase'], fraction: number): void =>
    tools.progress({
      id: `file:${file.name}`,
      phase,
      loadedBytes: Math.round(fraction * file.size),
      totalBytes: file.size,
    });
  const source = blobSource(file.name, file);
  const id = `file:${await hashOf(source, (fraction) => report('verify', fraction))}`;
  return start(id, file.name, async (signal) => {
    const before = await tools.record(id);
    const item = before?.network === network ? await itemOf(disk, before) : null;
    if (item) return item;
    await expectRoom(tools, file.name, halfOf(file.size));
    const record: ShelfRecord = {
      id,
      network,
      origin: { kind: 'file', name: file.name },
      state: 'whole',
      totalBytes: file.size,
      keptBytes: 0,
      dtype: 'F16',
      keptAt: tools.host.now(),
      fileName: convertedOf(id),
      note: { etag: null, totalBytes: file.size },
    };
    const kept = await check(tools, source, record, (fraction) => {
      if (signal.aborted) throw cancelled(titleOf(record));
      report('convert', fraction);
    });
    await tools.setRecord(kept);
    return (await itemOf(disk, kept))!;
  });
}

const hashPieceBytes = 4 * 2 ** 20;

async function hashOf(source: ByteSource, onFraction: (fraction: number) => void): Promise<string> {
  const hash = await createSha256();
  for (let at = 0; at < source.size; at += hashPieceBytes) {
    onFraction(at / source.size);
    hash.update(await source.read(at, Math.min(source.size, at + hashPieceBytes)));
  }
  return hash.hex();
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConvScopeError } from '../models/errors.ts';
import type { PublishedWeights } from '../models/published.ts';
import type { ByteSource } from '../workers/readers/tensorFile.ts';
import { openFile } from '../workers/shelf.disk.node.ts';
import {
  download,
  type DownloadHooks,
  type DownloadProgress,
  type PartNote,
} from '../workers/shelf.download.ts';
import { openSource, partOf, storing } from '../workers/shelf.files.ts';
import { fileNameOf } from './weightsCatalogue.ts';
import { expectRoom } from './weightsFiles.ts';

/** Fetches a published file into `FILE.part` beside its place; what has arrived stays there for the next time. */

export interface FetchedFile {
  /** The file as published, open until `close`. */
  readonly source: ByteSource;
  readonly sha256: string;
  close(): Promise<void>;
  /** Deletes it. */
  remove(): Promise<void>;
}

interface Note extends PartNote {
  readonly url: string;
}

/**
 * Where the files of other servers come from instead: `CONVSCOPE_HUB=http://mirror/dir` asks
 * http://mirror/dir/download.pytorch.org/models/... for https://download.pytorch.org/models/...
 */
export function mirrored(url: string, hub: string | undefined): string {
  if (!hub) return url;
  const { host, pathname, search } = new URL(url);
  return `${hub.replace(/\/+$/, '')}/${host}${pathname}${search}`;
}

export async function fetchPublished(
  entry: PublishedWeights,
  folder: string,
  hooks: {
    readonly signal: AbortSignal;
    onProgress(progress: DownloadProgress): void;
    /** Between attempts; tests do not wait. */
    readonly wait?: DownloadHooks['wait'];
  },
): Promise<FetchedFile> {
  const path = join(folder, `${fileNameOf(entry)}.part`);
  const notePath = `${path}.json`;
  await storing(
    path,
    entry.bytes,
    async () => null,
    () => mkdir(folder, { recursive: true }),
  );
  const opened = await storing(
    path,
    entry.bytes,
    async () => null,
    () => openFile(path),
  );
  try {
    const note = await readNote(notePath);
    // A part of another version of the file, or of nobody knows what.
    if (note?.url !== entry.url && opened.size() > 0) await opened.truncate(0);
    await expectRoom(folder, entry.file, Math.max(0, entry.bytes - opened.size()) + entry.bytes);
    const saveNote = async (next: PartNote): Promise<void> =>
      writeFile(notePath, JSON.stringify({ ...next, url: entry.url } satisfies Note));
    const known = note?.url === entry.url ? note : { etag: null, totalBytes: null };
    await saveNote(known);
    const { sha256 } = await download(entry, partOf(opened, known, saveNote), {
      fetch: (url, init) => fetch(mirrored(String(url), process.env.CONVSCOPE_HUB), init),
      signal: hooks.signal,
      onProgress: hooks.onProgress,
      online: () => true,
      wait:
        hooks.wait ??
        ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined)),
      mayAskIfRange: true,
    });
    await opened.flush();
    return {
      source: openSource(entry.file, opened),
      sha256,
      close: () => opened.close(),
      async remove() {
        await rm(path, { force: true });
        await rm(notePath, { force: true });
      },
    };
  } catch (error) {
    const empty = opened.size() === 0;
    await opened.close();
    if (empty) await Promise.all([path, notePath].map((one) => rm(one, { force: true })));
    throw inTerminal(entry, error);
  }
}

/** What is said in a terminal differs from what is said on a page: this is the command that the page offers. */
function inTerminal(entry: PublishedWeights, error: unknown): unknown {
  if (!(error instanceof ConvScopeError)) return error;
  if (error.code === 'cancelled')
    return new ConvScopeError('cancelled', `${error.message} Run the command again to go on.`, error.details);
  if (error.code !== 'download-unreachable') return error;
  const { host, detail } = error.details;
  const proxy = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((name) => process.env[name]);
  const why = proxy
    ? `${proxy} names a proxy, which Node does not use by itself (from version 24 on: NODE_USE_ENV_PROXY=1)`
    : 'This machine is offline, a firewall stops it, or the server is down';
  return new ConvScopeError(
    error.code,
    `${host} does not answer (${detail}). ${why}. Try again later, or download ${entry.url} elsewhere and run: ` +
      `npm run -s cli -- weights convert FILE --model '${entry.network}' --out FILE.safetensors --fp16`,
    error.details,
  );
}

async function readNote(path: string): Promise<Note | null> {
  try {
    const note = JSON.parse(await readFile(path, 'utf8')) as Partial<Note> | null;
    if (typeof note?.url !== 'string') return null;
    return { url: note.url, etag: note.etag ?? null, totalBytes: note.totalBytes ?? null };
  } catch {
    return null;
  }
}

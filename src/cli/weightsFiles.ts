import { mkdir, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConvScopeError } from '../models/errors.ts';
import type { Network } from '../models/network.ts';
import type { WeightEntry, WeightManifest } from '../workers/contract.ts';
import { parseManifest } from '../models/manifest.ts';
import { openTensorFile } from '../workers/readers/open.ts';
import type { ByteSource } from '../workers/readers/tensorFile.ts';
import { createSha256 } from '../workers/sha256.ts';
import { convertCheckpoint, type Converted } from '../workers/shelf.convert.ts';
import { fileSource, openFile } from '../workers/shelf.disk.node.ts';
import { noRoom } from '../workers/shelf.errors.ts';
import { belongsTo, matchWeights } from '../workers/weights.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';
import { readFailure } from './decode.ts';
import { weightsDir } from './session.ts';

/** Weight files in a folder, and the list that tells a deployment what they are. */

function unwritable(path: string, error: unknown): ConvScopeError {
  return new ConvScopeError(
    'bad-parameter',
    `${path} cannot be written: ${readFailure(error)}. Choose another folder, or make room and try again.`,
    { parameter: 'dir' },
  );
}

/** Runs what writes; failures of the file system become sentences. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof ConvScopeError || code === undefined) throw error;
    throw unwritable(path, error);
  }
}

/** A weight file on the disk, read where it lies. Throws 'weights-missing'. */
export async function weightFile(path: string): Promise<ByteSource> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw Object.assign(new Error('it is no file'), { code: 'EISDIR' });
    return fileSource(path, basename(path), found.size);
  } catch (error) {
    throw new ConvScopeError('weights-missing', `${path} cannot be read: ${readFailure(error)}.`, {
      file: path,
      detail: readFailure(error),
    });
  }
}

const pieceBytes = 4 * 2 ** 20;

export async function hashOf({ read, size }: ByteSource): Promise<string> {
  const hash = await createSha256();
  for (let at = 0; at < size; at += pieceBytes) hash.update(await read(at, Math.min(size, at + pieceBytes)));
  return hash.hex();
}

/** Throws 'storage-quota' where the folder's disk has less room than that. */
export async function expectRoom(folder: string, title: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < neededBytes) throw noRoom(title, neededBytes, bavail * bsize);
}

export interface Written extends Converted {
  readonly sha256: string;
  /** By which names the file was read. */
  readonly source: string;
  /** What the file does otherwise beside its weights, in sentences. */
  readonly differs: readonly string[];
}

/**
 * Checks every tensor against the network and writes `out` as safetensors; `out` is there when it is whole, and not
 * before. Throws 'weights-mismatch' with all differences and the network that the file is of.
 */
export async function convertFile(
  source: ByteSource,
  network: Network,
  out: string,
  dtype: 'F16' | 'F32',
  hooks: { readonly signal: AbortSignal; onFraction(fraction: number): void },
): Promise<Written> {
  const file = await openTensorFile(source);
  const match = matchWeights(network, file, source.name, {
    belongs: () =>
      belongsTo(
        file,
        members.map(({ id }) => buildNetwork(id)),
      ),
  });
  const half = `${out}.tmp`;
  return writing(out, async () => {
    await mkdir(dirname(out), { recursive: true });
    const opened = await openFile(half);
    try {
      const metadata = { format: 'pt', convscope: '1', network: network.ref };
      const converted = await convertCheckpoint(
        match,
        file,
        opened,
        { dtype, metadata },
        {
          checkpoint: () => hooks.signal.throwIfAborted(),
          onProgress: (done, total) => hooks.onFraction(done / total),
        },
      );
      await opened.close();
      const sha256 = await hashOf(fileSource(half, basename(out), converted.bytes));
      await rename(half, out);
      return { ...converted, sha256, source: match.source, differs: match.differs };
    } catch (error) {
      await opened.close().catch(() => undefined);
      await rm(half, { force: true });
      throw error;
    }
  });
}

export const manifestPath = (folder: string): string => join(folder, 'manifest.json');

/** The folder's list; a folder without one has an empty list. */
export async function readList(folder: string): Promise<WeightManifest> {
  try {
    return parseManifest(await readFile(manifestPath(folder), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, weights: [] };
    if (error instanceof ConvScopeError) throw error;
    throw new ConvScopeError(
      'weights-unreachable',
      `${manifestPath(folder)} cannot be read: ${readFailure(error)}.`,
      { file: manifestPath(folder), detail: readFailure(error) },
    );
  }
}

/** Puts an entry into the folder's list in place of the network's old one, which is returned. */
export async function addToList(folder: string, entry: WeightEntry): Promise<WeightEntry | null> {
  const path = manifestPath(folder);
  const { weights } = await readList(folder);
  const old = weights.find(({ network }) => network === entry.network) ?? null;
  const next = old ? weights.map((one) => (one === old ? entry : one)) : [...weights, entry];
  const text = `${JSON.stringify({ version: 1, weights: next }, null, 2)}\n`;
  // Nothing is written that the page could not read.
  parseManifest(text);
  await writing(path, async () => {
    await writeFile(`${path}.tmp`, text);
    const written = await open(`${path}.tmp`, 'r');
    await written.sync();
    await written.close();
    await rename(`${path}.tmp`, path);
  });
  return old;
}

/** ImageNet's thousand classes, from the folder's list or the repository's. */
export async function imagenetClasses(folder: string): Promise<Pick<WeightEntry, 'classes' | 'dataset'>> {
  for (const dir of [folder, weightsDir]) {
    const { weights } = await readList(dir);
    const found = weights.find(
      ({ dataset, classes }) => /^ImageNet/.test(dataset) && classes.length === 1000,
    );
    if (found) return { classes: found.classes, dataset: found.dataset };
  }
  throw new ConvScopeError(
    'weights-missing',
    `No list of weights names ImageNet’s classes: ${manifestPath(weightsDir)} is not the repository’s. Check it out again.`,
    { file: manifestPath(weightsDir), detail: 'no entry with 1000 classes of ImageNet' },
  );
}

import { join } from 'node:path';
import { ConvScopeError } from '../models/errors.ts';
import { inputNode } from '../models/lookup.ts';
import type { PublishedWeights } from '../models/published.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { WeightEntry } from '../workers/contract.ts';
import type { Streams } from './run.ts';
import { megabytes, toJson } from './table.ts';
import { fileNameOf, publishedFor } from './weightsCatalogue.ts';
import { fetchPublished } from './weightsDownload.ts';
import { addToList, convertFile, imagenetClasses, type Written } from './weightsFiles.ts';
import { progressLine } from './weightsProgress.ts';
import { folderOf, interruptible, tellNotes, type Flags } from './weightsShared.ts';

export interface GetFlags extends Flags {
  readonly fp32: boolean;
}

/** `weights get`: fetches, checks, converts and lists each model; the ones that fail are told and the others go on. */
export async function getWeights(
  models: readonly string[],
  flags: GetFlags,
  streams: Streams,
): Promise<boolean> {
  // All names are looked up first: a typing error costs no download.
  const chosen = models.map((model) => ({ model, published: publishedFor(model) }));
  const { signal, done } = interruptible();
  const results: unknown[] = [];
  let all = true;
  try {
    for (const { model, published } of chosen) {
      const [entry, ...others] = published;
      if (others.length > 0) {
        const names = others.map(({ id }) => id).join(', ');
        streams.err(`note: ${model} has several published files; ${entry.id} is taken. Others: ${names}\n`);
      }
      try {
        results.push(await getOne(entry, flags, signal, streams));
      } catch (error) {
        if (!(error instanceof ConvScopeError)) throw error;
        streams.err(`error: ${error.message}\n`);
        all = false;
        if (signal.aborted) break;
      }
    }
  } finally {
    done();
  }
  if (flags.json) streams.out(toJson(results));
  return all;
}

async function getOne(
  entry: PublishedWeights,
  flags: GetFlags,
  signal: AbortSignal,
  streams: Streams,
): Promise<unknown> {
  const folder = folderOf(flags);
  const network = buildNetwork(entry.network);
  expectInput(entry);
  const { classes, dataset } = await imagenetClasses(folder);
  const dtype = flags.fp32 ? 'F32' : 'F16';
  const file = fileNameOf(entry);
  const line = progressLine(streams, process.stderr.isTTY === true, Date.now);
  let restarted: string | undefined;
  try {
    const fetched = await fetchPublished(entry, folder, {
      signal,
      onProgress(progress) {
        if (progress.restarted !== undefined && progress.restarted !== restarted) {
          line.end();
          streams.err(`note: ${entry.file} is begun again: ${restarts[progress.restarted]}.\n`);
          restarted = progress.restarted;
        }
        if (progress.phase !== 'connect')
          line.show(`${entry.id} ${progress.phase}`, progress.loadedBytes, progress.totalBytes);
      },
    });
    let written: Written;
    try {
      written = await convertFile(fetched.source, network, join(folder, file), dtype, {
        signal,
        onFraction: (fraction) =>
          line.show(`${entry.id} convert`, fraction * fetched.source.size, fetched.source.size),
      });
    } catch (error) {
      await fetched.close();
      // A file that does not fit will not fit the next time either.
      if (error instanceof ConvScopeError && error.code.startsWith('weights-')) await fetched.remove();
      throw signal.aborted
        ? new ConvScopeError(
            'cancelled',
            `Converting ${entry.file} was interrupted. Run the command again to go on.`,
          )
        : error;
    }
    await fetched.close();
    const listed: WeightEntry = {
      network: entry.network,
      file,
      bytes: written.bytes,
      sha256: written.sha256,
      dtype,
      source: 'convscope',
      dataset,
      classes,
      preprocessing: entry.preprocessing,
      accuracy: publishedAccuracy(entry),
      licence: entry.licence,
      origin: `${entry.title} of ${entry.publisher}, ${entry.url} (SHA-256 ${fetched.sha256}); converted by ConvScope`,
      ...(entry.note && { note: entry.note.en }),
    };
    const old = await addToList(folder, listed);
    await fetched.remove();
    line.end();
    report(listed, written, old, folder, flags, streams);
    const { wide, differs } = written;
    return {
      id: entry.id,
      network: entry.network,
      file: join(folder, file),
      bytes: written.bytes,
      sha256: written.sha256,
      dtype,
      wide,
      differs,
    };
  } finally {
    line.end();
  }
}

const restarts: Readonly<Record<'no-ranges' | 'changed' | 'damaged', string>> = {
  'no-ranges': 'the server cannot send parts',
  changed: 'the server has another file now',
  damaged: 'what was put together from several connections had another SHA-256',
};

/** ImageNet's validation set has 50,000 pictures; the publisher measured the file as published. */
function publishedAccuracy({ accuracy }: PublishedWeights): WeightEntry['accuracy'] {
  if (accuracy === null) return null;
  const measuredOn = `ImageNet validation set, 50,000 images, as ${accuracy.source} publishes it for the file in float32`;
  return { top1: accuracy.top1 / 100, measuredOn, images: 50_000 };
}

/** The engine would refuse the file later; nothing is fetched for that. */
function expectInput({ id, network: ref, preprocessing }: PublishedWeights): void {
  const { shape } = inputNode(buildNetwork(ref).graph);
  if (shape.every((size, axis) => preprocessing.input[axis] === size)) return;
  throw new ConvScopeError(
    'weights-format',
    `${id} is for inputs of ${preprocessing.input.join('x')}, and ${ref} has ${shape.join('x')}.`,
    { file: id, network: ref },
  );
}

function report(
  entry: WeightEntry,
  written: Written,
  old: WeightEntry | null,
  folder: string,
  flags: Flags,
  streams: Streams,
): void {
  const { out, err } = streams;
  tellNotes(written, streams);
  if (old && old.file !== entry.file) {
    err(`note: ${old.file} no longer answers for ${entry.network}; it stays in ${folder}.\n`);
  }
  if (flags.json) return;
  out(
    `${entry.network}: ${join(folder, entry.file)}, ${megabytes(entry.bytes)} MB, ${entry.dtype}, listed\n`,
  );
}

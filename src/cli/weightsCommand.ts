import { join, resolve } from 'node:path';
import { catalogue } from '../models/catalogue.ts';
import { ConvScopeError } from '../models/errors.ts';
import { inputNode } from '../models/lookup.ts';
import type { PublishedWeights } from '../models/published.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { WeightEntry } from '../workers/contract.ts';
import { matchWeights } from '../workers/weights.ts';
import { openTensorFile } from '../workers/readers/open.ts';
import type { Streams } from './run.ts';
import { weightsDir } from './session.ts';
import { formatTable, megabytes, toJson, whole } from './table.ts';
import { fileNameOf, publishedFor } from './weightsCatalogue.ts';
import { fetchPublished } from './weightsDownload.ts';
import {
  addToList,
  convertFile,
  hashOf,
  imagenetClasses,
  readList,
  weightFile,
  type Written,
} from './weightsFiles.ts';
import { progressLine } from './weightsProgress.ts';

/** Published weights for a deployment: what there is, fetched, converted, listed, and checked. */

interface Flags {
  readonly dir?: string;
  readonly json: boolean;
}

const folderOf = ({ dir }: Flags): string => (dir === undefined ? weightsDir : resolve(dir));

/** A signal that Ctrl-C aborts; a second one ends the program as usual. */
function interruptible(): { readonly signal: AbortSignal; done(): void } {
  const control = new AbortController();
  const abort = (): void => control.abort();
  process.once('SIGINT', abort);
  return { signal: control.signal, done: () => void process.off('SIGINT', abort) };
}

const percent = (value: number | null | undefined): string => (value == null ? '' : value.toFixed(2));

/** `weights list`: every published file, and whether it is in the folder. */
export async function listWeights(flags: Flags, { out }: Streams): Promise<void> {
  const { weights } = await readList(folderOf(flags));
  const files = new Set(weights.map(({ file }) => file));
  const rows = catalogue.map((entry) => ({ ...entry, here: files.has(fileNameOf(entry)) }));
  if (flags.json) return out(toJson(rows));
  out(
    formatTable(rows, [
      { title: 'weights', text: ({ id }) => id },
      { title: 'network', text: ({ network }) => network },
      { title: 'MB', align: 'right', text: ({ bytes }) => megabytes(bytes) },
      { title: 'top-1 %', align: 'right', text: ({ accuracy }) => percent(accuracy?.top1) },
      { title: 'top-5 %', align: 'right', text: ({ accuracy }) => percent(accuracy?.top5) },
      { title: 'SHA-256', text: ({ sha256 }) => (sha256 === null ? 'unknown' : `${sha256.slice(0, 8)}...`) },
      { title: 'here', text: ({ here }) => (here ? 'yes' : '') },
      { title: 'licence', text: ({ licence }) => licence },
    ]),
  );
}

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
  { out, err }: Streams,
): void {
  for (const { name, values } of written.wide) {
    err(`note: ${name} holds ${whole(values)} values beyond float16 and stays float32.\n`);
  }
  for (const sentence of written.differs) err(`note: ${sentence}\n`);
  if (old && old.file !== entry.file) {
    err(`note: ${old.file} no longer answers for ${entry.network}; it stays in ${folder}.\n`);
  }
  if (flags.json) return;
  out(
    `${entry.network}: ${join(folder, entry.file)}, ${megabytes(entry.bytes)} MB, ${entry.dtype}, listed\n`,
  );
}

export interface ConvertFlags {
  readonly model: string;
  readonly out: string;
  readonly fp16: boolean;
  readonly json: boolean;
}

/** `weights convert`: a file of any format that is read here, as safetensors of the network's own parameters. */
export async function convertWeights(path: string, flags: ConvertFlags, streams: Streams): Promise<void> {
  if (!flags.out.endsWith('.safetensors')) {
    throw new ConvScopeError(
      'bad-parameter',
      `--out ${flags.out} cannot be written: give it the extension .safetensors.`,
      { parameter: 'out' },
    );
  }
  const network = buildNetwork(flags.model);
  const source = await weightFile(path);
  const { signal, done } = interruptible();
  const line = progressLine(streams, process.stderr.isTTY === true, Date.now);
  const dtype = flags.fp16 ? 'F16' : 'F32';
  try {
    const written = await convertFile(source, network, resolve(flags.out), dtype, {
      signal,
      onFraction: (fraction) => line.show('convert', fraction * source.size, source.size),
    });
    line.end();
    const { wide, differs, ...rest } = written;
    if (flags.json) {
      return streams.out(toJson({ network: network.ref, file: flags.out, dtype, ...rest, wide, differs }));
    }
    for (const { name, values } of wide) {
      streams.err(`note: ${name} holds ${whole(values)} values beyond float16 and stays float32.\n`);
    }
    for (const sentence of differs) streams.err(`note: ${sentence}\n`);
    streams.out(
      `${network.ref}: ${whole(written.tensors)} tensors by the names of ${written.source}, ${dtype}, ` +
        `${megabytes(written.bytes)} MB, written to ${flags.out}\n`,
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ConvScopeError('cancelled', `Converting ${path} was interrupted; nothing was written.`);
  } finally {
    line.end();
    done();
  }
}

interface Verdict {
  readonly network: string;
  readonly file: string;
  readonly bytes: number;
  /** Null: all is well. */
  readonly problem: string | null;
}

/** `weights verify`: every file of the list, byte by byte and tensor by tensor; whether all is well. */
export async function verifyWeightFiles(flags: Flags, { out }: Streams): Promise<boolean> {
  const folder = folderOf(flags);
  const { weights } = await readList(folder);
  const verdicts: Verdict[] = [];
  for (const entry of weights) {
    const { network, file, bytes } = entry;
    verdicts.push({ network, file, bytes, problem: await problemOf(entry, folder) });
  }
  const wrong = verdicts.filter(({ problem }) => problem !== null);
  if (flags.json) {
    out(toJson(verdicts));
    return wrong.length === 0;
  }
  out(
    formatTable(verdicts, [
      { title: 'network', text: ({ network }) => network },
      { title: 'file', text: ({ file }) => file },
      { title: 'MB', align: 'right', text: ({ bytes }) => megabytes(bytes) },
      { title: '', text: ({ problem }) => (problem === null ? 'ok' : 'WRONG') },
    ]),
  );
  wrong.forEach(({ file, problem }) => out(`\n${file}: ${problem}\n`));
  return wrong.length === 0;
}

async function problemOf(entry: WeightEntry, folder: string): Promise<string | null> {
  try {
    const source = await weightFile(join(folder, entry.file));
    if (source.size !== entry.bytes) return `it has ${source.size} bytes, the list says ${entry.bytes}.`;
    const sha256 = await hashOf(source);
    if (sha256 !== entry.sha256) return `its SHA-256 is ${sha256}, the list says ${entry.sha256}.`;
    const network = buildNetwork(entry.network);
    const { shape } = inputNode(network.graph);
    if (shape.some((size, axis) => entry.preprocessing.input[axis] !== size)) {
      return `the list gives pictures of ${entry.preprocessing.input.join('x')}, the network takes ${shape.join('x')}.`;
    }
    if (entry.classes.length !== network.info.classes) {
      return `the list names ${entry.classes.length} classes, the network has ${network.info.classes}.`;
    }
    const file = await openTensorFile(source);
    matchWeights(network, file, entry.file, { source: entry.source });
    // Reading a tensor refuses values that are not numbers.
    for (const tensor of file.tensors.values()) {
      if (tensor.dtype.startsWith('F') || tensor.dtype === 'BF16') await tensor.read();
    }
    return null;
  } catch (error) {
    if (error instanceof ConvScopeError) return error.message;
    throw error;
  }
}

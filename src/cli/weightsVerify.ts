import { join } from 'node:path';
import { ConvScopeError } from '../models/errors.ts';
import { inputNode } from '../models/lookup.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { WeightEntry } from '../workers/contract.ts';
import { openTensorFile } from '../workers/readers/open.ts';
import { matchWeights } from '../workers/weights.ts';
import type { Streams } from './run.ts';
import { formatTable, megabytes, toJson } from './table.ts';
import { hashOf, readList, weightFile } from './weightsFiles.ts';
import { folderOf, type Flags } from './weightsShared.ts';

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

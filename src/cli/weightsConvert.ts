import { resolve } from 'node:path';
import { ConvScopeError } from '../models/errors.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { Streams } from './run.ts';
import { megabytes, toJson, whole } from './table.ts';
import { convertFile, weightFile } from './weightsFiles.ts';
import { progressLine } from './weightsProgress.ts';
import { interruptible, tellNotes } from './weightsShared.ts';

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
    tellNotes(written, streams);
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

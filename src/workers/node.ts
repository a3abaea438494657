import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { ConvScopeError } from '../models/errors.ts';
import type { Pixels } from '../models/preprocessing.ts';
import { nodeBackends } from './backend.node.ts';
import type { BackendName, Engine } from './contract.ts';
import { createEngine } from './engine.ts';
import { parseManifest } from '../models/manifest.ts';
import type { KeptFile } from './platform.ts';
import { fileBlob } from './platform.node.ts';
import { keptMissing } from './shelf.errors.ts';
import { missing, verifyWeights } from './weights.fetch.ts';

export interface NodeEngineOptions {
  /** The folder with `manifest.json` and the weight files beside it. */
  readonly weightsDir: string;
  /** For pictures given as files' contents; `setImage` takes decoded pixels without it. */
  readonly decode?: (image: Blob) => Promise<Pixels>;
  /** Where kept files are; left out: there are none. */
  readonly openKept?: (id: string) => Promise<KeptFile>;
  /** Default: the machine's, or what the system lets this process have of it. */
  readonly memoryBytes?: number;
  /** Default: wasm. webgpu and webgl are refused with 'backend-unavailable'. */
  readonly backend?: BackendName | 'auto';
}

/** The engine in this process: the command line and the tests use it. */
export function createNodeEngine({
  weightsDir,
  decode,
  openKept,
  memoryBytes = machineBytes(),
  backend = 'wasm',
}: NodeEngineOptions): Engine {
  const reading = async <T>(file: string, how: (path: string) => Promise<T>): Promise<T> => {
    try {
      return await how(join(weightsDir, file));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw missing(file, 'the folder of weights does not hold it');
      throw new ConvScopeError('weights-unreachable', `${file} could not be read: ${message}.`, {
        file,
        detail: message,
      });
    }
  };
  return createEngine(
    {
      backends: nodeBackends,
      memoryBytes,
      decode: decode ?? refuseEncoded,
      openKept: openKept ?? (async (id) => Promise.reject(keptMissing(id))),
      readManifest: async () =>
        parseManifest(await reading('manifest.json', (path) => readFile(path, 'utf8'))),
      readWeights: async (entry, _manifest, hooks) => {
        hooks.onBytes(0, entry.bytes);
        const file = await reading(entry.file, fileBlob);
        hooks.onBytes(Math.min(file.size, entry.bytes), entry.bytes);
        hooks.onVerify();
        await verifyWeights(file, entry);
        return { file, fromCache: false };
      },
    },
    { backend },
  );
}

function machineBytes(): number {
  const constrained = process.constrainedMemory() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

async function refuseEncoded(): Promise<Pixels> {
  throw new ConvScopeError(
    'image-unsupported',
    'This engine was created without a decoder: decode the picture and give its pixels to setImage.',
  );
}

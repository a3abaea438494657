import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConvScopeError } from '../models/errors.ts';
import { parseReference } from '../models/zoo/index.ts';
import type {
  BackendName,
  Engine,
  LoadedNetwork,
  Purpose,
  WeightManifest,
  WeightSource,
} from '../workers/contract.ts';
import { parseManifest } from '../models/manifest.ts';
import { fileBlob } from '../workers/platform.node.ts';
import { decodeFile, readFailure } from './decode.ts';

export const weightsDir = fileURLToPath(new URL('../../public/weights', import.meta.url));

/** What every command that runs a network is told. */
export interface RunOptions {
  readonly model: string;
  readonly weights?: string;
  readonly backend: BackendName;
}

/** The list of bundled weights; its errors name the file. */
export async function readManifest(): Promise<WeightManifest> {
  const path = `${weightsDir}/manifest.json`;
  try {
    return parseManifest(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof ConvScopeError) throw error;
    throw new ConvScopeError(
      'weights-unreachable',
      `The list of bundled weights, ${path}, cannot be read: ${readFailure(error)}. Check out the repository again.`,
      { file: path },
    );
  }
}

async function weightSource(path: string | undefined): Promise<WeightSource> {
  if (path === undefined) return { kind: 'bundled' };
  try {
    return { kind: 'file', name: basename(path), file: await fileBlob(path) };
  } catch (error) {
    throw new ConvScopeError(
      'weights-missing',
      `${path} cannot be read: ${readFailure(error)}. Give --weights the path of a weight file.`,
      { file: path },
    );
  }
}

export interface Session {
  readonly engine: Engine;
  readonly loaded: LoadedNetwork;
}

/** A network loaded on its backend. tfjs is imported here and not before, so that other commands start at once. */
export async function openSession(
  { model, weights, backend }: RunOptions,
  purpose: Purpose = 'maps',
): Promise<Session> {
  // The shortest reference: settings that spell a member out find that member's weights.
  const { ref } = parseReference(model);
  const source = await weightSource(weights);
  const { createNodeEngine } = await import('../workers/node.ts');
  const decode = async (): Promise<never> => {
    throw new Error('the command line decodes files itself');
  };
  const engine = createNodeEngine({ weightsDir, decode, backend });
  await engine.start(backend);
  const loaded = await engine.load(ref, source, undefined, purpose);
  if (loaded.assumed?.includes('preprocessing')) {
    const { resize, filter } = loaded.preprocessing;
    process.stderr.write(
      `note: ${loaded.weightsName} does not say how its training looked at pictures; the usual way is taken ` +
        `(shorter side ${resize} px, ${filter}, centre crop, mean and standard deviation of the data set).\n`,
    );
  }
  if (loaded.assumed?.includes('classes')) {
    process.stderr.write(`note: the names of the classes are not known; they are numbered.\n`);
  }
  return { engine, loaded };
}

/** Gives the engine a picture by its path. */
export async function setImageFile(engine: Engine, path: string): Promise<void> {
  await engine.setImage(await decodeFile(path));
}

import { readdirSync, readFileSync } from 'node:fs';
import type { Reader } from './mutate.ts';
import { bytesOf, type TensorFile } from '../../src/workers/readers/tensorFile.ts';
import { openTensorFile } from '../../src/workers/readers/open.ts';

/** The files that make_fixtures.py wrote with PyTorch, safetensors and onnx, and what must be read from them. */

const folder = new URL('./fixtures/', import.meta.url);

interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface Expected {
  readonly tensors: Readonly<Record<string, Listed>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Types of an ONNX file's operations, in order. */
  readonly layers?: readonly string[];
  /** The file has tensors besides (scales of activations). */
  readonly some?: boolean;
}

export const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Readonly<
  Record<string, Expected>
>;

export const fixtureNames: readonly string[] = readdirSync(folder).filter((name) => name !== 'expected.json');

export const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

export const openBytes = (name: string, bytes: Uint8Array): Promise<TensorFile> =>
  openTensorFile(bytesOf(name, bytes));

export const openFixture = (name: string): Promise<TensorFile> => openBytes(name, fixture(name));

/** Shapes and values of all tensors, as expected.json has them. */
export async function listed({ tensors }: TensorFile): Promise<Record<string, Listed>> {
  const entries: [string, Listed][] = [];
  for (const [name, tensor] of tensors) {
    entries.push([name, { shape: tensor.shape, values: [...(await tensor.read())] }]);
  }
  return Object.fromEntries(entries);
}

const families: Readonly<Record<Reader, RegExp>> = {
  safetensors: /\.safetensors$/,
  pytorch: /^(zip-.*\.pth|.*\.pt|.*\.npz)$/,
  legacy: /^legacy-|\.pkl$/,
  onnx: /\.onnx$/,
};

/** The files from which a reader's damaged inputs are made: those that it reads, and those that it refuses by name. */
export const corpus = (reader: Reader): readonly { readonly name: string; readonly bytes: Uint8Array }[] =>
  fixtureNames.filter((name) => families[reader].test(name)).map((name) => ({ name, bytes: fixture(name) }));

import { clipped, ConvScopeError } from './errors.ts';
import type { Preprocessing } from './preprocessing.ts';

/** Reads `weights/manifest.json`: who the bundled weights are for, how large they are, and how they see pictures. */

/** One entry of `public/weights/manifest.json`. */
export interface WeightEntry {
  readonly network: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly dtype: 'F16' | 'F32';
  /** Key into the network's `names`. */
  readonly source: string;
  readonly dataset: string;
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  /** Null where the publisher gives none. */
  readonly accuracy: { readonly top1: number; readonly measuredOn: string; readonly images: number } | null;
  readonly licence: string;
  readonly origin: string;
  /** What somebody who uses them should know, in English as all prose here: the page's catalogues have it in Korean. */
  readonly note?: string;
}

export interface WeightManifest {
  readonly version: 1;
  readonly weights: readonly WeightEntry[];
}

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string' && value.length > 0;
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const share: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const numbers: Check = (value) => Array.isArray(value) && value.every((n) => Number.isFinite(n));
const texts: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(text);
const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    choices.includes(value as string);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    firstWrongField(value, fields) === null;

function firstWrongField(value: unknown, fields: Readonly<Record<string, Check>>): string | null {
  if (typeof value !== 'object' || value === null) return Object.keys(fields)[0] ?? '';
  const object = value as Record<string, unknown>;
  return Object.keys(fields).find((key) => !fields[key]!(object[key])) ?? null;
}

const preprocessing: Check = (value) =>
  record({
    input: (shape) => Array.isArray(shape) && shape.length === 3 && shape.every(count),
    colour: oneOf('rgb', 'grey'),
    fit: oneOf('shorter-side', 'digit'),
    resize: count,
    filter: oneOf('bilinear', 'bicubic'),
    order: (value) => value === undefined || oneOf('rgb', 'bgr')(value),
    mean: numbers,
    std: numbers,
  })(value) && channelsAgree(value as Preprocessing);

/** Grey pictures may be given to a network of several equal channels, colour ones only to three. */
function channelsAgree(p: Preprocessing): boolean {
  const channels = p.input[2];
  return p.mean.length === channels && p.std.length === channels && p.std.every((s) => s > 0);
}

const entryFields: Readonly<Record<keyof WeightEntry, Check>> = {
  network: text,
  // A name, not a path: the file lies beside the manifest.
  file: (value) => text(value) && /^[\w.-]+\.safetensors$/.test(value as string),
  bytes: count,
  sha256: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  dtype: oneOf('F16', 'F32'),
  source: text,
  dataset: text,
  classes: texts,
  preprocessing,
  accuracy: (value) => value === null || record({ top1: share, measuredOn: text, images: count })(value),
  licence: text,
  origin: text,
  note: (value) => value === undefined || text(value),
};

function wrong(message: string): ConvScopeError {
  return new ConvScopeError(
    'weights-format',
    `weights/manifest.json cannot be used: ${clipped(message, 200)}. Build the page again, or correct the file.`,
    { file: 'manifest.json' },
  );
}

/** Parses and checks the manifest's JSON; the error names the entry and the field. */
export function parseManifest(json: string): WeightManifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw wrong('it is not valid JSON');
  }
  const manifest = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const { version } = manifest;
  if (version !== 1)
    throw wrong(`its version is ${typeof version === 'number' ? version : 'none'} and not 1`);
  if (!Array.isArray(manifest.weights)) throw wrong('it has no list of weights');
  const seen = new Set<string>();
  for (const [index, entry] of manifest.weights.entries()) {
    const field = firstWrongField(entry, entryFields);
    const network = (entry as { network?: unknown } | null)?.network;
    const name = typeof network === 'string' ? network : `number ${index + 1}`;
    if (field !== null) throw wrong(`the entry ${name} has no valid "${field}"`);
    if (seen.has(name)) throw wrong(`it has two entries for ${name}`);
    seen.add(name);
  }
  return { version: 1, weights: manifest.weights as readonly WeightEntry[] };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Graph, Volume } from '../../src/models/graph.ts';
import { prepare } from '../../src/models/preprocess.ts';
import type { Pixels, Preprocessing } from '../../src/models/preprocessing.ts';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import type { LrnRule, Rule, WeightEntry } from '../../src/workers/contract.ts';
import { parseManifest } from '../../src/models/manifest.ts';
import { bytesOf } from '../../src/workers/readers/tensorFile.ts';
import { decodeTensor, readSafetensors } from '../readers/safetensors.ts';
import { matchedParameters, matchWeights } from '../../src/workers/weights.ts';
import { openTensorFile } from '../../src/workers/readers/open.ts';
import { prepareWeights } from '../../src/workers/weightsLayout.ts';
import type { GraphWeights } from '../../src/workers/weightsLayout.ts';

/** Mean, standard deviation, maximum. */
export type Statistics = readonly [mean: number, std: number, max: number];

export interface GoldenProjection {
  readonly key: string;
  readonly node: string;
  readonly channel: number;
  readonly seed: 'strongest' | 'map';
  readonly unit: readonly [y: number, x: number] | null;
  readonly value: number;
  readonly rule: Rule;
  readonly lrn: LrnRule;
  readonly support: readonly [top: number, left: number, bottom: number, right: number] | null;
  readonly norm: number;
  readonly sum: number;
  readonly max: number;
  readonly float32Difference: number;
  readonly wavering: number;
}
export interface Golden {
  readonly network: string;
  readonly name: string;
  readonly origin: string;
  readonly seen: string;
  /** LeNet's drawings: the canvas as it was drawn on. */
  readonly canvas?: string;
  readonly input: { readonly mean: number; readonly std: number; readonly max: number };
  readonly top: { readonly indices: readonly number[]; readonly logits: readonly number[] };
  readonly logitSum: number;
  readonly logitNorm: number;
  readonly layers: Readonly<Record<string, Statistics>>;
  readonly projections: readonly GoldenProjection[];
}
export interface GoldenIndex {
  readonly weights: Readonly<Record<string, string>>;
  readonly goldens: readonly Golden[];
}

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'tests/goldens');
const weightsFolder = join(root, 'public/weights');

export const goldenIndex = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as GoldenIndex;
export const manifest = parseManifest(readFileSync(join(weightsFolder, 'manifest.json'), 'utf8'));

const projectionFile = readSafetensors(
  new Uint8Array(readFileSync(join(folder, 'projections.safetensors'))),
  'projections.safetensors',
);

/** A stored tensor of the goldens, or null where the whole picture is zero. */
export function storedTensor(key: string): Float32Array | null {
  const tensor = projectionFile.tensors.get(key);
  return tensor ? decodeTensor(tensor, 'projections.safetensors') : null;
}

export interface LoadedGraph {
  readonly graph: Graph;
  readonly weights: GraphWeights;
  /** The node whose output are the logits. */
  readonly logits: string;
}

/** The bundled weights of a network on the current backend; the caller disposes them. */
export async function loadBundled(entry: WeightEntry): Promise<LoadedGraph> {
  const network = buildNetwork(entry.network);
  const bytes = new Uint8Array(readFileSync(join(weightsFolder, entry.file)));
  const file = await openTensorFile(bytesOf(entry.file, bytes));
  const match = matchWeights(network, file, entry.file, { source: entry.source });
  const { graph } = network;
  const softmax = graph.nodes.find((node) => node.op.kind === 'softmax');
  return {
    graph,
    weights: await prepareWeights(graph, matchedParameters(match, file)),
    logits: softmax?.inputs[0] ?? graph.output,
  };
}

/** A picture of the repository as upright RGBA pixels. */
export async function readPixels(path: string): Promise<Pixels> {
  const { data, info } = await sharp(join(root, path))
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: Uint8ClampedArray.from(data) };
}

/** The network's input from the picture it saw: already of the right size, so only normalised. */
export async function inputOf({ seen }: Golden, p: Preprocessing): Promise<Volume> {
  const pixels = await readPixels(join('tests/goldens', seen));
  return prepare(pixels, { ...p, fit: 'shorter-side', resize: p.input[0] }).input;
}

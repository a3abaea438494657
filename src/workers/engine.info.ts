import { inputNode } from '../models/lookup.ts';
import type { Network } from '../models/network.ts';
import type { Preprocessing } from '../models/preprocessing.ts';
import type { PublishedWeights } from '../models/published.ts';
import { weightsFor } from '../models/zoo/index.ts';
import type { LoadedNetwork, WeightManifest } from './contract.ts';
import type { ShelfOrigin } from './shelf.contract.ts';

/** What is known of weights that are not the page's own: from the catalogue where they were published, else assumed. */

export interface OwnFile {
  readonly name: string;
  readonly bytes: number;
  /** The naming scheme by which it fitted the network. */
  readonly source: string;
  /** Of a kept file. */
  readonly origin?: ShelfOrigin;
}

/** All but the time. */
export type OwnInfo = Omit<LoadedNetwork, 'milliseconds'>;

export function ownInfo(
  network: Network,
  file: OwnFile,
  manifest: WeightManifest,
  catalogue: readonly PublishedWeights[],
): OwnInfo {
  const { ref, info, graph } = network;
  const bundled = weightsFor(manifest.weights, ref);
  const named =
    bundled ?? manifest.weights.find((e) => e.dataset === info.dataset && e.classes.length === info.classes);
  const published = publishedAs(ref, file, catalogue);
  const known = published ?? bundled;
  const alike = catalogue.find((entry) => entry.network === ref && entry.source === file.source);
  const { shape } = inputNode(graph);
  const told = known ?? alike;
  const preprocessing = told ? forInput(told.preprocessing, shape) : usualPreprocessing(shape);
  const assumed = [
    ...(named ? [] : (['classes'] as const)),
    ...(known?.preprocessing === preprocessing ? [] : (['preprocessing'] as const)),
  ];
  return {
    ref,
    classes: named?.classes ?? Array.from({ length: info.classes }, (_, i) => `class ${i}`),
    dataset: published?.dataset ?? info.dataset,
    preprocessing,
    weightsName: file.name,
    weightBytes: file.bytes,
    fromCache: file.origin !== undefined,
    ...(assumed.length > 0 && { assumed }),
  };
}

/**
 * The catalogue's entry of a file: by its id where it was fetched from there, else by its name and, where the publisher
 * states one, its size. Names that several entries share (timm's) count only where all are prepared for alike.
 */
export function publishedAs(
  ref: string,
  { name, bytes, origin }: OwnFile,
  catalogue: readonly PublishedWeights[],
): PublishedWeights | null {
  if (origin?.kind === 'published') return catalogue.find(({ id }) => id === origin.id) ?? null;
  // Browsers number a file that is downloaded twice.
  const plain = (origin?.name ?? name).replace(/ ?\(\d+\)(?=\.\w+$)/, '');
  const [first, ...others] = catalogue.filter(
    (entry) =>
      entry.network === ref &&
      entry.file === plain &&
      (entry.bytesAre === 'computed' || entry.bytes === bytes),
  );
  const way = JSON.stringify(first?.preprocessing);
  return first && others.every((entry) => JSON.stringify(entry.preprocessing) === way) ? first : null;
}

/** The same way of looking for another input: the shorter side keeps its proportion to it. */
function forInput(preprocessing: Preprocessing, input: Preprocessing['input']): Preprocessing {
  const { input: meant, resize } = preprocessing;
  if (meant.every((size, axis) => size === input[axis])) return preprocessing;
  return { ...preprocessing, input, resize: Math.round((resize * input[0]) / meant[0]) };
}

/** ImageNet's usual evaluation (torchvision: shorter side 256 for 224, bilinear); digits for networks of one channel. */
export function usualPreprocessing(input: Preprocessing['input']): Preprocessing {
  const [height, , channels] = input;
  const grey = channels === 1;
  return {
    input,
    colour: grey ? 'grey' : 'rgb',
    fit: grey ? 'digit' : 'shorter-side',
    resize: grey ? height : Math.round((height * 256) / 224),
    filter: 'bilinear',
    mean: grey ? [0.1307] : [0.485, 0.456, 0.406],
    std: grey ? [0.3081] : [0.229, 0.224, 0.225],
  };
}

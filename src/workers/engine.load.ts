import { ConvScopeError } from '../models/errors.ts';
import { inputNode } from '../models/lookup.ts';
import type { Network } from '../models/network.ts';
import type { Preprocessing } from '../models/preprocessing.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';
import type { LoadedNetwork, OnProgress, WeightEntry, WeightManifest, WeightSource } from './contract.ts';
import type { Platform } from './platform.ts';
import { readSafetensors } from './safetensors.ts';
import { fittingNetworks, matchWeights, type WeightMatch } from './weights.ts';

/** From a reference and a source of weights to tensors that are known to fit: everything that needs no device. */

export interface Checked {
  readonly network: Network;
  readonly match: WeightMatch;
  /** All but the time. */
  readonly info: Omit<LoadedNetwork, 'milliseconds'>;
}

/** All listed networks whose checkpoints have names: those that a file can fit. */
const candidates = (): readonly Network[] =>
  members.map(({ id }) => buildNetwork(id)).filter(({ names }) => Object.keys(names).length > 0);

export const networksThatFit = (name: string, bytes: Uint8Array): readonly string[] =>
  fittingNetworks(readSafetensors(bytes, name), candidates());

export async function checkedWeights(
  ref: string,
  source: WeightSource,
  manifest: WeightManifest,
  platform: Platform,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Checked> {
  const network = buildNetwork(ref);
  if (source.kind === 'file') return checkOwnFile(network, source, manifest, onProgress);
  const entry = manifest.weights.find((weights) => weights.network === ref);
  if (!entry) {
    throw new ConvScopeError(
      'no-weights',
      `${ref} comes without weights: it is drawn and counted, and gives no answers. ` +
        `Load a .safetensors file of your own, or choose ${manifest.weights.map((w) => w.network).join(', ')}.`,
      { network: ref, withWeights: manifest.weights.map((weights) => weights.network) },
    );
  }
  expectInput(network, entry);
  const { bytes, fromCache, notCached } = await platform.readWeights(entry, manifest, {
    signal,
    onBytes: (loadedBytes, totalBytes) =>
      onProgress({ phase: 'weights', fraction: loadedBytes / totalBytes, loadedBytes, totalBytes }),
    onVerify: () => onProgress({ phase: 'verify', fraction: 0 }),
  });
  const match = matchWeights(network, readSafetensors(bytes, entry.file), entry.file, {
    source: entry.source,
  });
  onProgress({ phase: 'verify', fraction: 1 });
  const { classes, dataset, preprocessing } = entry;
  const info = { ref, classes, dataset, preprocessing, weightsName: entry.file, weightBytes: bytes.length };
  return { network, match, info: { ...info, fromCache, ...(notCached && { notCached }) } };
}

function expectInput(network: Network, { file, preprocessing, classes }: WeightEntry): void {
  const { shape } = inputNode(network.graph);
  const wrongInput = shape.some((size, axis) => preprocessing.input[axis] !== size);
  if (!wrongInput && classes.length === network.info.classes) return;
  throw new ConvScopeError(
    'weights-format',
    `weights/manifest.json does not agree with ${network.ref}: ${file} is for inputs of ` +
      `${preprocessing.input.join('x')} and ${classes.length} classes, the network has ${shape.join('x')} and ` +
      `${network.info.classes}. Build the page again.`,
    { file: 'manifest.json', network: network.ref },
  );
}

/** A file of the user's own holds tensors only: names and preprocessing come from what is known of the network. */
function checkOwnFile(
  network: Network,
  { name, bytes }: Extract<WeightSource, { kind: 'file' }>,
  manifest: WeightManifest,
  onProgress: OnProgress,
): Checked {
  onProgress({ phase: 'verify', fraction: 0 });
  const own = new Uint8Array(bytes);
  const file = readSafetensors(own, name);
  const match = matchWeights(network, file, name, { fits: () => fittingNetworks(file, candidates()) });
  onProgress({ phase: 'verify', fraction: 1 });

  const { ref, graph, info } = network;
  const same = manifest.weights.find((entry) => entry.network === ref);
  const sameClasses =
    same ?? manifest.weights.find((e) => e.dataset === info.dataset && e.classes.length === info.classes);
  const assumed = [
    ...(sameClasses ? [] : (['classes'] as const)),
    ...(same ? [] : (['preprocessing'] as const)),
  ];
  return {
    network,
    match,
    info: {
      ref,
      classes: sameClasses?.classes ?? Array.from({ length: info.classes }, (_, i) => `class ${i}`),
      dataset: info.dataset,
      preprocessing: same?.preprocessing ?? usualPreprocessing(inputNode(graph).shape),
      weightsName: name,
      weightBytes: own.length,
      fromCache: false,
      ...(assumed.length > 0 && { assumed }),
    },
  };
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

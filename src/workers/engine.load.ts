import { ConvScopeError } from '../models/errors.ts';
import type { CheckpointTensors } from '../models/checkpoint.ts';
import { inputNode } from '../models/lookup.ts';
import type { Network } from '../models/network.ts';
import type { Preprocessing } from '../models/preprocessing.ts';
import { buildNetwork, members, weightsFor } from '../models/zoo/index.ts';
import type { LoadedNetwork, OnProgress, WeightEntry, WeightManifest, WeightSource } from './contract.ts';
import { fileSource } from './engine.file.ts';
import { throwIfCancelled } from './engine.time.ts';
import type { Platform } from './platform.ts';
import { bytesOf, type ByteSource } from './readers/tensorFile.ts';
import { belongsTo, matchedParameters, matchWeights, type Belongs } from './weights.ts';
import { openTensorFile } from './readers/open.ts';
import type { ParameterSource } from './weightsSource.ts';

/** From a reference and a source of weights to tensors that are known to fit: everything that needs no device. */

export interface Checked {
  readonly network: Network;
  /** Values are read from the file when a layer is made of them: at loading, and again on another device. */
  readonly parameters: ParameterSource;
  /** All but the time. */
  readonly info: Omit<LoadedNetwork, 'milliseconds'>;
}

/** What a request for weights needs of its surroundings. */
export interface LoadContext {
  readonly manifest: WeightManifest;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Of all listed networks those to which a file belongs. */
const belongs = (file: CheckpointTensors): Belongs =>
  belongsTo(
    file,
    members.map(({ id }) => buildNetwork(id)),
  );

export const networksThatFit = async (name: string, file: Blob): Promise<readonly string[]> =>
  belongs(await openTensorFile(fileSource(name, file))).fits;

export async function checkedWeights(
  network: Network,
  source: WeightSource,
  context: LoadContext,
): Promise<Checked> {
  if (source.kind === 'bundled') return bundledWeights(network, context);
  const bytes =
    source.kind === 'file'
      ? fileSource(source.name, source.file)
      : (await context.platform.openKept(source.id)).source;
  return ownWeights(network, bytes, context);
}

async function bundledWeights(network: Network, { manifest, platform, signal, onProgress }: LoadContext) {
  const { ref } = network;
  const entry = weightsFor(manifest.weights, ref);
  if (!entry) {
    throw new ConvScopeError(
      'no-weights',
      `${ref} comes without weights: it is drawn and counted, and gives no answers. ` +
        `Load a weight file of your own, or choose ${manifest.weights.map((w) => w.network).join(', ')}.`,
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
  const file = await openTensorFile(bytesOf(entry.file, bytes));
  const match = matchWeights(network, file, entry.file, { source: entry.source });
  onProgress({ phase: 'verify', fraction: 1 });
  const { classes, dataset, preprocessing } = entry;
  const info = { ref, classes, dataset, preprocessing, weightsName: entry.file, weightBytes: file.bytes };
  return {
    network,
    parameters: matchedParameters(match, file),
    info: { ...info, fromCache, ...(notCached && { notCached }) },
  };
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
async function ownWeights(
  network: Network,
  source: ByteSource,
  { manifest, signal, onProgress }: LoadContext,
): Promise<Checked> {
  const { name } = source;
  onProgress({ phase: 'verify', fraction: 0 });
  const file = await openTensorFile(source);
  throwIfCancelled(signal);
  const match = matchWeights(network, file, name, { belongs: () => belongs(file) });
  onProgress({ phase: 'verify', fraction: 1 });

  const { ref, graph, info } = network;
  const same = weightsFor(manifest.weights, ref);
  const sameClasses =
    same ?? manifest.weights.find((e) => e.dataset === info.dataset && e.classes.length === info.classes);
  const assumed = [
    ...(sameClasses ? [] : (['classes'] as const)),
    ...(same ? [] : (['preprocessing'] as const)),
  ];
  return {
    network,
    parameters: matchedParameters(match, file),
    info: {
      ref,
      classes: sameClasses?.classes ?? Array.from({ length: info.classes }, (_, i) => `class ${i}`),
      dataset: info.dataset,
      preprocessing: same?.preprocessing ?? usualPreprocessing(inputNode(graph).shape),
      weightsName: name,
      weightBytes: file.bytes,
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

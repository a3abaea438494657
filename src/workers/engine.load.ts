import { ConvScopeError } from '../models/errors.ts';
import type { CheckpointTensors } from '../models/checkpoint.ts';
import { inputNode } from '../models/lookup.ts';
import type { Network } from '../models/network.ts';
import type { PublishedWeights } from '../models/published.ts';
import { buildNetwork, members, weightsFor } from '../models/zoo/index.ts';
import type { LoadedNetwork, OnProgress, WeightEntry, WeightManifest, WeightSource } from './contract.ts';
import { fileSource } from './engine.file.ts';
import { throwIfCancelled } from './engine.time.ts';
import { ownInfo } from './engine.info.ts';
import type { KeptFile, Platform } from './platform.ts';
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

/** Loaded when somebody brings weights: the page's own need none of it. */
const readCatalogue = async (): Promise<readonly PublishedWeights[]> =>
  (await import('../models/catalogue.ts')).catalogue;

/** Of all networks that are listed, or have published weights, those to which a file belongs. */
function belongs(file: CheckpointTensors, catalogue: readonly PublishedWeights[]): Belongs {
  const refs = new Set([...members.map(({ id }) => id), ...catalogue.map(({ network }) => network)]);
  return belongsTo(file, [...refs].map(buildNetwork));
}

export const networksThatFit = async (name: string, file: Blob): Promise<readonly string[]> =>
  belongs(await openTensorFile(fileSource(name, file)), await readCatalogue()).fits;

export async function checkedWeights(
  network: Network,
  source: WeightSource,
  context: LoadContext,
): Promise<Checked> {
  if (source.kind === 'bundled') return bundledWeights(network, context);
  if (source.kind === 'file')
    return ownWeights(network, { source: fileSource(source.name, source.file) }, context);
  return ownWeights(network, await context.platform.openKept(source.id), context);
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
  const fetched = await platform.readWeights(entry, manifest, {
    signal,
    onBytes: (loadedBytes, totalBytes) =>
      onProgress({ phase: 'weights', fraction: loadedBytes / totalBytes, loadedBytes, totalBytes }),
    onVerify: () => onProgress({ phase: 'verify', fraction: 0 }),
  });
  const { fromCache, notCached } = fetched;
  const file = await openTensorFile(fileSource(entry.file, fetched.file));
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

/** A file holds tensors only: classes and preprocessing come from what is known of it or of the network. */
async function ownWeights(
  network: Network,
  { source, item }: Pick<KeptFile, 'source'> & Partial<KeptFile>,
  { manifest, signal, onProgress }: LoadContext,
): Promise<Checked> {
  const { name } = source;
  onProgress({ phase: 'verify', fraction: 0 });
  const [file, catalogue] = await Promise.all([openTensorFile(source), readCatalogue()]);
  throwIfCancelled(signal);
  const match = matchWeights(network, file, name, { belongs: () => belongs(file, catalogue) });
  onProgress({ phase: 'verify', fraction: 1 });
  const own = { name, bytes: file.bytes, source: match.source, ...(item && { origin: item.origin }) };
  return {
    network,
    parameters: matchedParameters(match, file),
    info: ownInfo(network, own, manifest, catalogue),
  };
}

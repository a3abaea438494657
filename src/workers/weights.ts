import { ConvScopeError } from '../models/errors.ts';
import type { Network } from '../models/network.ts';
import { nodeParameters } from '../models/parameters.ts';
import { decodeTensor, type FileTensor, type TensorFile } from './safetensors.ts';

/**
 * Matches the tensors of a file to the parameters of a network, strictly: what is missing, left over or of another
 * shape is all told in one error. Loading a part and leaving the rest random would give answers that look real.
 */

/** Key `${nodeId}/${parameter}`, values as the checkpoint stores them (PyTorch's layout). */
export type RawParameters = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Float32Array }
>;

export interface WeightMatch {
  /** Which of the network's naming schemes fitted. */
  readonly source: string;
  readonly tensors: ReadonlyMap<string, FileTensor>;
}

interface Mismatch {
  readonly source: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshaped: readonly string[];
}

/** PyTorch counts the batches that a batch normalisation saw in training; inference has no use for the count. */
const isBatchCount = (name: string): boolean => /(^|\.)num_batches_tracked$/.test(name);

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** How many problems a scheme leaves: the one with the fewest is the one that the file was meant for. */
const problems = (m: Mismatch): number => m.missing.length + m.unexpected.length + m.misshaped.length;

function matchSource(network: Network, source: string, file: TensorFile): WeightMatch | Mismatch {
  const nameOf = network.names[source]!;
  const tensors = new Map<string, FileTensor>();
  const missing: string[] = [];
  const misshaped: string[] = [];
  const used = new Set<string>();
  for (const node of network.graph.nodes) {
    for (const parameter of nodeParameters(network.graph, node)) {
      const stored = nameOf(node, parameter.name);
      // Recipes come with the readers that need them; so far a file is matched by plain names.
      const name = typeof stored === 'string' ? stored : null;
      // A checkpoint does not store what the paper fixes once for all (LeNet-5's prototypes); the graph has it.
      if (name === null && parameter.role === 'fixed') continue;
      const tensor = name === null ? undefined : file.tensors.get(name);
      if (name === null || !tensor) {
        missing.push(name ?? `${node.id}/${parameter.name}`);
        continue;
      }
      used.add(name);
      if (sameShape(tensor.shape, parameter.shape)) tensors.set(`${node.id}/${parameter.name}`, tensor);
      else misshaped.push(`${name} is [${tensor.shape.join(', ')}], needs [${parameter.shape.join(', ')}]`);
    }
  }
  const unexpected = [...file.tensors.keys()].filter((name) => !used.has(name) && !isBatchCount(name));
  if (missing.length + unexpected.length + misshaped.length === 0) return { source, tensors };
  return { source, missing, unexpected, misshaped };
}

/** The match by the first of the network's schemes that fits, or what is wrong by the one that comes nearest. */
function tryMatch(network: Network, file: TensorFile, source?: string): WeightMatch | Mismatch {
  const sources = source === undefined ? Object.keys(network.names) : [source];
  const results = sources.filter((s) => network.names[s]).map((s) => matchSource(network, s, file));
  const fit = results.find((result): result is WeightMatch => 'tensors' in result);
  if (fit) return fit;
  const nothing = { source: source ?? '', missing: [], unexpected: [...file.tensors.keys()], misshaped: [] };
  const [first = nothing, ...others] = results.filter((result): result is Mismatch => 'missing' in result);
  return others.reduce((best, m) => (problems(m) < problems(best) ? m : best), first);
}

/**
 * Every parameter of the network in the file, by one of its naming schemes (`source`: only by that one).
 * Throws 'weights-mismatch' with all differences; `fits` are the networks that the file does fit.
 */
export function matchWeights(
  network: Network,
  file: TensorFile,
  fileName: string,
  options: { readonly source?: string; readonly fits?: () => readonly string[] } = {},
): WeightMatch {
  const result = tryMatch(network, file, options.source);
  if ('tensors' in result) return result;
  const { missing, unexpected, misshaped } = result;
  const fits = options.fits?.() ?? [];
  const part = (title: string, names: readonly string[]): string =>
    names.length > 0 ? ` ${title} (${names.length}): ${names.join('; ')}.` : '';
  const advice =
    fits.length > 0
      ? ` The file fits ${fits.join(', ')}: choose that network.`
      : ' Choose the network that the file was made for, or rename its tensors.';
  throw new ConvScopeError(
    'weights-mismatch',
    `${fileName} does not fit ${network.ref}.` +
      part('Missing', missing) +
      part('Unexpected', unexpected) +
      part('Another shape', misshaped) +
      advice,
    { file: fileName, network: network.ref, missing, unexpected, misshaped, fits },
  );
}

/** Decodes all matched tensors to float32. Throws 'weights-corrupt' for a value that is not finite. */
export function decodeMatch(match: WeightMatch, fileName: string): RawParameters {
  const raw = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const [key, tensor] of match.tensors) {
    raw.set(key, { shape: tensor.shape, values: decodeTensor(tensor, fileName) });
  }
  return raw;
}

/** The refs of those networks that the file fits exactly, by any of their naming schemes. */
export function fittingNetworks(file: TensorFile, networks: readonly Network[]): readonly string[] {
  return networks.filter((network) => 'tensors' in tryMatch(network, file)).map((network) => network.ref);
}

import { isMatch } from '../models/checkpoint.ts';
import type { CheckpointDifferences, CheckpointMatch, CheckpointTensors } from '../models/checkpoint.ts';
import { matchCheckpoint, sourcesFor } from '../models/checkpointMatch.ts';
import { readParameter } from '../models/checkpointValues.ts';
import { ConvScopeError } from '../models/errors.ts';
import type { Network } from '../models/network.ts';
import { elements } from '../models/shape.ts';
import type { TensorFile } from './readers/tensorFile.ts';
import type { ParameterSource } from './weightsSource.ts';

/**
 * Matches the tensors of a file to the parameters of a network, strictly: what is missing, left over or of another
 * shape is all told in one error.
 */

/** How many problems a scheme leaves: the one with the fewest is the one that the file was meant for. */
const problems = (m: CheckpointDifferences): number =>
  m.missing.length + m.unexpected.length + m.misshaped.length;

/** The match by the first of the network's schemes that fits, or what is wrong by the one that comes nearest. */
function tryMatch(
  network: Network,
  file: CheckpointTensors,
  source?: string,
): CheckpointMatch | CheckpointDifferences {
  const sources = source === undefined ? sourcesFor(network, file) : [source];
  const results = sources.map((name) => matchCheckpoint(network, name, file));
  const fit = results.find(isMatch);
  if (fit) return fit;
  const nothing = { source: '', missing: [], unexpected: [...file.tensors.keys()], misshaped: [] };
  const [first = nothing, ...others] = results.filter(
    (result): result is CheckpointDifferences => !isMatch(result),
  );
  return others.reduce((best, m) => (problems(m) < problems(best) ? m : best), first);
}

/** The networks that a file fits, or the one that it comes near to. */
export interface Belongs {
  readonly fits: readonly string[];
  readonly likely: string | null;
}

/** A file with more than this part of its tensors in order is that network's: another number of classes, a part left out. */
const likelyShare = 0.75;

/** To which of these networks a file belongs, by any of their naming schemes. */
export function belongsTo(file: CheckpointTensors, networks: readonly Network[]): Belongs {
  const fits: string[] = [];
  let likely: string | null = null;
  let fewest = file.tensors.size * (1 - likelyShare);
  for (const network of networks) {
    const result = tryMatch(network, file);
    if (isMatch(result)) fits.push(network.ref);
    else if (problems(result) < fewest) {
      likely = network.ref;
      fewest = problems(result);
    }
  }
  return { fits, likely: fits.length > 0 ? null : likely };
}

/** The refs of those networks that the file fits exactly, by any of their naming schemes. */
export function fittingNetworks(file: CheckpointTensors, networks: readonly Network[]): readonly string[] {
  return belongsTo(file, networks).fits;
}

function advice({ fits, likely }: Belongs, ref: string): string {
  if (fits.length > 0) return ` The file fits ${fits.join(', ')}: choose that network.`;
  if (likely !== null && likely !== ref)
    return ` Most of its tensors are those of ${likely}, but not all: it is a changed or incomplete file of that network.`;
  return ' Choose the network that the file was made for, or rename its tensors.';
}

/**
 * Every parameter of the network in the file, by one of its naming schemes (`source`: only by that one).
 * Throws 'weights-mismatch' with all differences; `belongs` is asked for the network that the file is of.
 */
export function matchWeights(
  network: Network,
  file: CheckpointTensors,
  fileName: string,
  options: { readonly source?: string; readonly belongs?: () => Belongs } = {},
): CheckpointMatch {
  const result = tryMatch(network, file, options.source);
  if (isMatch(result)) return result;
  const { missing, unexpected, misshaped } = result;
  const belongs = options.belongs?.() ?? { fits: [], likely: null };
  const part = (title: string, names: readonly string[]): string =>
    names.length > 0 ? ` ${title} (${names.length}): ${names.join('; ')}.` : '';
  throw new ConvScopeError(
    'weights-mismatch',
    `${fileName} does not fit ${network.ref}.` +
      part('Missing', missing) +
      part('Unexpected', unexpected) +
      part('Another shape', misshaped) +
      advice(belongs, network.ref),
    {
      file: fileName,
      network: network.ref,
      missing,
      unexpected,
      misshaped,
      fits: belongs.fits,
      ...(belongs.likely !== null && { likely: belongs.likely }),
    },
  );
}

/** The parameters of a matched file: their values are read from it when they are asked for. */
export function matchedParameters({ recipes }: CheckpointMatch, file: TensorFile): ParameterSource {
  return {
    fresh: true,
    shapeOf: (key) => recipes.get(key)?.shape ?? null,
    async read(key, first, count) {
      const recipe = recipes.get(key)!;
      // Layers are read by whole rows of their first axis: filters, units.
      const row = elements(recipe.shape.slice(1));
      return readParameter(recipe, file, { first: first / row, count: count / row });
    },
    async readHalves(key, first, count) {
      const { from } = recipes.get(key)!;
      if (!('tensor' in from) || from.layout === 'transposed') return null;
      return (await file.tensors.get(from.tensor)?.readHalves?.(first, count)) ?? null;
    },
  };
}

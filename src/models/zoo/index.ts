import { ConvScopeError } from '../errors.ts';
import { nearestNames } from '../lookup.ts';
import type { Network, NetworkInfo } from '../network.ts';
import { alexnet } from './alexnet.ts';
import { efficientnet } from './efficientnet.ts';
import { googlenet } from './googlenet.ts';
import { lenet } from './lenet.ts';
import type { Recipe } from './recipe.ts';
import { resnet } from './resnet.ts';
import { zfnet } from './zfnet.ts';

/** Every family in the order of its first paper. */
const recipes: readonly Recipe[] = [lenet, alexnet, zfnet, googlenet, resnet, efficientnet].flat();
const recipeById: ReadonlyMap<string, Recipe> = new Map(recipes.map((recipe) => [recipe.info.id, recipe]));

/** Everything that is listed, by year: facts only, no graph is built for a list. */
export const members: readonly NetworkInfo[] = recipes.map((recipe) => recipe.info);

const built = new Map<string, Network>();

/**
 * The network that a reference names; every caller gets the same object for the same reference.
 * A reference is a member's id; `id?key=value&...` is its form with parameters. Throws 'unknown-network' with the
 * nearest ids, 'bad-parameter' where a member does not take what was given.
 */
export function buildNetwork(ref: string): Network {
  const known = built.get(ref);
  if (known) return known;
  const [id = '', query] = ref.split('?', 2);
  const recipe = recipeById.get(id);
  if (!recipe) {
    const ids = [...recipeById.keys()];
    const nearest = nearestNames(id, ids, 3);
    throw new ConvScopeError(
      'unknown-network',
      `There is no network '${id}'. Nearest: ${nearest.join(', ')}. All: ${ids.join(', ')}.`,
      { network: id, nearest, possible: ids },
    );
  }
  if (query !== undefined) {
    throw new ConvScopeError('bad-parameter', `${id} takes no parameters, got '${query}'.`, {
      network: id,
      parameters: query,
    });
  }
  const { info, deviations, names } = recipe;
  const network: Network = { ref, info, deviations, names, ...recipe.build() };
  built.set(ref, network);
  return network;
}

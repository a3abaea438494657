import { networkCost } from '../models/cost.ts';
import { ConvScopeError } from '../models/errors.ts';
import { ingredients, ingredientsOf, type Ingredient } from '../models/ingredients.ts';
import { nearestNames } from '../models/lookup.ts';
import type { Network } from '../models/network.ts';
import { sizeOf, sizes, type SizeId } from '../models/sizes.ts';
import { buildNetwork, families, members, parseReference } from '../models/zoo/index.ts';

/** What `zoo` is asked for; a network must match every kind of filter, of families, years and sizes any one. */
export interface ZooFilters {
  readonly family?: readonly string[];
  /** `2015` or `2014-2016`. */
  readonly year?: readonly string[];
  readonly ingredient?: readonly string[];
  /** By parameters: tiny, small, medium or large. */
  readonly size?: readonly string[];
}

/** Throws 'bad-parameter' where a filter names what no network can have. */
export function listedNetworks(filters: ZooFilters): readonly Network[] {
  const families = filters.family?.map(familyTest);
  const years = filters.year?.map(yearTest);
  const wanted = filters.ingredient?.map(ingredientNamed) ?? [];
  const sizesAsked = filters.size?.map(sizeNamed);
  // Facts are looked at first: a graph is built only for what is left.
  return members
    .filter((info) => !years || years.some((test) => test(info.year)))
    .filter((info) => !families || families.some((test) => test(info.id, info.family)))
    .map(({ id }) => buildNetwork(id))
    .filter(({ graph }) => wanted.every((each) => ingredientsOf(graph).has(each)))
    .filter(({ graph }) => !sizesAsked || sizesAsked.includes(sizeOf(networkCost(graph).params)));
}

/** `resnet` is all that literature calls so, `cifar-resnet` what one set of parameters draws. */
function familyTest(name: string): (id: string, family: string) => boolean {
  const known = [...new Set([...members.map(({ family }) => family), ...families.map(({ id }) => id)])];
  if (!known.includes(name)) throw unknown('family', name, known);
  return (id, family) => family === name || parseReference(id).family.id === name;
}

function yearTest(text: string): (year: number) => boolean {
  const match = /^(\d{4})(?:-(\d{4}))?$/.exec(text);
  const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (!(from <= to)) {
    throw new ConvScopeError(
      'bad-parameter',
      `--year ${text} is no year. Possible: a year (2015) or the first and the last (2014-2016); ` +
        `the zoo has ${members[0]!.year} to ${members.at(-1)!.year}.`,
      { parameter: 'year' },
    );
  }
  return (year) => year >= from && year <= to;
}

/** As papers abbreviate them. */
const abbreviations: Readonly<Record<string, Ingredient>> = { bn: 'batchNorm' };

function ingredientNamed(name: string): Ingredient {
  const lower = name.toLowerCase();
  const found = abbreviations[lower] ?? ingredients.find((each) => each.toLowerCase() === lower);
  if (!found) throw unknown('ingredient', name, ingredients);
  return found;
}

function sizeNamed(name: string): SizeId {
  const found = sizes.find(({ id }) => id === name.toLowerCase());
  if (!found)
    throw unknown(
      'size',
      name,
      sizes.map(({ id }) => id),
    );
  return found.id;
}

function unknown(filter: string, name: string, known: readonly string[]): ConvScopeError {
  return new ConvScopeError(
    'bad-parameter',
    `The zoo has no ${filter} '${name}'. Nearest: ${nearestNames(name, known, 1).join('')}. All: ${known.join(', ')}.`,
    { parameter: filter, possible: known },
  );
}

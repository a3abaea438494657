import type { Ingredient } from '../../models/ingredients.ts';
import type { NetworkInfo } from '../../models/network.ts';
import type { NetworkFacts } from './facts.ts';

/** By parameters: the sizes that a list is asked for. Lower bounds are inclusive. */
export const sizes = [
  { id: 'tiny', from: 0, to: 1e6 },
  { id: 'small', from: 1e6, to: 1e7 },
  { id: 'medium', from: 1e7, to: 5e7 },
  { id: 'large', from: 5e7, to: Infinity },
] as const;
export type SizeId = (typeof sizes)[number]['id'];

export interface Filter {
  readonly query: string;
  readonly ingredients: readonly Ingredient[];
  readonly size: SizeId | null;
}

export const noFilter: Filter = { query: '', ingredients: [], size: null };

export function isFiltering({ query, ingredients, size }: Filter): boolean {
  return query.trim() !== '' || ingredients.length > 0 || size !== null;
}

export interface Candidate {
  readonly info: NetworkInfo;
  readonly familyName: string;
  /** Null as long as nobody has computed them. */
  readonly facts: NetworkFacts | null;
  /** Ingredients by the words that the page and papers use for them, so that typing 'LRN' finds them. */
  readonly words: (ingredient: Ingredient) => readonly string[];
}

/** Whether a network passes; without its facts it passes only what does not need them. */
export function passes({ query, ingredients, size }: Filter, candidate: Candidate): boolean {
  const { info, familyName, facts, words } = candidate;
  if (ingredients.some((each) => !facts?.ingredients.includes(each))) return false;
  const range = sizes.find(({ id }) => id === size);
  if (range && !(facts && facts.params >= range.from && facts.params < range.to)) return false;
  const text = fold([info.name, info.id, familyName, info.authors, info.year, info.dataset].join(' '));
  const made = (facts?.ingredients ?? []).flatMap(words).map(fold);
  return query
    .split(/\s+/)
    .filter(Boolean)
    .map(fold)
    .every((word) => text.includes(word) || made.some((name) => name.startsWith(word)));
}

/** Case, hyphens and the two ways to write a times sign do not matter to somebody who searches. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .replaceAll('×', 'x');
}

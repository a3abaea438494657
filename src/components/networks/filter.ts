import type { Ingredient } from '../../models/ingredients.ts';
import type { NetworkInfo } from '../../models/network.ts';
import { sizeOf, type SizeId } from '../../models/sizes.ts';
import type { NetworkFacts } from './facts.ts';

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
  if (size !== null && !(facts && sizeOf(facts.params) === size)) return false;
  const text = textOf(info, familyName);
  const made = (facts?.ingredients ?? []).flatMap(words).map(fold);
  const found = (word: string): boolean => text.includes(word) || made.some((name) => name.startsWith(word));
  return query
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => inYears(word, info.year) ?? found(fold(word)));
}

const texts = new WeakMap<NetworkInfo, string>();

/** What is known of a member without its graph; each letter of a search asks for all of them. */
function textOf(info: NetworkInfo, familyName: string): string {
  const known = texts.get(info);
  if (known !== undefined) return known;
  const text = fold([info.name, info.id, familyName, info.authors, info.year, info.dataset].join(' '));
  texts.set(info, text);
  return text;
}

/** `2014-2016` is a range of years; null for any other word. */
function inYears(word: string, year: number): boolean | null {
  const range = /^(\d{4})[-–](\d{4})$/.exec(word);
  return range && year >= Number(range[1]) && year <= Number(range[2]);
}

/** Case, hyphens and the two ways to write a times sign do not matter to somebody who searches. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .replaceAll('×', 'x');
}

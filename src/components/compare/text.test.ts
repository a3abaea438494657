import { describe, expect, it } from 'vitest';
import en from './text/en.json';
import ko from './text/ko.json';

type Tree = { readonly [key: string]: string | Tree };

const flat = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
/** Korean has one plural form and English two: the suffix does not count. */
const base = (key: string) => key.replace(/_(one|other)$/, '');
const facts = (tree: Tree) =>
  Object.fromEntries(
    flat(tree).map(([key, text]) => [
      base(key),
      [...new Set([...text.matchAll(/{{\s*(\w+)/g)].map(([, name]) => name))].sort(),
    ]),
  );

describe('the words of the comparison', () => {
  it('are the same sentences with the same facts in both languages', () => {
    expect(facts(ko)).toEqual(facts(en));
  });

  it('leave no sentence empty', () => {
    expect([...flat(en), ...flat(ko)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

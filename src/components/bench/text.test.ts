import { describe, expect, it } from 'vitest';
import en from './text/en.json';
import ko from './text/ko.json';

type Tree = { readonly [key: string]: string | Tree };

const flat = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
const facts = (tree: Tree) =>
  Object.fromEntries(
    flat(tree).map(([key, text]) => [
      key,
      [...new Set([...text.matchAll(/{{\s*(\w+)/g)].map(([, name]) => name))].sort(),
    ]),
  );

describe('the words of the bench page', () => {
  it('are the same sentences with the same facts in both languages', () => {
    expect(facts(ko)).toEqual(facts(en));
  });

  it('leave no sentence empty', () => {
    expect([...flat(en), ...flat(ko)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

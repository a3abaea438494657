import { describe, expect, it } from 'vitest';
import { noteText, sourceText, variantText } from './figureTexts.ts';
import { ilsvrc } from './ilsvrc.ts';
import { members } from './index.ts';
import { notesOf } from './notes.ts';

const errors = members.flatMap(({ id }) => notesOf(id).publishedErrors);
const sources = new Set([
  ...errors.map(({ source }) => source),
  ...[...JSON.stringify(ilsvrc).matchAll(/"source":"([^"]*)"/g)].map(([, source = '']) => source),
]);
const told = (key: 'variant' | 'note'): Set<string> => new Set(errors.flatMap((error) => error[key] ?? []));

/** Words of a sentence; names, file names and addresses have others, or stand within them. */
const english =
  /(?<![\w./-])(the|of|in|on|at|as|and|by|read|also|quoted|their|text|abstract|page|tables?|fig|sec|results|crops?|blog|about|is|not|with)(?![\w./-])/i;

describe('texts of published figures', () => {
  it('stay as they were noted in English', () => {
    for (const source of sources) expect(sourceText(source, 'en')).toBe(source);
  });
  it('have no English sentence left in a Korean source', () => {
    expect(sources.size).toBeGreaterThan(200);
    const left = [...sources].filter((source) => english.test(sourceText(source, 'ko')));
    expect(left).toEqual([]);
  });
  it('keep names and numbers', () => {
    expect(
      sourceText(
        'Krizhevsky et al. 2012, Table 2 (read as quoted in Zeiler & Fergus, Table 2): 5 CNNs',
        'ko',
      ),
    ).toBe('Krizhevsky et al. 2012, 표 2 (Zeiler & Fergus, 표 2의 인용으로 확인): CNN 5개');
    const digits = (text: string): string => (text.match(/\d+/g) ?? []).sort().join(' ');
    // Korean counts its months.
    for (const source of sources)
      expect(digits(sourceText(source, 'ko')), source).toBe(digits(source.replace('September', '9')));
  });
  it('have each variant and remark in Korean', () => {
    const hangul = /[가-힣]/;
    for (const variant of told('variant')) expect(variantText(variant, 'ko'), variant).toMatch(hangul);
    for (const note of told('note')) expect(noteText(note, 'ko'), note).toMatch(hangul);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Face {
  readonly name: string;
  readonly file: string;
  readonly covers: (code: number) => boolean;
}

const here = new URL('./', import.meta.url);
const faces: readonly Face[] = [
  ...readFileSync(new URL('faces.css', here), 'utf8').matchAll(/@font-face {([^}]*)}/g),
].map(([, rules = '']) => {
  const of = (rule: string): string => new RegExp(`${rule}:\\s*([^;]*);`).exec(rules)?.[1] ?? '';
  const ranges = of('unicode-range')
    .replaceAll('U+', '')
    .split(',')
    .map((range) => range.trim().split('-'))
    .map(([from = '', to = from]) => [parseInt(from, 16), parseInt(to, 16)] as const);
  return {
    name: `${of('font-family')} ${of('font-weight')}`,
    file: /url\('([^']*)'/.exec(rules)?.[1] ?? '',
    covers: (code: number) => ranges.some(([from, to]) => code >= from && code <= to),
  };
});

/** All that the page says in either language. */
const said = [
  ...new Set(
    readdirSync(new URL('../i18n/', here), { recursive: true, withFileTypes: true })
      .filter(({ name }) => name.endsWith('.json'))
      .flatMap(({ parentPath, name }) => [...readFileSync(`${parentPath}/${name}`, 'utf8')]),
  ),
];

describe.each([...new Set(faces.map(({ name }) => name))])('the font %s', (name) => {
  const [own, whole, ...others] = faces.filter((face) => face.name === name);

  it('is two files: our own, and the complete one for what only it has', () => {
    expect(own?.file).toMatch(/^\.\/convscope-/);
    expect(whole?.file).toMatch(/^@fontsource\//);
    expect(others).toEqual([]);
    const codes = Array.from({ length: 0x3000 }, (_, code) => code);
    expect(codes.filter((code) => own?.covers(code) && whole?.covers(code))).toEqual([]);
    // Somebody's own labels are in other languages too.
    expect([...'éñüßÅ€'].filter((letter) => !whole?.covers(letter.charCodeAt(0)))).toEqual([]);
  });

  it('needs the complete file for none of the page’s own words', () => {
    expect(said.filter((letter) => whole?.covers(letter.codePointAt(0)!))).toEqual([]);
    expect([...'conv3_1/reduce 224×224×3'].filter((letter) => !own?.covers(letter.charCodeAt(0)))).toEqual(
      [],
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../models/manifest.ts';
import { bundledText, type BundledField } from './useBundledText.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
type Texts = Readonly<Record<string, Readonly<Partial<Record<BundledField, string>>>>>;
const textsOf = (language: string) =>
  (JSON.parse(read(`../i18n/${language}/app.json`)) as { bundled: Texts }).bundled;
const { weights } = parseManifest(read('../../../public/weights/manifest.json'));
const fields: readonly BundledField[] = ['measuredOn', 'licence', 'origin', 'note'];

describe('what the manifest says in prose', () => {
  const said = weights.flatMap((entry) => fields.map((field) => [entry.network, field, entry] as const));

  it.each(said)('%s: %s, is the English catalogue’s and has Korean', (network, field, entry) => {
    const text = bundledText(entry, field);
    expect(text).not.toBe('');
    // The name of a licence is the same in all languages.
    if (field === 'licence' && !text.includes(' ')) return;
    expect(textsOf('en')[network]?.[field]).toBe(text);
    expect(textsOf('ko')[network]?.[field]).toMatch(/[가-힣]/);
  });

  it('is all that the catalogues have', () => {
    for (const language of ['en', 'ko'])
      expect(Object.keys(textsOf(language))).toEqual(weights.map(({ network }) => network));
  });
});

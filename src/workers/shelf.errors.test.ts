import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as errors from './shelf.errors.ts';

const spec: errors.Fetched = {
  id: 'hub/net',
  url: 'https://hub.example/net.bin',
  file: 'net.bin',
  bytes: 1000,
  bytesAre: 'computed',
  sha256: 'abcd',
};

/** Every failure of the shelf, made as the shelf makes it. */
const made = [
  errors.offline(spec),
  errors.unreachable(spec, 'ENOTFOUND'),
  errors.blocked(spec),
  errors.refusedBy(spec, 404),
  errors.refusedBy(spec, 403),
  errors.refusedBy(spec, 503),
  errors.pageInstead(spec),
  errors.broken(spec, 500, 'reset'),
  errors.wrongSize(spec, 2),
  errors.wrongHash(spec, 'ffff'),
  errors.elsewhere('hub/net', 'net.bin'),
  errors.noRoom('net.bin', 10, 5),
  errors.storageRefused('net.bin', 'no'),
  errors.unknownWeights('hub/other'),
  errors.keptMissing('hub/net'),
];

describe.each(['en', 'ko'])('the page’s sentences in %s', (language) => {
  const path = new URL(`../components/i18n/${language}/errors.json`, import.meta.url);
  const catalogue = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;

  it.each(made.map((error) => [error.code, error] as const))(
    '%s has the facts that it names',
    (code, error) => {
      const named = [...catalogue[code]!.matchAll(/{{(\w+)}}/g)].map(([, name]) => name!);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !(name in error.details))).toEqual([]);
    },
  );
});

it('every failure is a whole sentence of its own', () => {
  expect(made.filter(({ message }) => !/^\S.*\.$/.test(message) || /undefined|null/.test(message))).toEqual(
    [],
  );
  expect(new Set(made.map(({ code }) => code)).size).toBe(made.length);
});

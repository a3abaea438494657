import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { disabledFeatures } from '../../scripts/chromium.mjs';

test('the driven browser leaves out all that Playwright has it leave out', () => {
  const driver = readFileSync(
    createRequire(import.meta.url).resolve('playwright-core/lib/coreBundle'),
    'utf8',
  );
  const list = /\bdisabledFeatures = \[([^\]]*)\]/.exec(driver)?.[1] ?? '';
  const names = [...list.matchAll(/^\s*"(\w+)"/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(disabledFeatures).toEqual(expect.arrayContaining(names));
});

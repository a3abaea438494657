import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The rows of docs/faults.md: fault, file and test. */
const rows = read('docs/faults.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('.test.ts'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, fault = '', , file = '', test = '']) => ({ fault, file: file.replaceAll('`', ''), test }));

/** The names that stand right after `test(` or a table of cases. */
const names = (file: string): readonly string[] =>
  [...read(`tests/browser/${file}`).matchAll(/(?:test\(|\)\()\s*(['"`])(.*?)\1/g)].map(
    ([, , name = '']) => name,
  );

describe('the list of faults', () => {
  it('has the faults of the page', () => {
    expect(rows.length).toBeGreaterThan(30);
  });

  it.each(rows)('$fault: its test exists', ({ file, test }) => {
    expect(names(file)).toContain(test);
  });

  it('names every test of the files that are about nothing else', () => {
    const files = readdirSync(new URL('tests/browser', root)).filter((file) =>
      /^faults\..*\.test\.ts$/.test(file),
    );
    const listed = rows.map(({ file, test }) => `${file}: ${test}`);
    const unlisted = files
      .flatMap((file) => names(file).map((test) => `${file}: ${test}`))
      .filter((each) => !listed.includes(each));
    expect(unlisted).toEqual([]);
  });
});

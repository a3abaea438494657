import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { upToDate, withTable } from '../../scripts/zoo-table.markdown.ts';
import { networkCost } from '../../src/models/cost.ts';
import { buildNetwork, members } from '../../src/models/zoo/index.ts';

const path = fileURLToPath(new URL('../../README.md', import.meta.url));
const readme = readFileSync(path, 'utf8');

describe('README', () => {
  it('has the table of the zoo as it is: `npm run -s zoo-table` writes it', async () => {
    expect(readme === (await upToDate(readme, path)), 'run npm run -s zoo-table').toBe(true);
  });

  it('names every network with its exact parameters, once', () => {
    for (const { id } of members) {
      const rows = readme.split('\n').filter((line) => line.startsWith('|') && line.includes(` \`${id}\` `));
      expect(rows.length, id).toBe(1);
      const params = networkCost(buildNetwork(id).graph).params;
      expect(rows[0]).toContain(` ${params.toLocaleString('en-US')} |`);
    }
  });
});

describe('the markers', () => {
  it('keep what is around them', () => {
    const text = 'a\n<!-- zoo -->\nold\n<!-- /zoo -->\nb\n';
    expect(withTable(text, 'new')).toBe('a\n<!-- zoo -->\n\nnew\n\n<!-- /zoo -->\nb\n');
  });

  it.each(['', '<!-- zoo -->', '<!-- /zoo --> <!-- zoo -->', '<!-- zoo --> <!-- /zoo --> <!-- /zoo -->'])(
    'that are wrong are refused: %j',
    (text) => {
      expect(() => withTable(text, 'new')).toThrow(/needs one <!-- zoo --> and after it one <!-- \/zoo -->/);
    },
  );
});

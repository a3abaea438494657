// `npm run -s zoo-table`: writes the zoo's table into README.md; a unit test fails while it is not up to date.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { upToDate } from './zoo-table.markdown.ts';

const path = fileURLToPath(new URL('../README.md', import.meta.url));
const before = await readFile(path, 'utf8');
const after = await upToDate(before, path);
if (after !== before) await writeFile(path, after);
console.log(
  after === before ? 'README.md is up to date.' : 'README.md has the table of the zoo as it is now.',
);

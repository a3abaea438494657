/**
 * Feeds damaged weight files to the readers: `npm run fuzz -- [reader] [count] [seed] [folder]`. Every input is made of
 * its number and the seed, and must give tensors that hold together or one of the errors of weight files, within five
 * seconds and with no allocation beyond what the file can stand for. With a folder, up to 500 inputs a reader that were
 * accepted are written there with what was read, for tests/readers/check_accepted.py to compare with the real libraries.
 */
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TensorFile } from '../src/workers/readers/tensorFile.ts';
import { corpus, listed } from '../tests/readers/fixtures.ts';
import { mutant, readers, type Reader } from '../tests/readers/mutate.ts';
import { countAllocations, judge } from '../tests/readers/oracle.ts';

const [readerName = 'all', countText = '100000', seedText = '1', folder] = process.argv.slice(2);
const count = Number(countText);
const seed = Number(seedText);
const chosen = readers.filter((reader) => readerName === 'all' || reader === readerName);
const mostKept = 500;
/** Without a word from the child for so long, it hangs. */
const patience = 30_000;

interface Report {
  readonly index: number;
  readonly done?: Readonly<Record<string, number>>;
  readonly wrong?: string;
}

/** In a process of its own, so that a hang or the end of its memory is a finding and not the end of the run. */
async function child(reader: Reader): Promise<void> {
  const files = corpus(reader);
  const tell = (report: Report) => process.send?.(report);
  // Tables that are made once belong to no input.
  for (const { name, bytes } of files) await judge(name, bytes);
  const restore = countAllocations();
  const tally: Record<string, number> = { inputs: 0 };
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const { name, bytes } = mutant(reader, seed, index, files);
    if (index % 20 === 0) tell({ index });
    const outcome = await judge(name, bytes);
    tally['inputs'] = (tally['inputs'] ?? 0) + 1;
    const key = outcome.kind === 'refused' ? outcome.code : outcome.kind;
    tally[key] = (tally[key] ?? 0) + 1;
    if (outcome.kind === 'wrong') tell({ index, wrong: `${name}: ${outcome.why}` });
    if (outcome.kind === 'read' && folder && kept < mostKept) {
      const small = [...outcome.file.tensors.values()].every(
        ({ shape }) => shape.reduce((product, n) => product * n, 1) < 10_000,
      );
      if (!small) continue;
      kept++;
      const base = `${folder}/${reader}-${index}`;
      writeFileSync(base, bytes);
      writeFileSync(
        `${base}.json`,
        JSON.stringify({ tensors: await listed(outcome.file), dtypes: dtypesOf(outcome.file) }),
      );
    }
  }
  restore();
  tell({ index: count, done: tally });
}

const dtypesOf = ({ tensors }: TensorFile): Readonly<Record<string, string>> =>
  Object.fromEntries([...tensors].map(([name, { dtype }]) => [name, dtype]));

function parent(reader: Reader): Promise<boolean> {
  return new Promise((resolve) => {
    const began = performance.now();
    const args = [reader, String(count), String(seed), ...(folder ? [folder] : [])];
    const worker = fork(fileURLToPath(import.meta.url), args, {
      env: { ...process.env, FUZZ_CHILD: reader },
    });
    let index = 0;
    let findings = 0;
    let finished = false;
    const give = () => {
      console.log(`${reader}: hangs after input ${index}`);
      findings++;
      worker.kill('SIGKILL');
    };
    let timer = setTimeout(give, patience);
    worker.on('message', (report: Report) => {
      clearTimeout(timer);
      timer = setTimeout(give, patience);
      index = report.index;
      if (report.wrong) {
        findings++;
        console.log(`${reader} seed ${seed} input ${index}: ${report.wrong}`);
      }
      if (report.done) {
        finished = true;
        const seconds = Math.round((performance.now() - began) / 1000);
        console.log(`${reader}: ${JSON.stringify(report.done)} in ${seconds} s`);
      }
    });
    worker.on('exit', (code) => {
      clearTimeout(timer);
      if (!finished) console.log(`${reader}: ended with ${code} after input ${index}`);
      resolve(finished && findings === 0);
    });
  });
}

async function main(): Promise<void> {
  const mine = readers.find((reader) => reader === process.env['FUZZ_CHILD']);
  if (mine) return child(mine);
  if (folder) mkdirSync(folder, { recursive: true });
  for (const reader of chosen) if (!(await parent(reader))) process.exitCode = 1;
}

void main();

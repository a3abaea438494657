// `npm test`: installs what is missing, then format, lint, types and build beside each other, then unit, numerics, browser.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { bin, checkNode, installPackages, root, run, runBeside } from './setup.mjs';

checkNode();
installPackages();

const { ensureChromium, findChromium } = await import('./chromium.mjs');
const reports = mkdtempSync(join(os.tmpdir(), 'convscope-tests-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const summary = [];

/** A vitest project; its counts are added to the totals. */
function vitest(project, env) {
  const report = join(reports, `${project}.json`);
  const status = run(
    bin('vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    env,
  );
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += counts.numPassedTests;
    totals.failed += counts.numFailedTests;
    totals.skipped += counts.numPendingTests + counts.numTodoTests;
  } catch {
    console.error(`${project}: the test runner left no report`);
  }
  return status;
}

/** One processor's work each: as many at a time as there are processors. What each printed comes when it has ended. */
const beside = [
  ['format', () => runBeside(bin('prettier'), ['--check', '.', '--log-level', 'warn'])],
  ['lint', () => runBeside(bin('eslint'), ['.', '--max-warnings', '0'])],
  ['types', () => runBeside(bin('tsc'), ['--noEmit'])],
  ['build', () => runBeside(bin('vite'), ['build', '--logLevel', 'warn'])],
];

/** These use all processors, and show what they do. */
const alone = [
  ['unit', () => vitest('unit')],
  ['numerics', () => vitest('numerics')],
  ['browser', () => vitest('browser', { CHROMIUM_PATH: ensureChromium() })],
];

// `npm test -- unit numerics` runs only these steps.
const only = process.argv.slice(2);
const wanted = ([name]) => only.length === 0 || only.includes(name);
const began = Date.now();
const secondsSince = (start) => ((Date.now() - start) / 1000).toFixed(1);
let failedSteps = 0;

async function take(name, step) {
  const start = Date.now();
  let status = 1;
  try {
    status = await step();
  } catch (error) {
    console.error(error.message);
  }
  if (status !== 0) failedSteps += 1;
  summary.push(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(9)} ${secondsSince(start)} s`);
}

const waiting = beside.filter(wanted);
async function lane() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, step] = next;
    await take(name, async () => {
      const { status, output } = await step();
      console.log(`\n== ${name}${output && `\n${output.trimEnd()}`}`);
      return status;
    });
  }
}
// Where there is no browser its packages come meanwhile.
const fetching =
  alone.filter(wanted).some(([name]) => name === 'browser') && !findChromium()
    ? runBeside(process.execPath, [join(root, 'scripts', 'chromium.mjs')])
    : null;
await Promise.all([...Array(os.availableParallelism())].map(lane));
if (fetching) console.log((await fetching).output.trimEnd());

for (const [name, step] of alone.filter(wanted)) {
  console.log(`\n== ${name}`);
  await take(name, step);
}
rmSync(reports, { recursive: true, force: true });

console.log(`\n${summary.join('\n')}\n       together  ${secondsSince(began)} s\n`);
// A failed step without a failed test (format, lint, types, build, a crash) counts as one failure.
const failed = Math.max(totals.failed, failedSteps);
console.log(
  `${totals.passed} passed, ${failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(failedSteps === 0 ? 0 : 1);

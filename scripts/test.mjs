// `npm test`: installs what is missing, then format, lint, types, unit, numerics, build, browser.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, checkNode, installPackages, run } from './setup.mjs';

checkNode();
installPackages();

const { ensureChromium } = await import('./chromium.mjs');
const reports = mkdtempSync(join(tmpdir(), 'convscope-tests-'));
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

const steps = [
  ['format', () => run(bin('prettier'), ['--check', '.', '--log-level', 'warn'])],
  ['lint', () => run(bin('eslint'), ['.', '--max-warnings', '0'])],
  ['types', () => run(bin('tsc'), ['--noEmit'])],
  ['unit', () => vitest('unit')],
  ['numerics', () => vitest('numerics')],
  ['build', () => run(bin('vite'), ['build', '--logLevel', 'warn'])],
  ['browser', () => vitest('browser', { CHROMIUM_PATH: ensureChromium() })],
];

// `npm test -- unit numerics` runs only these steps.
const only = process.argv.slice(2);
let failedSteps = 0;
for (const [name, step] of steps.filter(([name]) => only.length === 0 || only.includes(name))) {
  console.log(`\n== ${name}`);
  const began = Date.now();
  let status = 1;
  try {
    status = step();
  } catch (error) {
    console.error(error.message);
  }
  if (status !== 0) failedSteps += 1;
  summary.push(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(9)} ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
}
rmSync(reports, { recursive: true, force: true });

console.log(`\n${summary.join('\n')}\n`);
// A failed step without a failed test (format, lint, types, build, a crash) counts as one failure.
const failed = Math.max(totals.failed, failedSteps);
console.log(
  `${totals.passed} passed, ${failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(failedSteps === 0 ? 0 : 1);

import { open, startApp } from '../tests/browser/harness.ts';
import { heldAtRest, letLoose } from '../tests/browser/monkey.ts';
import { printTable } from './report.ts';

const actions = 500;
const warmUp = 100;

/** 500 random actions of a seeded monkey: what the page held before and after, at the same rest, garbage collected. */
export async function benchMonkey(seed = 1): Promise<void> {
  const app = await startApp();
  try {
    const { page, context, problems } = await open(app);
    const client = await context.newCDPSession(page);
    await client.send('Performance.enable');
    await letLoose(page, seed + 1000, warmUp);
    const before = await heldAtRest(page, client);
    const began = performance.now();
    const done = await letLoose(page, seed, actions);
    const seconds = (performance.now() - began) / 1000;
    const after = await heldAtRest(page, client);
    printTable(
      `Monkey, seed ${seed}: ${actions} actions in ${seconds.toFixed(0)} s after ${warmUp} to warm up`,
      ['', 'heap MB', 'DOM nodes', 'tensors', 'tensor MB'],
      [['before', before] as const, ['after', after] as const].map(([name, held]) => [
        name,
        (held.heapBytes / 1e6).toFixed(2),
        String(held.nodes),
        String(held.tensors),
        (held.tensorBytes / 1e6).toFixed(2),
      ]),
    );
    console.log([...done].map(([name, count]) => `${name} ${count}`).join(', '));
    console.log(problems.length === 0 ? 'No error on the console.' : problems.join('\n'));
    await context.close();
  } finally {
    await app.close();
  }
}

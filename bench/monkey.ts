import type { CDPSession, Page } from 'playwright-core';
import { members } from '../src/models/index.ts';
import { open, startApp } from '../tests/browser/harness.ts';
import {
  answering,
  held,
  heldAtRest,
  letLoose,
  named,
  switchNetworks,
  type Held,
} from '../tests/browser/monkey.ts';
import { compiledBytes } from './heap.ts';
import { printTable } from './report.ts';

const actions = 500;
/** So that what runs often is compiled. */
const warmUp = 300;

/** What long use leaves behind: a seeded monkey, every network drawn, a hundred loads of weights. */
export async function benchMonkey(seed = 1): Promise<void> {
  const app = await startApp();
  try {
    const run = async (work: (page: Page, client: CDPSession) => Promise<void>): Promise<void> => {
      const { page, context, problems } = await open(app);
      const client = await context.newCDPSession(page);
      await client.send('Performance.enable');
      await work(page, client);
      console.log(problems.length === 0 ? 'No error on the console.' : problems.join('\n'));
      await context.close();
    };
    await run((page, client) => monkey(page, client, seed));
    await run(drawings);
    await run(answers);
  } finally {
    await app.close();
  }
}

/** 500 random actions, at the same rest before and after. */
async function monkey(page: Page, client: CDPSession, seed: number): Promise<void> {
  await letLoose(page, seed + 1000, warmUp);
  const before = await measured(client, await heldAtRest(page, client));
  const began = performance.now();
  const done = await letLoose(page, seed, actions);
  const seconds = (performance.now() - began) / 1000;
  const after = await measured(client, await heldAtRest(page, client));
  print(
    `Monkey, seed ${seed}: ${actions} actions in ${seconds.toFixed(0)} s after ${warmUp} to warm up`,
    before,
    after,
  );
  console.log([...done].map(([name, count]) => `${name} ${count}`).join(', '));
}

/** Every listed network, twice around: the first time brings what is kept of each, which is small. */
async function drawings(page: Page, client: CDPSession): Promise<void> {
  const all = members.map(({ id }) => named(id));
  await switchNetworks(page, all, all.length, 'drawing');
  const before = await measured(client, await heldAtRest(page, client));
  await switchNetworks(page, all, all.length, 'drawing');
  const after = await measured(client, await heldAtRest(page, client));
  print(`${all.length} networks drawn, one after the other, after the same once before`, before, after);
}

/** A hundred loads of the three bundled weight files, each answered, mapped and projected. */
async function answers(page: Page, client: CDPSession): Promise<void> {
  const rest = async () => measured(client, await held(page, client));
  await switchNetworks(page, answering, 9, 'answer');
  const before = await rest();
  await switchNetworks(page, answering, 99, 'answer');
  print('99 networks with weights, each answered, after 9 to warm up', before, await rest());
}

interface Measured extends Held {
  readonly compiledBytes: number;
}

const measured = async (client: CDPSession, at: Held): Promise<Measured> => ({
  ...at,
  compiledBytes: await compiledBytes(client),
});

function print(title: string, before: Measured, after: Measured): void {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
  const rows: readonly (readonly [string, (held: Measured) => number, (value: number) => string])[] = [
    ['JavaScript heap, MB', (m) => m.heapBytes, mb],
    ['of it compiled code, MB', (m) => m.compiledBytes, mb],
    ['heap without code, MB', (m) => m.heapBytes - m.compiledBytes, mb],
    ['elements', (m) => m.elements, String],
    ['DOM nodes', (m) => m.nodes, String],
    ['event listeners', (m) => m.listeners, String],
    ['workers', (m) => m.workers, String],
    ['tensors', (m) => m.tensors, String],
    ['tensors, MB', (m) => m.tensorBytes, mb],
    ['WebAssembly memory, MB', (m) => m.wasmBytes, mb],
  ];
  printTable(
    title,
    ['', 'before', 'after', 'growth'],
    rows.map(([name, of, text]) => [
      name,
      text(of(before)),
      text(of(after)),
      `${((of(after) / of(before) - 1) * 100).toFixed(1)} %`,
    ]),
  );
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, startApp, type App } from './harness.ts';
import { heldAtRest, letLoose } from './monkey.ts';

// The long run is `npm run bench -- monkey`: the same monkey, 500 actions.
const seed = 20261122;
const actions = 80;

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test(`${actions} random actions leave no error, and no tensors or nodes behind`, async () => {
  const { page, context, problems } = await open(app);
  const client = await context.newCDPSession(page);
  await client.send('Performance.enable');
  // The first walk through every view brings what stays: chunks, caches, fonts.
  await letLoose(page, seed + 1, 20);
  const before = await heldAtRest(page, client);
  const done = await letLoose(page, seed, actions);
  const after = await heldAtRest(page, client);
  console.log(`monkey: seed ${seed}, ${actions} actions`, Object.fromEntries(done), { before, after });
  expect(problems).toEqual([]);
  expect(after.tensors).toBe(before.tensors);
  expect(after.tensorBytes).toBe(before.tensorBytes);
  expect(after.nodes).toBeLessThan(before.nodes * 1.1);
  await context.close();
});

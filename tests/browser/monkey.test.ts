import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CDPSession } from 'playwright-core';
import { members } from '../../src/models/index.ts';
import { open, startApp, type App, type OpenPage } from './harness.ts';
import { held, heldAtRest, letLoose, switchNetworks, type Held } from './monkey.ts';

// The long runs are `npm run bench -- monkey`: the same monkey, 500 actions, and every network.
const seed = 20261122;
const actions = 80;

let app: App;
let opened: OpenPage;
let client: CDPSession;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  opened = await open(app);
  client = await opened.context.newCDPSession(opened.page);
  await client.send('Performance.enable');
});
afterEach(() => opened.context.close());

/** V8 compiles more of the page the longer it runs, and pages of a minute are cold: ten actions may cost a megabyte. */
const heapGrowth = 1.25;

function expectNoGrowth(before: Held, after: Held): void {
  const { heapBytes: heapBefore, nodes: nodesBefore, listeners: listenersBefore, ...countsBefore } = before;
  const { heapBytes, nodes, listeners, ...counts } = after;
  expect(counts).toEqual(countsBefore);
  expect(nodes).toBeLessThan(nodesBefore * 1.1);
  expect(listeners).toBeLessThan(listenersBefore * 1.1);
  expect(heapBytes).toBeLessThan(heapBefore * heapGrowth);
}

test(`${actions} random actions leave no error, and no tensors or nodes behind`, async () => {
  const { page, problems } = opened;
  // The first walk through every view brings what stays: chunks, caches, fonts.
  await letLoose(page, seed + 1, 20);
  const before = await heldAtRest(page, client);
  const done = await letLoose(page, seed, actions);
  const after = await heldAtRest(page, client);
  console.log(`monkey: seed ${seed}, ${actions} actions`, Object.fromEntries(done), { before, after });
  expect(problems).toEqual([]);
  expectNoGrowth(before, after);
});

const named = (ref: string) => ({ ref, name: members.find(({ id }) => id === ref)!.name });

test('networks opened one after the other leave nothing behind', async () => {
  const { page, problems } = opened;
  const large = ['densenet-201', 'inception-v4', 'resnet-152', 'efficientnet-lite0', 'googlenet'].map(named);
  await switchNetworks(page, large, 5, 'drawing');
  const before = await heldAtRest(page, client);
  await switchNetworks(
    page,
    members.filter((_, i) => i % 3 === 0).map(({ id }) => named(id)),
    32,
    'drawing',
  );
  const after = await heldAtRest(page, client);
  console.log('32 networks drawn', { before, after });
  expect(problems).toEqual([]);
  expectNoGrowth(before, after);
});

test('weights loaded one after the other leave nothing behind, in the page and in its worker', async () => {
  const { page, problems } = opened;
  const answering = ['lenet-5-modern', 'efficientnet-lite0', 'zfnet-imagenette'].map(named);
  await switchNetworks(page, answering, 3, 'answer');
  await page.getByRole('img', { name: /^Projection of channel/ }).waitFor();
  const before = await held(page, client);
  await switchNetworks(page, answering, 12, 'answer');
  await page.getByRole('img', { name: /^Projection of channel/ }).waitFor();
  const after = await held(page, client);
  console.log('12 loads', { before, after });
  expect(problems).toEqual([]);
  expectNoGrowth(before, after);
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CDPSession } from 'playwright-core';
import { members } from '../../src/models/index.ts';
import { open, startApp, type App, type OpenPage } from './harness.ts';
import { answering, held, heldAtRest, letLoose, named, switchNetworks, type Held } from './monkey.ts';

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

/** V8 compiles more of a page the longer it runs, most in the first minutes; networks that stay built would double the heap. */
const heapGrowth = 1.3;

/** What has grown, in words. */
function grown(before: Held, after: Held): string[] {
  const same = ['elements', 'tensors', 'tensorBytes', 'workers'] as const;
  const limits = { nodes: 1.1, listeners: 1.1, heapBytes: heapGrowth } as const;
  const keys = Object.keys(limits) as (keyof typeof limits)[];
  return [
    ...same.filter((key) => after[key] !== before[key]),
    ...keys.filter((key) => !(after[key] < before[key] * limits[key])),
  ].map((key) => `${key}: ${before[key]} before, ${after[key]} after`);
}

/**
 * What nobody holds any longer goes with one of the next collections, on a busy machine not with the first: it is counted
 * until it has gone. What is held stays, however often it is counted.
 */
async function expectNoGrowth(what: string, before: Held): Promise<void> {
  const { page, problems } = opened;
  let after = await held(page, client);
  await expect
    .poll(async () => grown(before, (after = await held(page, client))), { interval: 500 })
    .toEqual([])
    .finally(() => console.log(what, { before, after }));
  expect(problems).toEqual([]);
}

test(`${actions} random actions leave no error, and no tensors or nodes behind`, async () => {
  const { page } = opened;
  // From its first dialog on React listens at the page's body too, once for every kind of event.
  await page.getByRole('button', { name: 'About ConvScope' }).click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  // The first walk through every view brings what stays: chunks, caches, fonts.
  await letLoose(page, seed + 1, 20);
  const before = await heldAtRest(page, client);
  const done = await letLoose(page, seed, actions);
  await heldAtRest(page, client);
  console.log(`monkey: seed ${seed}`, Object.fromEntries(done));
  await expectNoGrowth(`${actions} actions`, before);
});

test('networks opened one after the other leave nothing behind', async () => {
  const { page } = opened;
  const large = ['densenet-201', 'inception-v4', 'resnet-152', 'preact-resnet-152', 'googlenet'].map(named);
  await switchNetworks(page, large, 5, 'drawing');
  const before = await heldAtRest(page, client);
  await switchNetworks(
    page,
    members.filter((_, i) => i % 3 === 0).map(({ id }) => named(id)),
    32,
    'drawing',
  );
  await heldAtRest(page, client);
  await expectNoGrowth('32 networks drawn', before);
});

test('weights loaded one after the other leave nothing behind, in the page and in its worker', async () => {
  const { page } = opened;
  await switchNetworks(page, answering, 6, 'answer');
  const before = await held(page, client);
  await switchNetworks(page, answering, 12, 'answer');
  await expectNoGrowth('12 loads', before);
});

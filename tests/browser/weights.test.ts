import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumArgs, ensureChromium } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import type { ShelfEvent, ShelfItem, ShelfProgress } from '../../src/workers/shelf.contract.ts';
import { entryAt, hashOf, id, network, path, published } from '../hub/published.ts';
import { startHub, type Hub, type HubFile } from '../hub/server.ts';
import type { ShelfCalls } from './shelf/page.ts';
import type { ShelfSetup } from './shelf/worker.ts';

/** The shelf in its worker from a production build, in a real Chromium, against a hub of another origin. */

declare const calls: ShelfCalls;

const folder = mkdtempSync(join(tmpdir(), 'convscope-weights-'));
const servers: Awaited<ReturnType<typeof serve>>[] = [];
let plainUrl = '';
let isolatedUrl = '';
let browser: Browser;
let context: BrowserContext;
let hub: Hub;

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'shelf'),
    publicDir: join(import.meta.dirname, '../../public'),
    base: './',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 5000 },
  });
  servers.push(await serve(folder, { port: 0, isolated: false }), await serve(folder, { port: 0 }));
  plainUrl = servers[0]!.url;
  isolatedUrl = servers[1]!.url;
  browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArgs] });
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  hub = await startHub();
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  await hub.close();
});

/** The hub sends its clients to a store of another origin, as the real ones do. */
function offer(file: Partial<HubFile> = {}): HubFile {
  const offered = { body: published, redirect: true, ...file };
  hub.files.set(path, offered);
  return offered;
}

async function openPage(url = plainUrl, without?: ShelfSetup['without']): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => calls !== undefined);
  await page.evaluate((setup) => calls.open(setup), {
    published: [entryAt(hub)],
    ...(without && { without }),
  });
  return page;
}

const get = (page: Page, dtype?: ShelfItem['dtype']): Promise<ShelfItem | string> =>
  page.evaluate(([asked, as]) => calls.get(asked, as), [id, dtype] as const);
const list = (page: Page): Promise<readonly ShelfItem[]> => page.evaluate(() => calls.list());
const answers = (page: Page, asked = id): Promise<readonly string[] | string> =>
  page.evaluate(([net, kept]) => calls.answers(net, kept), [network, asked] as const);
const arrived = (page: Page) => async () => (await list(page))[0]?.loadedBytes;
/** Polls end when what they wait for is there; a busy machine may take its time. */
const soon = { timeout: 60_000 };
const progressOf = async (page: Page): Promise<ShelfProgress[]> =>
  (await page.evaluate(() => calls.events())).flatMap((event: ShelfEvent) =>
    event.kind === 'progress' ? [event.progress] : [],
  );
const ranges = (): (string | null)[] =>
  hub.requests.filter(({ method }) => method === 'GET').map(({ range }) => range);
/** The shelf's worker; the engine's is beside it once something was loaded. */
const shelfWorker = (page: Page) => page.workers().find((worker) => !/engine/.test(worker.url()))!;

describe('a published file', () => {
  it.each([
    ['a plain page', () => plainUrl],
    ['an isolated page', () => isolatedUrl],
  ])('is fetched with progress from another origin, kept and answers, in %s', async (_what, url) => {
    offer();
    const page = await openPage(url());
    expect(await page.evaluate(() => calls.isolated())).toBe(url() === isolatedUrl);
    const item = (await get(page)) as ShelfItem;
    expect(item).toMatchObject({ id, state: 'whole', dtype: 'F16', place: 'device' });
    expect(item.keptBytes).toBeLessThan(0.55 * published.length);
    const progress = await progressOf(page);
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual([
      'connect',
      'download',
      'verify',
      'convert',
    ]);
    const loaded = progress.filter(({ phase }) => phase === 'download').map((p) => p.loadedBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(published.length);
    expect(await list(page)).toEqual([item]);
    expect((await page.evaluate(() => calls.room())).usedBytes).toBeGreaterThan(item.keptBytes / 2);
    expect(await answers(page)).toHaveLength(5);
  });

  it('kept as float16 answers nearly as the published one, which answers exactly as the file', async () => {
    offer();
    const page = await openPage();
    await get(page);
    const half = await answers(page);
    expect(await get(page, 'as-published')).toMatchObject({
      dtype: 'as-published',
      keptBytes: published.length,
    });
    const exact = await answers(page);
    const numbers = (lines: readonly string[] | string): number[] =>
      [...lines].map((line) => Number(line.split(' ')[1]));
    numbers(exact).forEach((logit, i) => expect(numbers(half)[i]).toBeCloseTo(logit, 2));
    expect(numbers(exact).every(Number.isFinite)).toBe(true);
  });

  it('is there without a network, and in the next tab', async () => {
    offer();
    const page = await openPage();
    const item = await get(page);
    const first = await answers(page);
    // The page itself comes from its host; an installed or cached page would not ask for it either.
    const next = await openPage();
    expect(await list(next)).toEqual([item]);
    await context.setOffline(true);
    expect(await answers(page)).toEqual(first);
    expect(await get(next)).toEqual(item);
    await context.setOffline(false);
    expect(await answers(next)).toEqual(first);
    expect(ranges()).toEqual([null, null]);
    await page.evaluate((asked) => calls.remove(asked), id);
    await expect.poll(() => list(next), soon).toEqual([]);
    expect(await answers(next)).toMatch(/^kept-missing/);
    const told = await next.evaluate(() => calls.events());
    expect(told.at(-1)).toEqual({ kind: 'changed', items: [] });
  });
});

describe('a connection', () => {
  it('that the server drops in the middle is made again for the rest', async () => {
    offer({ holdAt: 400_000 });
    const page = await openPage();
    const running = get(page);
    await expect.poll(arrived(page), soon).toBe(400_000);
    hub.cut();
    expect(await running).toMatchObject({ state: 'whole' });
    expect(ranges()).toEqual([null, null, 'bytes=400000-', 'bytes=400000-']);
    expect(await answers(page)).toHaveLength(5);
  });

  it('that is paused after a drop goes on in another visit, where it ended', async () => {
    const file = offer({ holdAt: 300_000 });
    const page = await openPage();
    const running = get(page);
    await expect.poll(arrived(page), soon).toBe(300_000);
    file.holdAt = 500_000;
    hub.cut();
    await expect.poll(arrived(page), soon).toBe(500_000);
    await page.evaluate((asked) => calls.pause(asked), id);
    expect(await running).toMatch(/^cancelled/);
    await page.close();
    const next = await openPage();
    expect(await list(next)).toMatchObject([{ id, state: 'partial', loadedBytes: 500_000, place: 'device' }]);
    expect(await get(next)).toMatchObject({ state: 'whole' });
    const asked = ranges().filter((range) => range !== null);
    expect(asked).toEqual(['bytes=300000-', 'bytes=300000-', 'bytes=500000-', 'bytes=500000-']);
    expect(await answers(next)).toHaveLength(5);
  });

  it('that ends with the tab leaves the part to the next one', async () => {
    offer({ holdAt: 600_000 });
    const page = await openPage();
    const ended = get(page).catch(() => 'closed');
    await expect.poll(arrived(page), soon).toBe(600_000);
    await page.close();
    expect(await ended).toBe('closed');
    hub.release();
    const next = await openPage();
    expect(await list(next)).toMatchObject([{ state: 'partial', loadedBytes: 600_000 }]);
    expect(await get(next)).toMatchObject({ state: 'whole' });
    expect(ranges().at(-1)).toBe('bytes=600000-');
  });

  it('to a server without ranges begins again and says so', async () => {
    offer({ ranges: false, holdAt: 500_000 });
    const page = await openPage();
    const running = get(page);
    await expect.poll(arrived(page), soon).toBe(500_000);
    hub.cut();
    expect(await running).toMatchObject({ state: 'whole' });
    expect((await progressOf(page)).at(-1)).toMatchObject({ restarted: 'no-ranges' });
  });

  it('to a file that has changed meanwhile begins again and says so', async () => {
    offer({ holdAt: 500_000, exposes: true, etag: '"first"', redirect: false });
    const page = await openPage();
    const running = get(page);
    await expect.poll(arrived(page), soon).toBe(500_000);
    await page.evaluate((asked) => calls.pause(asked), id);
    await running;
    offer({ exposes: true, etag: '"second"', redirect: false });
    expect(await get(page)).toMatchObject({ state: 'whole' });
    expect((await progressOf(page)).at(-1)).toMatchObject({ restarted: 'changed' });
  });

  it('is one for a file, in all tabs', async () => {
    offer({ holdAt: 200_000 });
    const [page, other] = [await openPage(), await openPage()];
    const running = get(page);
    await hub.held(path);
    expect(await list(other)).toMatchObject([{ id, state: 'partial', totalBytes: published.length }]);
    expect(await get(other)).toMatch(/^download-elsewhere/);
    hub.release();
    const item = await running;
    expect(item).toMatchObject({ state: 'whole' });
    expect(await get(other)).toEqual(item);
    expect(ranges()).toEqual([null, null]);
  });
});

describe('refused:', () => {
  it('other bytes', async () => {
    offer({ body: published.map((byte, i) => (i === 700_000 ? byte ^ 1 : byte)) });
    const page = await openPage();
    expect(await get(page)).toMatch(/^download-hash: model.safetensors arrived damaged/);
    expect(await list(page)).toEqual([]);
  });

  it('a file that is gone, and one that never comes whole', async () => {
    offer({ status: 404 });
    const page = await openPage();
    expect(await get(page)).toMatch(/^download-missing: .* has no model.safetensors \(status 404\)/);
    offer({ body: published.subarray(0, 1000) });
    expect(await get(page)).toMatch(/^download-size/);
    offer({ body: new TextEncoder().encode('<!doctype html><p>Log in'), type: 'text/html' });
    expect(await get(page)).toMatch(/^download-html/);
    expect(await list(page)).toEqual([]);
  });

  it('a server that lets no other page read its files: with the command that fetches it', async () => {
    offer({ cors: false, redirect: false });
    const page = await openPage();
    const answer = await get(page);
    expect(answer).toMatch(/^download-blocked: .*no CORS header/);
    expect(answer).toContain(`npm run -s cli -- weights get ${id}`);
    expect(await list(page)).toEqual([]);
  });

  it('to be offline', async () => {
    offer();
    const page = await openPage();
    await list(page);
    await context.setOffline(true);
    expect(await get(page)).toMatch(/^download-offline/);
    await context.setOffline(false);
    expect(await get(page)).toMatchObject({ state: 'whole' });
  });

  it('more than the browser says that there is room for, before a byte is fetched', async () => {
    offer();
    const page = await openPage();
    await list(page);
    // Chromium's own figure is far larger than what it grants; other browsers tell theirs.
    await shelfWorker(page).evaluate(() => {
      navigator.storage.estimate = async () => ({ usage: 500_000, quota: 1_500_000 });
    });
    expect(await get(page)).toMatch(
      /^storage-quota: There is no room for model.safetensors: it needs 2.7 MB/,
    );
    expect(ranges()).toEqual([]);
    expect(await page.evaluate(() => calls.room())).toMatchObject({ quotaBytes: 1_500_000 });
  });

  it('more than the quota, on the way: what has arrived stays', async () => {
    offer({ holdAt: 300_000 });
    const page = await openPage();
    const devtools = await context.newCDPSession(page);
    const { origin } = new URL(plainUrl);
    const running = get(page);
    await expect.poll(arrived(page), soon).toBe(300_000);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    hub.release();
    expect(await running).toMatch(/^storage-quota: There is no room for model.safetensors/);
    expect(await list(page)).toMatchObject([{ state: 'partial' }]);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin });
    expect(await get(page)).toMatchObject({ state: 'whole' });
    expect(await answers(page)).toHaveLength(5);
  });
});

describe('accidents', () => {
  it('a worker that dies: the download fails, and goes on in the next worker', async () => {
    offer({ holdAt: 400_000 });
    const page = await openPage();
    const running = get(page);
    await expect.poll(arrived(page), soon).toBe(400_000);
    await shelfWorker(page).evaluate(() => {
      setTimeout(() => {
        throw new Error('out of order');
      });
    });
    expect(await running).toMatch(/^internal: The worker that keeps weights has stopped: .*out of order/);
    hub.release();
    expect(await get(page)).toMatchObject({ state: 'whole' });
    expect(ranges().at(-1)).toBe('bytes=400000-');
  });

  it('a browser that refuses storage: the file is in memory for this visit, and says so', async () => {
    offer();
    const page = await openPage(plainUrl, 'storage');
    expect(await get(page)).toMatchObject({ state: 'whole', place: 'memory' });
    // The engine's worker starts with its first call.
    expect(await answers(page, 'none')).toMatch(/^kept-missing/);
    await Promise.all(
      page.workers().map((worker) =>
        worker.evaluate(() => {
          StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('no'));
        }),
      ),
    );
    expect(await answers(page)).toHaveLength(5);
    expect(await page.evaluate(() => calls.room())).toMatchObject({ quotaBytes: null });
    expect(await list(await openPage())).toEqual([]);
  });

  it('a browser without sync access handles writes through streams', async () => {
    offer({ holdAt: 400_000 });
    const page = await openPage(plainUrl, 'sync-handles');
    const running = get(page);
    await expect.poll(arrived(page), soon).toBe(400_000);
    await page.evaluate((asked) => calls.pause(asked), id);
    expect(await running).toMatch(/^cancelled/);
    expect(await get(page)).toMatchObject({ state: 'whole', place: 'device' });
    expect(ranges().at(-1)).toBe('bytes=400000-');
    expect(await answers(page)).toHaveLength(5);
  });
});

describe('the room', () => {
  it('is asked for by the page, and the answer of the browser is told', async () => {
    const page = await openPage();
    const asked = await page.evaluate(() => calls.persist());
    expect(asked).toBe(await page.evaluate(() => navigator.storage.persisted()));
    // Chromium grants it by how much a page is used, and never to a fresh profile.
    await page.evaluate(() => {
      navigator.storage.persist = async () => true;
    });
    expect(await page.evaluate(() => calls.persist())).toBe(true);
  });
});

describe('a file of one’s own', () => {
  it('is kept for the next visit, and refused where it fits another network', async () => {
    const page = await openPage();
    await context.route('**/own.safetensors', (route) => route.fulfill({ body: Buffer.from(published) }));
    const own = (net: string) =>
      page.evaluate(([to]) => calls.keep('own.safetensors', 'own.safetensors', to), [net] as const);
    expect(await own('cifar-resnet-32')).toMatch(/^weights-mismatch: .*fits cifar-resnet-20/);
    const item = (await own(network)) as ShelfItem;
    expect(item).toMatchObject({ id: `file:${hashOf(published)}`, state: 'whole' });
    const next = await openPage();
    expect(await list(next)).toEqual([item]);
    expect(await answers(next, item.id)).toHaveLength(5);
  });
});

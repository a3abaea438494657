import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, ensureChromium, softwareWebGpuArgs } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import type { EngineCalls } from './engine/page.ts';

/** The engine in its worker from a production build, in a real Chromium: every backend, the cache, and accidents. */

declare global {
  var calls: EngineCalls;
}

const folder = mkdtempSync(join(tmpdir(), 'convscope-engine-'));
const servers: Awaited<ReturnType<typeof serve>>[] = [];
let plainUrl = '';
let isolatedUrl = '';
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'engine'),
    publicDir: join(import.meta.dirname, '../../public'),
    base: './',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 5000 },
  });
  servers.push(await serve(folder, { port: 0, isolated: false }), await serve(folder, { port: 0 }));
  plainUrl = servers[0]!.url;
  isolatedUrl = servers[1]!.url;
  browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArgs, ...softwareWebGpuArgs],
  });
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => context?.close());

/**
 * A fresh profile on the page; `requests` are the files asked for, `problems` what no test should see. `cores`: what the
 * engine's worker is told of the processor, in place of what it has.
 */
async function open(url: string, { cores }: { readonly cores?: number } = {}) {
  context = await browser.newContext();
  if (cores !== undefined) {
    await context.route(/\/worker-[^/]*\.js$/, async (route) => {
      const response = await route.fetch();
      const told = `Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${cores} });\n`;
      await route.fulfill({ response, body: told + (await response.text()) });
    });
  }
  const requests: string[] = [];
  const problems: string[] = [];
  context.on('request', (request) => requests.push(request.url().split('/').at(-1)!));
  const page = await openPage(url);
  page.on('pageerror', (error) => problems.push(error.message));
  return { page, requests, problems };
}

async function openPage(url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => globalThis.calls !== undefined);
  return page;
}

/** Which of the requested scripts hold a text: a message that only one package has tells that it was fetched. */
function scriptsWith(text: RegExp, requests: readonly string[]): string[] {
  const scripts = requests.filter((file) => file.endsWith('.js'));
  return scripts.filter((file) => text.test(readFileSync(join(folder, 'assets', file), 'utf8')));
}

describe('the backends in a worker of a production build', () => {
  it('auto: wasm where there are only imitations of a GPU, on one thread without isolation', async () => {
    const { page, requests, problems } = await open(plainUrl);
    expect(await page.evaluate(() => calls.isolated())).toBe(false);
    expect(await page.evaluate(() => calls.start('auto'))).toMatchObject({
      backend: 'wasm',
      reason: 'fallback',
      threads: 1,
      skipped: [
        { backend: 'webgpu', reason: 'software-gpu', detail: expect.stringMatching(/swiftshader/i) },
        { backend: 'webgl', reason: 'software-gpu', detail: expect.stringMatching(/swiftshader/i) },
      ],
    });
    expect(await page.evaluate(() => calls.readsOne())).toBe('1 on wasm');
    expect(requests.filter((file) => /threaded/.test(file))).toEqual([]);
    expect(scriptsWith(/Dispatch size exceeds WebGPU limits/, requests)).toEqual([]);
    expect(scriptsWith(/Unable to create WebGLProgram/, requests)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('wasm with threads where the page is isolated and the cores are there, and a photograph in it', async () => {
    const { page, requests, problems } = await open(isolatedUrl, { cores: 6 });
    const threads: string[] = [];
    page.on('worker', (worker) => threads.push(worker.url()));
    expect(await page.evaluate(() => calls.isolated())).toBe(true);
    expect(await page.evaluate(() => calls.start('wasm'))).toMatchObject({ backend: 'wasm', threads: 3 });
    expect(requests.some((file) => /threaded-simd.*\.wasm$/.test(file))).toBe(true);
    // The engine's own worker computes too.
    expect(threads.filter((url) => url.startsWith('blob:'))).toHaveLength(2);
    expect(await page.evaluate(() => calls.load('efficientnet-lite0'))).toBe('server');
    const { top } = await page.evaluate(() => calls.photo('samples/cat.jpg'));
    expect(top[0]!.name).toMatch(/cat|tabby/i);
    // The threads end with the backend: one worker, the engine's own, is left.
    await page.evaluate(() => calls.start('cpu'));
    await expect.poll(() => page.workers().length).toBe(1);
    expect(problems).toEqual([]);
  });

  it('wasm starts no threads, and fetches none of their files, where there are cores for one only', async () => {
    const { page, requests, problems } = await open(isolatedUrl, { cores: 2 });
    expect(await page.evaluate(() => calls.isolated())).toBe(true);
    expect(await page.evaluate(() => calls.start('wasm'))).toMatchObject({ backend: 'wasm', threads: 1 });
    expect(await page.evaluate(() => calls.readsOne())).toBe('1 on wasm');
    expect(page.workers()).toHaveLength(1);
    expect(requests.filter((file) => /threaded/.test(file))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each(['cpu', 'webgl', 'webgpu'] as const)('%s where it is chosen', async (backend) => {
    const { page, problems } = await open(plainUrl);
    expect(await page.evaluate((name) => calls.start(name), backend)).toMatchObject({
      backend,
      reason: 'chosen-by-user',
      threads: backend === 'cpu' ? 1 : 0,
    });
    expect(await page.evaluate(() => calls.readsOne())).toBe(`1 on ${backend}`);
    expect(await page.evaluate(() => calls.start('wasm'))).toMatchObject({ backend: 'wasm' });
    expect(await page.evaluate(() => calls.classify())).toBe('1 on wasm');
    expect(problems).toEqual([]);
  });

  it('webgpu: changes of network leave no tensors and no buffers behind', async () => {
    const { page } = await open(plainUrl);
    await page.evaluate(() => calls.start('webgpu'));
    const reports = await page.evaluate(() => calls.changes(50));
    expect(reports[0]!.gpuBytes).toBeGreaterThan(100_000);
    expect(
      new Set(reports.map(({ tensors, gpuBytes }) => `${tensors} tensors, ${gpuBytes} bytes`)).size,
    ).toBe(1);
  });
});

describe('the time of each layer', () => {
  const nodes = buildNetwork('lenet-5-modern').graph.nodes.map(({ id }) => id);
  // What a GPU has is its own affair: SwiftShader has a clock under WebGPU, and none under WebGL.
  it.each([
    ['wasm', /^wall-clock$/],
    ['webgpu', /^(gpu-clock|round-trip)$/],
    ['webgl', /^(gpu-clock|round-trip)$/],
  ] as const)('on %s', async (backend, method) => {
    const { page, problems } = await open(isolatedUrl);
    await page.evaluate((name) => calls.start(name), backend);
    expect(await page.evaluate(() => calls.readsOne())).toBe(`1 on ${backend}`);
    const before = await page.evaluate(() => calls.memory());
    const times = await page.evaluate(() => calls.layerTimes(4));
    expect(times).toMatchObject({ ref: 'lenet-5-modern', backend, passes: 4 });
    expect(times.method).toMatch(method);
    expect(times.layers.map(({ node }) => node)).toEqual(nodes);
    for (const { milliseconds } of times.layers) expect(milliseconds?.median).toBeGreaterThanOrEqual(0);
    const sum = times.layers.reduce((total, { milliseconds }) => total + milliseconds!.upper, 0);
    expect(sum).toBeGreaterThan(0);
    expect((await page.evaluate(() => calls.memory())).tensors).toBe(before.tensors);
    expect(await page.evaluate(() => calls.classify())).toBe(`1 on ${backend}`);
    expect(problems).toEqual([]);
  });
});

describe('the weights', () => {
  it('come from the cache on the next visit', async () => {
    const { page, requests } = await open(plainUrl);
    expect(await page.evaluate(() => calls.load('lenet-5-modern'))).toBe('server');
    const again = await openPage(plainUrl);
    requests.length = 0;
    expect(await again.evaluate(() => calls.load('lenet-5-modern'))).toBe('cache');
    expect(requests.filter((file) => file.endsWith('.safetensors'))).toEqual([]);
  });

  it('that cannot come are told by reason, and can be asked for again', async () => {
    const { page } = await open(plainUrl);
    const load = () => page.evaluate(() => calls.load('lenet-5-modern'));
    await page.evaluate(() => calls.start('wasm'));
    const file = '**/lenet-5-modern.safetensors';
    await context.setOffline(true);
    expect(await load()).toMatch(/^weights-unreachable: .*Check the connection/);
    await context.setOffline(false);
    await context.route(file, (route) =>
      route.fulfill({ status: 404, body: '<html>', contentType: 'text/html' }),
    );
    expect(await load()).toMatch(/^weights-missing: lenet-5-modern.safetensors is not there/);
    await context.unroute(file);
    await context.route(file, (route) => route.fulfill({ body: Buffer.alloc(1000) }));
    expect(await load()).toMatch(/^weights-truncated: .*1000 of \d+ bytes/);
    await context.unroute(file);
    await context.route(file, async (route) => {
      const body = await (await route.fetch()).body();
      body[5000]! ^= 1;
      await route.fulfill({ body });
    });
    expect(await load()).toMatch(/^weights-corrupt: .*SHA-256/);
    await context.unroute(file);
    expect(await load()).toBe('server');
  });
});

describe('accidents', () => {
  it('a GPU process that dies: the device comes back with network and image', async () => {
    const { page } = await open(plainUrl);
    await page.evaluate(() => calls.start('webgpu'));
    expect(await page.evaluate(() => calls.readsOne())).toBe('1 on webgpu');
    const devtools = await browser.newBrowserCDPSession();
    await devtools.send('Browser.crashGpuProcess').catch(() => undefined);
    await page.waitForFunction(() => calls.events().length > 0);
    expect(await page.evaluate(() => calls.events())).toMatchObject([{ kind: 'device-lost' }]);
    expect(await page.evaluate(() => calls.classify())).toMatch(/^1 on (webgpu|wasm)$/);
  });

  it('a worker that dies: the waiting call fails, the next one starts another worker', async () => {
    const { page } = await open(plainUrl);
    await page.evaluate(() => calls.readsOne());
    const running = page.evaluate(() => calls.load('zfnet-imagenette'));
    await page.workers()[0]!.evaluate(() => {
      setTimeout(() => {
        throw new Error('out of order');
      });
    });
    expect(await running).toMatch(/^internal: The worker that computes has stopped: .*out of order/);
    expect(await page.evaluate(() => calls.events())).toMatchObject([{ kind: 'crashed' }]);
    expect(await page.evaluate(() => calls.classify())).toMatch(/^no-weights/);
    expect(await page.evaluate(() => calls.readsOne())).toBe('1 on wasm');
  });
});

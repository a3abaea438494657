import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, ensureChromium, softwareWebGpuArgs } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import type { GpuChecks } from './webgpu/page.ts';

/**
 * Every op and every reference vector on WebGPU and WebGL, in a real Chromium whose adapter is SwiftShader where there
 * is no GPU: our WGSL programs and tfjs's run as in the product, on the device that the product opens.
 */

declare global {
  interface Window {
    checks: GpuChecks;
  }
}

const nets = [
  'a_overlap_pool',
  'b_stride2_asym',
  'c_bn_residual',
  'd_inception',
  'e_group_lrn',
  'f_dwsep_gap_fc',
];
const switchesFor = {
  webgpu: softwareWebGpuArgs,
  webgl: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
};

const folder = mkdtempSync(join(tmpdir(), 'convscope-gpu-'));
let url: string;
let closeServer: () => Promise<unknown>;

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'webgpu'),
    publicDir: join(import.meta.dirname, '../vectors'),
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 5000 },
  });
  const server = await serve(folder, { port: 5201 });
  url = server.url;
  closeServer = server.close;
});

afterAll(async () => {
  await closeServer?.();
  rmSync(folder, { recursive: true, force: true });
});

/** The page on a backend, in a browser of its own. `before` runs on the page before its own code. */
async function openOn(backend: keyof typeof switchesFor, before?: string) {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArgs, ...switchesFor[backend]],
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  if (before) await page.addInitScript(before);
  await page.goto(url);
  const started = await page
    .evaluate((name) => window.checks.start(name), backend)
    .catch((error: Error) => error);
  if (started instanceof Error) {
    throw new Error(
      `This Chromium gives no ${backend} (${started.message}), so its numerics cannot be tested. ` +
        `They need a GPU or a Chromium with SwiftShader, and the switches ${switchesFor[backend].join(' ')}.`,
    );
  }
  return { browser, page, problems };
}

describe.each(['webgpu', 'webgl'] as const)('numerics on %s', (backend) => {
  let opened: Awaited<ReturnType<typeof openOn>>;
  let page: Page;

  beforeAll(async () => {
    opened = await openOn(backend);
    page = opened.page;
  });

  afterAll(() => opened?.browser.close());

  it('runs every op as its definition says, forward and adjoint, and frees every tensor', async () => {
    const results = await page.evaluate(() => window.checks.ops());
    expect(results.length).toBeGreaterThan(40);
    const wrong = results.filter(
      ({ forward, adjoint, tensors, bytes }) =>
        !(forward < 1e-4) || !((adjoint ?? 0) < 1e-4) || tensors !== 0 || bytes !== 0,
    );
    expect(wrong).toEqual([]);
  });

  it('has the six reference nets', async () => {
    expect(await page.evaluate(() => window.checks.netNames())).toEqual(nets);
  });

  it.each(nets)('%s: activations, switches, projections by three rules, signals', async (name) => {
    const { findings, counts, expected, leak } = await page.evaluate(
      (net) => window.checks.vectors(net),
      name,
    );
    expect(findings.filter(({ error }) => !(error < 1e-4))).toEqual([]);
    expect(counts).toEqual(expected);
    expect(leak).toEqual({ tensors: 0, bytes: 0 });
  });

  it('leaves no complaint of the device or the page', async () => {
    expect(await page.evaluate(() => window.checks.complaints())).toEqual([]);
    expect(opened.problems).toEqual([]);
  });
});

/** Makes the device's limits look smaller than they are. */
const smaller = (limits: Partial<Record<keyof GPUSupportedLimits, number>>): string => `
  for (const [name, value] of Object.entries(${JSON.stringify(limits)}))
    Object.defineProperty(GPUSupportedLimits.prototype, name, { get: () => value });`;

/** The device has what every device has, and not what this adapter could give. */
const defaults = `
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = function () { return request.call(this); };`;

describe.each([
  { device: 'no more than every device has', before: defaults, cases: ['ours', 'huge', 'theirs'] },
  // A dispatch of more than 64 workgroups is then folded into two dimensions, of more than 4096 into three.
  {
    device: '64 workgroups a dimension',
    before: smaller({ maxComputeWorkgroupsPerDimension: 64 }),
    cases: ['flat'],
  },
  {
    device: '16 KiB a buffer',
    before: smaller({ maxStorageBufferBindingSize: 16_384, maxBufferSize: 16_384 }),
    cases: ['tight'],
  },
] as const)('at the edges of workgroups, on a device with $device', ({ before, cases }) => {
  let opened: Awaited<ReturnType<typeof openOn>>;
  beforeAll(async () => {
    opened = await openOn('webgpu', before);
  });
  afterAll(() => opened?.browser.close());

  it.each(cases)(
    'programs compute what cpu computes, forward and backward, and free all: %s',
    async (whose) => {
      const results = await opened.page.evaluate((name) => window.checks.edges(name), whose);
      const wrong = results.filter(
        ({ forward, adjoint, single, switches, tensors, bytes }) =>
          !(forward < 1e-4 && (adjoint ?? 0) < 1e-4 && (single ?? 0) < 1e-4) ||
          switches + tensors + bytes !== 0,
      );
      expect(wrong).toEqual([]);
    },
  );

  it('thumbnails, statistics and faces are those of the values', async () => {
    const { errors, leak } = await opened.page.evaluate(() => window.checks.views());
    expect(
      errors.filter(({ planes, means, stats }) => !(planes < 1e-4 && means < 1e-4) || stats > 0),
    ).toEqual([]);
    expect(leak).toEqual({ tensors: 0, bytes: 0 });
  });

  it('pictures that go up as bytes are those of the other backends, bit by bit', async () => {
    const { results, leak } = await opened.page.evaluate(() => window.checks.pictures());
    expect(results.filter(({ values, different }) => values === 0 || different > 0)).toEqual([]);
    expect(leak).toEqual({ tensors: 0, bytes: 0 });
  });

  it('weights that go up in half precision are those of the other backends, bit by bit', async () => {
    const { results, leak } = await opened.page.evaluate(() => window.checks.halves());
    expect(results.filter(({ values, different }) => values === 0 || different > 0)).toEqual([]);
    expect(leak).toEqual({ tensors: 0, bytes: 0 });
  });

  it('every program of ours has been among them', async () => {
    const { all, notRun, unlisted } = await opened.page.evaluate(() => window.checks.programs());
    expect(all).toBeGreaterThan(14);
    expect({ notRun, unlisted }).toEqual({ notRun: [], unlisted: 0 });
  });

  it('the device complains of nothing', async () => {
    expect(await opened.page.evaluate(() => window.checks.complaints())).toEqual([]);
    expect(opened.problems).toEqual([]);
  });
});

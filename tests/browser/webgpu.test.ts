import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
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

describe.each(['webgpu', 'webgl'] as const)('numerics on %s', (backend) => {
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: [...chromiumArgs, ...switchesFor[backend]],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
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
  });

  afterAll(() => browser?.close());

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
    expect(problems).toEqual([]);
  });
});

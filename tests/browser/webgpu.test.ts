import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, ensureChromium, softwareWebGpuArgs } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import type { WebgpuChecks } from './webgpu/page.ts';

/**
 * Every op and every reference vector on WebGPU, in a real Chromium whose adapter is SwiftShader where there is no
 * GPU: our WGSL programs and tfjs's run as in the product, on the device that the product opens.
 */

declare global {
  interface Window {
    checks: WebgpuChecks;
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

let browser: Browser;
let page: Page;
let closeServer: () => Promise<unknown>;
const problems: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'convscope-webgpu-'));

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'webgpu'),
    publicDir: join(import.meta.dirname, '../vectors'),
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 5000 },
  });
  const server = await serve(folder, { port: 5201 });
  closeServer = server.close;
  browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArgs, ...softwareWebGpuArgs],
  });
  page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(server.url);
  const adapter = await page.evaluate(() => window.checks.start()).catch((error: Error) => error);
  if (adapter instanceof Error) {
    throw new Error(
      `This Chromium gives no WebGPU adapter (${adapter.message}), so the WebGPU numerics cannot be tested. ` +
        'They need a Chromium with SwiftShader (its usual build) or a GPU, and --enable-unsafe-webgpu.',
    );
  }
});

afterAll(async () => {
  await browser?.close();
  await closeServer?.();
  rmSync(folder, { recursive: true, force: true });
});

it('runs every op as its definition says, forward and adjoint, and frees every tensor', async () => {
  const results = await page.evaluate(() => window.checks.ops());
  expect(results.length).toBeGreaterThan(40);
  const wrong = results.filter(
    ({ forward, adjoint, tensors, bytes }) =>
      !(forward < 1e-4) || !((adjoint ?? 0) < 1e-4) || tensors !== 0 || bytes !== 0,
  );
  expect(wrong).toEqual([]);
});

describe('the reference vectors on webgpu', () => {
  it('are the six nets', async () => {
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
});

it('leaves no complaint of the device or the page', async () => {
  expect(await page.evaluate(() => window.checks.complaints())).toEqual([]);
  expect(problems).toEqual([]);
});

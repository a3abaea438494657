import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { chromiumArgs, ensureChromium, softwareWebGpuArgs } from '../../../scripts/chromium.mjs';
import { serve } from '../../../scripts/serve.mjs';
import type { GpuCounts } from './counting.ts';
import type { CostCalls } from './page.ts';

declare global {
  var costCalls: CostCalls;
}

export interface CostPage {
  readonly page: Page;
  /** What the start and the self-test asked for. */
  readonly started: GpuCounts;
  close(): Promise<void>;
}

export interface BuiltPage {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Builds the page that counts. */
export async function buildCostPage(): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'convscope-costs-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    publicDir: join(import.meta.dirname, '../../../public'),
    base: './',
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 5000 },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Opens the page that counts, in a Chromium whose WebGPU is SwiftShader posing as a card. `limits` are told in place of the
 * device's own; a page that is `built` already stays when it is closed.
 */
export async function openCostPage(
  limits: Partial<Record<keyof GPUSupportedLimits, number>> = {},
  built?: BuiltPage,
): Promise<CostPage> {
  const { folder, remove } = built ?? (await buildCostPage());
  const server = await serve(folder, { port: 0 });
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArgs, ...softwareWebGpuArgs],
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(600_000);
  await page.addInitScript((told) => {
    for (const [name, value] of Object.entries(told))
      Object.defineProperty(GPUSupportedLimits.prototype, name, { get: () => value });
  }, limits);
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.costCalls !== undefined);
  const started = await page.evaluate((base) => costCalls.start(base), `${server.url}weights/`);
  return {
    page,
    started,
    async close() {
      await browser.close();
      await server.close();
      if (!built) await remove();
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { chromiumArgs, ensureChromium, softwareWebGpuArgs } from '../../../scripts/chromium.mjs';
import { serve } from '../../../scripts/serve.mjs';
import type { CostCalls } from './page.ts';

declare global {
  var costCalls: CostCalls;
}

export interface CostPage {
  readonly page: Page;
  readonly url: string;
  close(): Promise<void>;
}

/** Builds and opens the page that counts, in a Chromium whose WebGPU is SwiftShader posing as a card. */
export async function openCostPage(): Promise<CostPage> {
  const folder = await mkdtemp(join(tmpdir(), 'convscope-costs-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    publicDir: join(import.meta.dirname, '../../../public'),
    base: './',
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 5000 },
  });
  const server = await serve(folder, { port: 0 });
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArgs, ...softwareWebGpuArgs],
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(600_000);
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.costCalls !== undefined);
  return {
    page,
    url: server.url,
    async close() {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

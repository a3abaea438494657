import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { chromiumArgs, ensureChromium } from '../scripts/chromium.mjs';
import { serve } from '../scripts/serve.mjs';
import { writeRandomWeights } from './memory/files.ts';
import type { MemoryCalls } from './memory/page.ts';
import { mb, sample, watch, type Sample } from './memory/process.ts';
import { ms, printTable } from './report.ts';

/**
 * What loading and running large networks takes beside their weights: in Node, and in Chromium (wasm) by the process
 * and by `performance.measureUserAgentSpecificMemory`. Aim: the weights once on the backend plus 64 MB while loading.
 * `npm run bench -- memory resnet-152 file.pth` measures a file of one's own.
 */
export async function benchMemory(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'convscope-memory-'));
  try {
    const [ref, path] = process.argv.slice(3);
    const cases =
      ref && path ? [{ ref, path }] : await writeCases(folder, ref ? [ref] : ['resnet-152', 'vgg-d']);
    const rows: string[][] = [];
    for (const { ref, path } of cases) rows.push(await inNode(ref, path));
    rows.push(...(await inChromium(folder, cases)));
    printTable(
      'Memory above that of the idle process, MB (resident; weights and tensors as tfjs counts them)',
      [
        '',
        'file',
        'weights',
        'peak, loading',
        'over',
        'loaded',
        'peak, running',
        'tensors',
        'time',
        'answer',
      ],
      rows,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Case {
  readonly ref: string;
  readonly path: string;
}
interface Measured {
  readonly before: Sample;
  readonly loading: Sample;
  readonly loaded: Sample;
  readonly running: Sample;
  readonly weights: number;
  readonly all: number;
  readonly milliseconds: number;
  readonly answer: number;
}

async function writeCases(folder: string, refs: readonly string[]): Promise<Case[]> {
  const cases: Case[] = [];
  for (const ref of refs) {
    const path = join(folder, `${ref}.safetensors`);
    await writeRandomWeights(ref, path);
    cases.push({ ref, path });
  }
  return cases;
}

async function row(where: string, path: string, m: Measured): Promise<string[]> {
  const above = (sample: Sample) => sample.pss - m.before.pss;
  return [
    `${where}, ${basename(path)}`,
    mb((await stat(path)).size),
    mb(m.weights),
    mb(above(m.loading)),
    mb(above(m.loading) - m.weights),
    mb(above(m.loaded)),
    mb(above(m.running)),
    mb(m.all),
    ms(m.milliseconds),
    ms(m.answer),
  ];
}

async function inNode(ref: string, path: string): Promise<string[]> {
  const child = join(import.meta.dirname, 'memory/node.ts');
  const args = [...process.execArgv, '--expose-gc', child, ref, path];
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
  return row('Node', path, JSON.parse(printed) as Measured);
}

declare global {
  var memoryCalls: MemoryCalls;
}

async function inChromium(folder: string, cases: readonly Case[]): Promise<string[][]> {
  const outDir = join(folder, 'page');
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'memory'),
    publicDir: join(import.meta.dirname, '../public'),
    base: './',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 5000 },
  });
  const server = await serve(outDir, { port: 0 });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArgs] });
  try {
    const rows: string[][] = [];
    for (const { ref, path } of cases) {
      const page = await browser.newPage();
      page.setDefaultTimeout(600_000);
      await page.goto(server.url);
      await page.waitForFunction(() => globalThis.memoryCalls !== undefined);
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      // Chromium keeps a spare renderer beside the page's: all together are the page's, the spare one stands still.
      const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
      const { agent, ...measured } = await measurePage(page, renderers, ref, path);
      rows.push(await row('Chromium', path, measured));
      console.log(`${ref} in Chromium, measureUserAgentSpecificMemory: ${agent}`);
      await page.close();
    }
    return rows;
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measurePage(page: Page, pids: readonly number[], ref: string, path: string) {
  const agentBytes = () => page.evaluate(() => globalThis.memoryCalls.agent());
  await page.evaluate(() => globalThis.memoryCalls.start());
  await page.locator('input').setInputFiles(path);
  const agentBefore = await agentBytes();
  const before = sample(pids);
  let stop = watch(pids);
  const milliseconds = await page.evaluate((network) => globalThis.memoryCalls.load(network), ref);
  const loading = stop();
  const weights = (await page.evaluate(() => globalThis.memoryCalls.memory())).bytes;
  const agentLoaded = await agentBytes();
  const loaded = sample(pids);
  stop = watch(pids);
  const answer = await page.evaluate(() => globalThis.memoryCalls.classify());
  const running = stop();
  const all = (await page.evaluate(() => globalThis.memoryCalls.memory())).bytes;
  const agent = `${mb(agentBefore)} MB idle, ${mb(agentLoaded)} MB loaded, ${mb(await agentBytes())} MB after an answer`;
  return { before, loading, loaded, running, weights, all, milliseconds, answer, agent };
}

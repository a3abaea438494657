import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { build } from 'vite';
import { chromiumArgs, ensureChromium } from '../scripts/chromium.mjs';
import { serve } from '../scripts/serve.mjs';
import { root } from '../tests/browser/harness.ts';
import { walks, type Action, type Walk } from './tasks/actions.ts';
import { longestTask, PROFILE, type Longest } from './tasks/longest.ts';
import { median, printTable } from './report.ts';
import { recorded } from './trace.ts';

const frames = [
  { name: 'wide', width: 1440, height: 900, touch: false },
  { name: 'phone', width: 390, height: 844, touch: true },
] as const;
type Frame = (typeof frames)[number];

/** Each in a page of its own, so that nothing is there from the last one. One more has the profile. */
const rounds = Number(process.env.ROUNDS ?? 3);
/** What belongs to an action has come by then, ms. */
const rest = 700;

/**
 * The longest task of what users do, in the main thread's own time, at the size of a desktop and of a phone: on the page as
 * it is built, but with the names of its functions. `npm run bench -- tasks phone compare` does some only.
 */
export async function benchTasks(only: readonly string[] = []): Promise<void> {
  const folder = process.env.CONVSCOPE_DIST ?? (await builtWithNames());
  const site = await serve(folder, { port: 0 });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArgs] });
  const chosen = <T extends { readonly name: string }>(all: readonly T[]) =>
    all.some(({ name }) => only.includes(name)) ? all.filter(({ name }) => only.includes(name)) : all;
  try {
    for (const frame of chosen(frames))
      for (const walk of chosen(walks)) await measure(browser, site.url, frame, walk);
  } finally {
    await browser.close();
    await site.close();
    if (process.env.CONVSCOPE_DIST === undefined) rmSync(folder, { recursive: true });
  }
}

async function builtWithNames(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'convscope-tasks-'));
  await build({
    root,
    logLevel: 'error',
    build: { minify: false, cssMinify: true, outDir, emptyOutDir: true },
  });
  return outDir;
}

async function measure(browser: Browser, url: string, frame: Frame, walk: Walk): Promise<void> {
  const actions = walk.actions.filter(({ only }) => only === undefined || only === frame.name);
  const taken: (readonly Longest[])[] = [];
  for (let i = 0; i < rounds; i++) taken.push(await walkOnce(browser, url, frame, actions, []));
  const profiled = await walkOnce(browser, url, frame, actions, PROFILE);
  printTable(
    `Longest task, ms of the main thread's own time: ${walk.name}, ${frame.name}`,
    ['action', 'median', 'longest', 'what one ran, ms'],
    actions.map(({ name }, i) => {
      const all = taken.map((round) => round[i]!.ms);
      const { ms, ran } = profiled[i]!;
      return [name, median(all).toFixed(0), Math.max(...all).toFixed(0), `${ms.toFixed(0)}: ${ran}`];
    }),
  );
}

async function walkOnce(
  browser: Browser,
  url: string,
  { width, height, touch }: Frame,
  actions: readonly Action[],
  categories: readonly string[],
): Promise<readonly Longest[]> {
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, hasTouch: touch, isMobile: touch, locale: 'en-GB' });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await page.goto(url);
  await page.locator('ol li').first().waitFor();
  await page.waitForTimeout(3000);
  const longest: Longest[] = [];
  for (const { name, aim, works = 0 } of actions) {
    try {
      const act = await aim({ page, touch });
      await page.waitForTimeout(100);
      const events = await recorded(page, session, categories, async () => {
        await page.evaluate(() => void performance.mark('start'));
        await act();
        await page.waitForTimeout(rest + works);
        await page.evaluate(() => void performance.mark('end'));
      });
      longest.push(longestTask(events));
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  await context.close();
  return longest;
}

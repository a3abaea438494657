import { gzipSync } from 'node:zlib';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { open, root, startApp, type App } from '../tests/browser/harness.ts';
import { cases } from './cases.ts';
import { ms, printTable } from './report.ts';

/** What a user waits for, in the production build: Chromium without GPU, wasm, times by the page's own clock. */
export async function benchBrowser(): Promise<void> {
  if (!existsSync(join(root, 'dist/index.html'))) {
    console.error('There is no build to measure: run `npm run build` first.');
    return;
  }
  const app = await startApp();
  try {
    await printInitialScript(app);
    const rows: string[][] = [];
    for (const { network, layer, rule } of cases) rows.push(await measure(app, network, layer, rule));
    printTable(
      'Chromium, wasm: from the start of navigation (ms), then single steps',
      ['network', 'diagram', 'weights', 'answer', 'cold', 'warm', 'maps', 'projection', 'longest task'],
      rows,
    );
  } finally {
    await app.close();
  }
}

/**
 * Initial JavaScript: every script that the page has asked for when its first live diagram is drawn, static imports and
 * chunks alike, and those that stand in it. Workers do not count, for nothing that is drawn waits for them. Aim: at most
 * 250 KiB gzip.
 */
async function printInitialScript(app: App): Promise<void> {
  const rows: string[][] = [];
  for (const locale of ['en-GB', 'ko-KR']) {
    const { page, context } = await open(app, 'samples/README.md', { locale });
    await page.addInitScript((selector) => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector(selector)) return;
        observer.disconnect();
        performance.mark('first diagram');
      }).observe(document, { childList: true, subtree: true });
    }, node);
    await page.goto(app.url);
    await appearing(page, node);
    const asked = await page.evaluate(() => {
      const drawn = performance.getEntriesByName('first diagram')[0]!.startTime;
      return performance
        .getEntriesByType('resource')
        .filter(({ name, startTime }) => name.endsWith('.js') && startTime <= drawn)
        .map(({ name }) => new URL(name).pathname);
    });
    await context.close();
    const workers = new Set(asked.filter((file) => /worker/i.test(file)).flatMap(withImports));
    const files = [...new Set(asked)].filter((file) => !workers.has(file));
    const markup = readFileSync(join(root, 'dist/index.html'), 'utf8');
    const inline = [...markup.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code = '']) => code);
    const code = [...inline, ...files.map((file) => readFileSync(join(root, 'dist', file)))];
    const bytes = code.reduce((sum, each) => sum + gzipSync(each).length, 0);
    rows.push([locale, String(files.length), `${(bytes / 1024).toFixed(1)} KiB`]);
  }
  printTable(
    'JavaScript asked for before the first diagram is drawn, without workers. Aim: 250 KiB',
    ['language', 'files', 'gzip'],
    rows,
  );
}

/** A script of the build with those that it imports statically: `import"./x.js"` and `from"./x.js"`. */
function withImports(file: string): readonly string[] {
  const seen = new Set<string>();
  const visit = (each: string) => {
    if (seen.has(each)) return;
    seen.add(each);
    const code = readFileSync(join(root, 'dist', each), 'utf8');
    for (const [, name] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
      visit(`/assets/${name}`);
  };
  visit(file);
  return [...seen];
}

/** A box that can be chosen: not one of the picture that stands there before the page's code does (src/first). */
const node = '#root > :not([inert]) #diagram svg [role=button]';
const answer = 'ol li';
const option = '[role=listbox] [role=option]';
const projection = '[aria-label^="Projection of channel"][role=img]';

async function measure(app: App, network: string, layer: string, rule: string): Promise<string[]> {
  const { page, context } = await open(app, 'samples/README.md');
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) =>
      list.getEntries().forEach((entry) => tasks.push(entry.duration)),
    ).observe({
      entryTypes: ['longtask'],
    });
  });
  const image = network.startsWith('lenet') ? '' : '&image=sample:dogs.jpg';
  let weights = NaN;
  const began = Date.now();
  // The worker fetches them, so the page's own resource timing does not see it.
  context.on('requestfinished', (request) => {
    if (request.url().endsWith('.safetensors')) weights = Date.now() - began;
  });
  await page.goto(`${app.url}?net=${network}&layer=${layer}&rule=${rule}${image}`);
  const diagram = await appearing(page, node);
  const answered = await appearing(page, answer);
  const cold = await took(page);
  await page.locator(option).first().waitFor();

  // From here on the network runs and the page is used: no task may block it for long.
  await page.evaluate(() => ((window as unknown as { longTasks: number[] }).longTasks.length = 0));
  const other = network.startsWith('lenet') ? page.getByRole('button', { name: /example of 3/ }) : null;
  if (other) await other.click();
  else {
    await page.locator('input[type=file]').first().setInputFiles(join(root, 'public/samples/cat.jpg'));
    await page
      .locator(answer)
      .getByText(/cat|horn/)
      .first()
      .waitFor();
  }
  await page.locator(option).first().waitFor();
  const warm = await took(page);

  const first = page.locator(option).first();
  await first.click();
  await page.locator(projection).waitFor();
  const before = await page.locator(projection).getAttribute('aria-label');
  await page.locator('[role=listbox]').focus();
  await page.keyboard.press('ArrowRight');
  const pressed = await page.evaluate(() => performance.now());
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    ([selector, old]) => {
      const label = document.querySelector(selector ?? '')?.getAttribute('aria-label');
      return label && label !== old;
    },
    [projection, before] as const,
    { polling: 'raf' },
  );
  const projected = (await page.evaluate(() => performance.now())) - pressed;

  const heading = page.getByRole('heading', { level: 2 }).first();
  const was = await heading.innerText();
  const start = await page.evaluate(() => performance.now());
  await page.locator(node).nth(1).click();
  await page.waitForFunction(
    (old) =>
      document.querySelector('h2')?.textContent !== old &&
      document.querySelector('[role=listbox] [role=option]'),
    was,
  );
  const maps = (await page.evaluate(() => performance.now())) - start;
  const longest = await page.evaluate(() =>
    Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks),
  );
  await context.close();
  return [
    network,
    ...[diagram, weights, answered, cold, warm, maps, projected].map(ms),
    longest ? ms(longest) : '< 50 ms',
  ];
}

/** When the first element that matches was there, on the page's clock. */
async function appearing(page: Page, selector: string): Promise<number> {
  const handle = await page.waitForFunction(
    (wanted) => (document.querySelector(wanted) ? performance.now() : false),
    selector,
    { polling: 'raf' },
  );
  return Number(await handle.jsonValue());
}

/** The forward pass as the page states it, in milliseconds. */
async function took(page: Page): Promise<number> {
  const text = await page.getByText(/\d\s(ms|s) on wasm/).innerText();
  const [, value = 'NaN', unit] = /([\d.]+)\s(ms|s) on/.exec(text) ?? [];
  return Number(value) * (unit === 's' ? 1000 : 1);
}

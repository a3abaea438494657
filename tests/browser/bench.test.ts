import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { axeViolations, open, startApp, type App, type OpenPage } from './harness.ts';
import {
  addProbe,
  changePage,
  inlineScripts,
  marks,
  refusedAll,
  refusedInline,
  violations,
} from './policy.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const plan = (page: Page) => page.getByRole('region', { name: 'What is measured' });
const lenet = (page: Page) => page.getByRole('region', { name: /^LeNet-5/ });
const box = (page: Page, backend: string, network = 'LeNet-5 (modern)') =>
  page.getByRole('checkbox', { name: `${network} on ${backend}` });
const again = (page: Page) => page.getByRole('button', { name: 'Measure again' });

/**
 * Opens the page and waits until every backend has been tried. Requests are intercepted from the beginning, if at all:
 * Chromium's driver waits for ever where a worker ends while interception begins.
 */
async function openBench(
  path = 'bench',
  options: Parameters<typeof open>[2] = {},
  intercept: (context: BrowserContext) => Promise<unknown> = () => Promise.resolve(),
): Promise<OpenPage> {
  const opened = await open(app, path, {
    ...options,
    async prepare(context) {
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url });
      await intercept(context);
    },
  });
  await box(opened.page, 'cpu').waitFor();
  return opened;
}

/** Ticks only these boxes, by their backend and network. */
async function tickOnly(page: Page, ...wanted: readonly Locator[]): Promise<void> {
  for (const each of await plan(page).getByRole('checkbox').all()) await each.uncheck();
  for (const each of wanted) await each.check();
}

async function measureLenet(page: Page, ...backends: readonly string[]): Promise<void> {
  await tickOnly(page, ...backends.map((backend) => box(page, backend)));
  await page.getByRole('radio', { name: '5', exact: true }).click();
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await again(page).waitFor();
}

/** The cells of a line of LeNet's table, as it reads: name first. */
const line = (page: Page, name: string) =>
  lenet(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
const cellsOf = (page: Page, name: string) => line(page, name).getByRole('cell').allInnerTexts();

async function copied(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: button }).click();
  await page.getByText('Copied', { exact: true }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

describe('the bench page', () => {
  test('says what it runs on, what it would fetch, and fetches nothing of it yet', async () => {
    const { page, context, problems } = await openBench();
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await box(page, 'cpu').waitFor();
    const facts = page.getByRole('region', { name: 'This browser' });
    await expect.poll(() => facts.innerText()).toMatch(/Browser\s+Chromium \d/);
    expect(await facts.innerText()).toMatch(/tfjs 4\.22\.0/);
    expect(await plan(page).innerText()).toMatch(/webgl[\s\S]*SwiftShader[\s\S]*imitated by the processor/);
    expect(await box(page, 'wasm', 'ZFNet (Imagenette)').isChecked()).toBe(true);
    expect(await box(page, 'cpu', 'ZFNet (Imagenette)').isChecked()).toBe(false);
    expect(await page.getByText(/At most [\d.]+.MiB are downloaded/).count()).toBe(1);
    expect(asked.filter((url) => /\.safetensors|samples/.test(url))).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(app.url) && !/^(blob|data):/.test(url))).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('measures LeNet-5 on wasm and cpu, and the copies hold what is shown', async () => {
    const { page, context, problems } = await openBench();
    await measureLenet(page, 'wasm', 'cpu');
    expect(await lenet(page).getByRole('columnheader').allInnerTexts()).toEqual(['Figure', 'wasm', 'cpu']);
    for (const name of ['Start of the backend', 'First answer'])
      for (const cell of await cellsOf(page, name)) expect(cell).toMatch(/^[\d.\u2009]+$/);
    for (const name of ['Answer', 'Faces of all layers', 'Maps of conv2', 'Projection', 'Next projection'])
      for (const cell of await cellsOf(page, name))
        expect(cell).toMatch(/^[\d.\u2009]+\n[\d.\u2009]+–[\d.\u2009]+$/);
    expect((await cellsOf(page, 'Load')).map((cell) => cell.split('\n')[1])).toEqual(['server', 'cache']);
    expect(await cellsOf(page, 'Class')).toEqual(['4', '4']);
    expect(await cellsOf(page, 'Rounds')).toEqual(['5', '5']);
    const [reference, differs] = await cellsOf(page, 'Logits differ');
    expect(reference).toBe('reference');
    expect(Number(differs)).toBeLessThan(1e-4);

    const markdown = await copied(page, 'Copy as Markdown');
    expect(markdown).toMatch(/^\*\*ConvScope benchmark, \d{4}-\d\d-\d\d\*\*\n/);
    expect(markdown).toMatch(/^- wasm: \d+ threads?$/m);
    const table = markdown.split('\n').filter((text) => text.startsWith('|'));
    expect(table).toHaveLength(4);
    expect(new Set(table.map((text) => text.split('|').length)).size).toBe(1);
    expect(table[2]).toMatch(/^\| LeNet-5 \(modern\) \| wasm \|( [^|]+ \|){11} {2}\| 5 \|$/);

    const csv = (await copied(page, 'Copy as CSV')).trimEnd().split('\r\n');
    expect(csv.map((text) => text.split(',').slice(0, 2).join(' '))).toEqual([
      'network backend',
      'lenet-5-modern wasm',
      'lenet-5-modern cpu',
    ]);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download JSON' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^convscope-bench-\d{4}-\d\d-\d\d\.json$/);
    const json = await readFile(await download.path(), 'utf8');
    expect(json).toBe(await copied(page, 'Copy as JSON'));
    const report = JSON.parse(json) as { rows: { backend: string; samples: { answer: number[] } }[] };
    expect(report.rows.map(({ backend, samples }) => [backend, samples.answer.length])).toEqual([
      ['wasm', 5],
      ['cpu', 5],
    ]);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('is cancelled at once, keeps what it has and measures again', async () => {
    let held = () => {};
    let through = false;
    // The weights never arrive.
    const { page, context } = await openBench('bench', {}, (opened) =>
      opened.route('**/*.safetensors', (route) => (through ? route.continue() : held())),
    );
    const asked = new Promise<void>((resolve) => (held = resolve));
    await tickOnly(page, box(page, 'wasm'), box(page, 'cpu'));
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await asked;
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await again(page).waitFor();
    const heads = await lenet(page).getByRole('columnheader').allInnerTexts();
    expect(heads.slice(1)).toEqual(['wasm\ncancelled', 'cpu\ncancelled']);
    expect((await cellsOf(page, 'Start of the backend'))[0]).toMatch(/^[\d.\u2009]+$/);
    expect(await copied(page, 'Copy as Markdown')).toContain('- LeNet-5 (modern), cpu: cancelled.');

    through = true;
    await box(page, 'cpu').uncheck();
    await again(page).click();
    await again(page).waitFor();
    expect(await cellsOf(page, 'Class')).toEqual(['4']);
    expect(await page.getByText(/Only one backend was measured/).count()).toBe(1);
    await context.close();
  });

  test('a run that is cut off is there on the next visit, with what it had measured', async () => {
    let held = () => {};
    const { page, context, problems } = await openBench('bench', {}, (opened) =>
      // The larger network's weights never arrive.
      opened.route('**/zfnet-imagenette*.safetensors', () => held()),
    );
    const asked = new Promise<void>((resolve) => (held = resolve));
    await tickOnly(page, box(page, 'cpu'), box(page, 'wasm', 'ZFNet (Imagenette)'));
    await page.getByRole('radio', { name: '5', exact: true }).click();
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await asked;
    await page.reload();
    const kept = page.getByRole('region', { name: 'Figures of the last run' });
    await kept.waitFor();
    expect(await kept.innerText()).toMatch(
      /cut off while ZFNet \(Imagenette\) was measured on wasm[\s\S]* 1 measurement had come to its end/,
    );
    const markdown = await copied(page, 'Copy as Markdown');
    expect(markdown).toMatch(/^\| LeNet-5 \(modern\) \| cpu \|.* 5 \|$/m);
    expect(markdown).toMatch(/^- ZFNet \(Imagenette\), wasm: had not ended when this was written\.$/m);
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);

    // Its place is taken by the next one.
    await box(page, 'cpu').waitFor();
    await measureLenet(page, 'cpu');
    expect(await kept.count()).toBe(0);
    await page.reload();
    expect(await kept.innerText()).toMatch(/The run of [\s\S]+ kept until the next one/);
    await context.close();
  });

  test('says why one backend failed, and goes on with the next', async () => {
    let refused = false;
    const { page, context } = await openBench('bench', {}, (opened) =>
      opened.route('**/*.safetensors', (route) => {
        if (refused) return route.continue();
        refused = true;
        return route.fulfill({ status: 404 });
      }),
    );
    await measureLenet(page, 'wasm', 'cpu');
    const heads = await lenet(page).getByRole('columnheader').allInnerTexts();
    expect(heads.slice(1)).toEqual(['wasm\nfailed', 'cpu']);
    expect(await lenet(page).getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^wasm: .*lenet-5-modern\.safetensors/),
    ]);
    expect(await cellsOf(page, 'Class')).toEqual(['', '4']);
    expect(await copied(page, 'Copy as Markdown')).toMatch(/- LeNet-5 \(modern\), wasm: failed\. .*404/);
    await context.close();
  });

  test('marks what was measured while the tab was hidden', async () => {
    const { page, context } = await openBench();
    await page.evaluate(() =>
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }),
    );
    await measureLenet(page, 'cpu');
    expect(await lenet(page).getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^cpu: the tab was hidden meanwhile/),
    ]);
    await context.close();
  });
});

describe('its address', () => {
  test('is found from About and leads back, in the same language', async () => {
    const { page, context } = await open(app, '?lang=ko');
    await page.getByRole('button', { name: 'ConvScope 소개' }).click();
    await page.getByRole('link', { name: /브라우저/ }).click();
    await page.getByRole('heading', { name: '이 브라우저의 성능 측정' }).waitFor();
    expect(await page.title()).toBe('이 브라우저의 성능 측정 · ConvScope');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko');
    await page.getByRole('link', { name: 'ConvScope' }).click();
    await page
      .getByRole('group', { name: /구조도|ZFNet/ })
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get('lang')).toBe('ko');
    await context.close();
  });

  test.each(['bench', 'bench.html', 'bench/'])('may be %s', async (path) => {
    const { page, context } = await openBench(path);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Measure this browser');
    await context.close();
  });

  test('may stand at any base path', async () => {
    const base = `${app.url}some/where/`;
    const elsewhere: string[] = [];
    const { page, context, problems } = await openBench('some/where/bench', {}, (opened) =>
      opened.route('**', async (route) => {
        const url = route.request().url();
        if (!url.startsWith(base)) elsewhere.push(url);
        const response = await route.fetch({ url: url.replace(base, app.url) });
        return route.fulfill({ response });
      }),
    );
    await measureLenet(page, 'cpu');
    expect(await cellsOf(page, 'Class')).toEqual(['4']);
    expect(elsewhere).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe.each([{ dark: false }, { dark: true }])('it is accessible, dark: $dark,', ({ dark }) => {
  test('before it measures and after', async () => {
    const { page, context } = await openBench('bench', { dark });
    expect(await axeViolations(page)).toEqual([]);
    await measureLenet(page, 'wasm', 'cpu');
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(dark ? 'dark' : 'light');
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  });

  test('while it measures', async () => {
    const { page, context } = await openBench('bench', { dark });
    const asked = new Promise<void>((resolve) => {
      // The weights never arrive.
      void context.route('**/*.safetensors', () => resolve());
    });
    await tickOnly(page, box(page, 'cpu'));
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await asked;
    await page.getByRole('progressbar').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  });
});

test('its colours are chosen, and kept for both pages', async () => {
  const { page, context } = await openBench();
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await page.getByRole('button', { name: 'Colours: Colours of the system' }).click();
  await page.getByRole('button', { name: 'Colours: Light' }).click();
  await page.getByRole('button', { name: 'Colours: Dark' }).waitFor();
  expect(await theme()).toBe('dark');
  await page.goto(app.url);
  expect(await theme()).toBe('dark');
  await context.close();
});

test('it fits on a phone, with figures too', async () => {
  const { page, context } = await openBench('bench', { width: 390, height: 844, touch: true });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await measureLenet(page, 'wasm', 'cpu');
  expect(await overflow()).toBeLessThanOrEqual(0);
  expect(await axeViolations(page)).toEqual([]);
  await context.close();
});

describe('its Content-Security-Policy', () => {
  test('runs no script that was written into it, and still measures', async () => {
    const { page, context, problems } = await openBench('bench', {}, (opened) =>
      changePage(opened, `${app.url}bench`, inlineScripts),
    );
    await measureLenet(page, 'wasm');
    expect(await cellsOf(page, 'Class')).toEqual(['4']);
    expect(await marks(page)).toBe('untouched');
    expect(violations(problems)).toEqual(refusedInline);
    await context.close();
  });

  test('turns no text into code or markup', async () => {
    const { page, context } = await openBench('bench', {}, (opened) => addProbe(opened, `${app.url}bench`));
    expect(await marks(page)).toBe(refusedAll);
    await context.close();
  });
});

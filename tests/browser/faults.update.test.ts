import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { dropFiles, engineWorker, failure, notice } from './faults.ts';
import { open, startApp, type App, type OpenPage } from './harness.ts';
import { openLayer, samplePath, topFive, waitForAnswer } from './steps.ts';

/** Code of the page that does not come: the page was updated while it was open, the network is gone, a file is missing. */

let app: App;
let opened: OpenPage | null = null;

beforeAll(async () => {
  app = await startApp();
});
afterEach(async () => {
  await opened?.context.close();
  opened = null;
});
afterAll(() => app.close());

async function visit(path: string): Promise<Page> {
  opened = await open(app, path);
  return opened.page;
}

/** The server has these files no longer. */
async function remove(context: BrowserContext, files: string): Promise<void> {
  await context.route(files, (route) => route.fulfill({ status: 404, body: 'Not found' }));
}

/** The folder is replaced by a newer one: its page names other scripts, and files of the old one are gone. */
async function update(context: BrowserContext, gone: string): Promise<void> {
  await remove(context, gone);
  await context.route(app.url, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(assets\/[\w.-]+)-[\w-]{8}\.js/g, '$1-newer000.js');
    await route.fulfill({ response, body });
  });
}

/** The newer version is one that works: in the test it is the old one again. */
const arrived = (context: BrowserContext) => context.unrouteAll({ behavior: 'wait' });

const updated = /ConvScope was updated while this page was open\. Reload to go on/;
const reload = (page: Page) => page.getByRole('button', { name: 'Reload', exact: true });

interface Part {
  readonly name: string;
  readonly file: string;
  readonly ask: (page: Page) => Promise<void>;
  /** The address says that it is open: a reload opens it. */
  readonly stays?: true;
  /** What stands there once the part has come. */
  readonly there: (page: Page) => Promise<void>;
}

const parts: readonly Part[] = [
  {
    name: 'the comparison',
    file: 'CompareView-*.js',
    ask: (page) => page.getByRole('button', { name: 'Compare networks' }).click(),
    stays: true,
    there: (page) => page.getByRole('heading', { name: 'Compare networks' }).waitFor(),
  },
  {
    name: 'the table of all networks',
    file: 'NetworkTable-*.js',
    ask: (page) => page.getByRole('button', { name: 'All networks as a table' }).click(),
    stays: true,
    there: (page) => page.getByRole('table').waitFor(),
  },
  {
    name: 'the layer table',
    file: 'LayerTable-*.js',
    ask: (page) => page.getByRole('radio', { name: 'Layer table' }).click(),
    there: (page) => page.getByRole('table').waitFor(),
  },
  {
    name: 'the parameters',
    file: 'Parameters-*.js',
    ask: (page) => page.getByRole('button', { name: 'Parameters', exact: true }).click(),
    there: (page) => page.locator('#parameters :is(input, select, button)').first().waitFor(),
  },
];

describe('a part of a page that was updated while it was open', () => {
  test.each(parts)('$name: says so, and a reload brings it', async ({ file, ask, stays, there }) => {
    const page = await visit('?net=lenet-5-modern');
    const before = await topFive(page);
    await update(page.context(), `**/assets/${file}`);
    await ask(page);
    await failure(page, updated).waitFor();
    await arrived(page.context());
    await reload(page).click();
    if (!stays) {
      expect(await topFive(page)).toEqual(before);
      await ask(page);
    }
    await there(page);
  });

  test('a dialog: says so in the dialog, and the page behind it goes on', async () => {
    const page = await visit('?net=lenet-5-modern');
    const before = await topFive(page);
    await update(page.context(), '**/assets/About-*.js');
    await page.getByRole('button', { name: 'About ConvScope' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(updated).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await topFive(page)).toEqual(before);
  });

  test('the texts about a network: says so where they would stand', async () => {
    opened = await open(app, 'icon.svg');
    const { page, context } = opened;
    await remove(context, '**/assets/NetworkTexts-*.js');
    await page.goto(`${app.url}?net=zfnet-imagenette`);
    const texts = page.getByRole('region', { name: 'About this network' });
    await texts.getByText(/A part of this page did not arrive\. Try again/).waitFor();
    await arrived(context);
    await texts.getByRole('button', { name: 'Try again' }).click();
    await texts.getByText('Zeiler').first().waitFor();
  });

  test('the other language: says so, and the page goes on in the one that it has', async () => {
    const page = await visit('?net=lenet-5-modern');
    await topFive(page);
    await update(page.context(), '**/assets/ko-*.js');
    await page.getByRole('radio', { name: '한국어' }).click();
    await notice(page, updated).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('lang')).toBe('en');
    await arrived(page.context());
    await reload(page).click();
    await topFive(page);
    await page.getByRole('radio', { name: '한국어' }).click();
    await page.getByRole('region', { name: '그림과 분류 결과' }).waitFor();
  });

  test('the list of published weights and the worker that keeps them: both say so in their dialog', async () => {
    const page = await visit('?net=lenet-5-modern');
    await topFive(page);
    await update(page.context(), '**/assets/{catalogue,shelf.worker}-*.js');
    await page.getByRole('button', { name: /^Weights:/ }).click();
    await expect.poll(() => page.getByRole('dialog').getByText(updated).count()).toBe(2);
  });

  test('the worker that computes: says so with what was there, and the picture is kept', async () => {
    const page = await visit('?net=zfnet-imagenette');
    await topFive(page);
    await dropFiles(page, [{ name: 'mine.jpg', bytes: readFileSync(samplePath('dogs.jpg')) }]);
    await waitForAnswer(page, 'English springer');
    await openLayer(page, /^conv4/);
    await update(page.context(), '**/assets/worker-*.js');
    await crash(page);
    await failure(page, /updated while .* the layer and your picture are kept/).waitFor();
    await arrived(page.context());
    await reload(page).click();
    await waitForAnswer(page, 'English springer');
    expect(new URL(page.url()).searchParams.get('layer')).toBe('conv4');
  });

  test('a picture that could not be kept is named before the reload', async () => {
    const page = await visit('?net=zfnet-imagenette');
    await topFive(page);
    const client = await page.context().newCDPSession(page);
    await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(app.url).origin, quotaSize: 1 });
    await dropFiles(page, [{ name: 'mine.jpg', bytes: readFileSync(samplePath('dogs.jpg')) }]);
    await notice(page, /no room to keep your picture/).waitFor();
    await update(page.context(), '**/assets/worker-*.js');
    await crash(page);
    await failure(page, /updated while .* had no room to keep your picture: choose it again/).waitFor();
  });
});

const crash = async (page: Page) =>
  (await engineWorker(page)).evaluate(() => {
    setTimeout(() => {
      throw new Error('out of order');
    });
  });

describe('without a network', () => {
  test('a part that was not loaded says so, and comes once there is one again', async () => {
    const page = await visit('?net=lenet-5-modern');
    const before = await topFive(page);
    await page.context().setOffline(true);
    await page.getByRole('radio', { name: 'Layer table' }).click();
    const told = failure(page, /has not been loaded yet, and there is no network now/);
    await told.waitFor();
    // What is there goes on.
    expect(await topFive(page)).toEqual(before);
    await page.context().setOffline(false);
    await told.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table').waitFor();
  });
});

test.each(['index', 'zoo'])('a page whose %s script does not come says so by itself', async (name) => {
  opened = await open(app, 'icon.svg');
  const { page, context } = opened;
  await remove(context, `**/assets/${name}-*.js`);
  await page.goto(app.url);
  await failure(page, /ConvScope did not arrive as a whole\. Check the connection and reload/).waitFor();
  await arrived(context);
  await page.reload();
  await topFive(page);
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('the outlines of the list are drawn even without their worker', async () => {
  opened = await open(app, 'icon.svg');
  const { page, context } = opened;
  await remove(context, '**/assets/facts.worker-*.js');
  await page.goto(`${app.url}?net=zfnet-imagenette`);
  const outlines = page.getByRole('navigation', { name: 'Networks' }).locator('svg path[fill=currentColor]');
  await expect.poll(() => outlines.count(), { timeout: 60_000 }).toBeGreaterThan(10);
});

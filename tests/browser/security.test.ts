import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeEngine, engineWorker } from './faults.ts';
import { open, startApp, type App } from './harness.ts';
import {
  addProbe,
  changePage,
  inlineScripts,
  marks,
  refusedAll,
  refusedInline,
  violations,
} from './policy.ts';
import { topFive } from './steps.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('the built page under its Content-Security-Policy', () => {
  test('runs no script that was written into it, and still works', async () => {
    const { page, context, problems } = await open(app, '', {
      prepare: (opened) => changePage(opened, app.url, inlineScripts),
    });
    expect(await topFive(page)).toHaveLength(5);
    expect(await marks(page)).toBe('untouched');
    expect(violations(problems)).toEqual(refusedInline);
    await context.close();
  });

  test('turns no text into code, not even in a file of its own', async () => {
    const { page, context } = await open(app, '', { prepare: (opened) => addProbe(opened, app.url) });
    expect(await topFive(page)).toHaveLength(5);
    expect(await marks(page)).toBe(refusedAll);
    await context.close();
  });

  test('loads no script and no frame from elsewhere', async () => {
    const { page, context } = await open(app, 'icon.svg');
    const reached: string[] = [];
    await context.route('https://elsewhere.invalid/**', (route) => {
      reached.push(route.request().url());
      return route.fulfill({ contentType: 'text/javascript', body: `window.mark = 'ran'` });
    });
    await changePage(
      context,
      app.url,
      `<script src="https://elsewhere.invalid/x.js"></script><iframe src="https://elsewhere.invalid/"></iframe>`,
    );
    await page.goto(app.url);
    expect(await topFive(page)).toHaveLength(5);
    expect(reached).toEqual([]);
    expect(await marks(page)).toBe('untouched');
    await context.close();
  });
});

describe('the worker that computes', () => {
  /** Runs at the start of every engine worker, before its own code. */
  const probe = `
    const attempt = async (name, work) => {
      try { await work(); return name + ' ran'; } catch (error) { return name + ' ' + error.name; }
    };
    self.probed = Promise.all([
      attempt('eval', () => eval('1')),
      attempt('Function', () => new Function('return 1')()),
      attempt('import', () => import('https://elsewhere.invalid/x.js')),
      attempt('fetch', () => fetch('http://elsewhere.invalid/')),
    ]);
  `;
  const elsewhere = async (context: BrowserContext): Promise<string[]> => {
    const reached: string[] = [];
    await context.route(/^https?:\/\/elsewhere\.invalid/, (route) => {
      reached.push(new URL(route.request().url()).protocol);
      return route.fulfill({
        contentType: 'text/javascript',
        headers: { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' },
        body: '',
      });
    });
    return reached;
  };
  const probed = async (page: Page): Promise<string> => {
    const results = await (
      await engineWorker(page)
    ).evaluate(() => (self as unknown as { probed: Promise<string[]> }).probed);
    return results.join(', ');
  };

  test('turns no text into code and loads no script from elsewhere, where the host sends the headers', async () => {
    const { page, context } = await open(app, 'icon.svg');
    const reached = await elsewhere(context);
    await beforeEngine(context, probe);
    await page.goto(app.url);
    expect(await topFive(page)).toHaveLength(5);
    expect(await probed(page)).toBe('eval EvalError, Function EvalError, import TypeError, fetch TypeError');
    expect(reached).toEqual([]);
    await context.close();
  });

  // What SECURITY.md says of hosts without headers; a browser that binds workers by their page's <meta> would be news.
  test('is not bound by the policy of the page where the host sends no headers', async () => {
    const plain = await startApp({ isolated: false });
    const { page, context } = await open(plain, 'icon.svg');
    await elsewhere(context);
    await beforeEngine(context, probe);
    await page.goto(plain.url);
    expect(await topFive(page)).toHaveLength(5);
    expect(await probed(page)).toMatch(/^eval ran, Function ran, import ran/);
    await context.close();
    await plain.close();
  });
});

test('asks no other host for anything by itself, in any view', async () => {
  const { page, context, problems } = await open(app);
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !/^(blob|data):/.test(request.url()))
      elsewhere.push(request.url());
  });
  await page.reload();
  expect(await topFive(page)).toHaveLength(5);
  await page.goto(`${app.url}?view=compare`);
  await page.getByRole('heading', { name: 'Compare networks' }).waitFor();
  await page.goto(`${app.url}?view=table&lang=ko`);
  await page.getByRole('table').waitFor();
  await page.goto(`${app.url}?net=resnet-50`);
  await page.getByRole('button', { name: 'Get weights' }).click();
  await page
    .getByRole('dialog')
    .getByText(/BSD-3-Clause|BSD/i)
    .first()
    .waitFor();
  expect(elsewhere).toEqual([]);
  expect(problems).toEqual([]);
  await context.close();
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeEngine, engineWorker } from './faults.ts';
import { open, startApp, type App } from './harness.ts';
import { topFive } from './steps.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** The page as somebody changed it on its way: `added` stands at the end of its body. */
async function openChanged(added: string) {
  const opened = await open(app, 'icon.svg');
  await changeIndex(opened.context, added);
  await opened.page.goto(app.url);
  return opened;
}

async function changeIndex(context: BrowserContext, added: string): Promise<void> {
  await context.route(app.url, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('</body>', `${added}</body>`);
    await route.fulfill({ response, body });
  });
}

const marks = (page: { evaluate<T>(f: () => T): Promise<T> }) =>
  page.evaluate(() => (window as { mark?: string }).mark ?? 'untouched');

describe('the built page under its Content-Security-Policy', () => {
  test('runs no script that was written into it, and still works', async () => {
    const { page, context, problems } = await openChanged(
      `<script>window.mark = 'ran'</script><img src="icon.svg" alt="" onload="window.mark = 'handled'">`,
    );
    expect(await topFive(page)).toHaveLength(5);
    expect(await marks(page)).toBe('untouched');
    const refused = problems.filter((problem) => /violates .*Content Security Policy/.test(problem));
    expect(refused.map((problem) => /^Executing inline [\w ]+ violates/.exec(problem)?.[0])).toEqual([
      'Executing inline script violates',
      'Executing inline event handler violates',
    ]);
    await context.close();
  });

  test('turns no text into code, not even in a file of its own', async () => {
    const { page, context } = await open(app, 'icon.svg');
    await changeIndex(context, `<script src="./probe.js"></script>`);
    await context.route(`${app.url}probe.js`, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: `
          const attempt = (name, work) => { try { work(); return name + ' ran'; } catch (error) { return name + ' ' + error.name; } };
          window.mark = [
            attempt('eval', () => eval('1')),
            attempt('Function', () => new Function('return 1')()),
            attempt('markup', () => { document.createElement('div').innerHTML = '<b>x</b>'; }),
            attempt('script', () => { document.createElement('script').src = 'https://elsewhere.invalid/x.js'; }),
          ].join(', ');
        `,
      }),
    );
    await page.goto(app.url);
    expect(await topFive(page)).toHaveLength(5);
    expect(await marks(page)).toBe('eval EvalError, Function EvalError, markup TypeError, script TypeError');
    await context.close();
  });

  test('loads no script and no frame from elsewhere', async () => {
    const { page, context } = await open(app, 'icon.svg');
    const reached: string[] = [];
    await context.route('https://elsewhere.invalid/**', (route) => {
      reached.push(route.request().url());
      return route.fulfill({ contentType: 'text/javascript', body: `window.mark = 'ran'` });
    });
    await changeIndex(
      context,
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

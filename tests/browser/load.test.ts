import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstNetwork } from '../../src/components/store/defaults.ts';
import { dist, open, startApp, type App } from './harness.ts';
import { topFive } from './steps.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const still = '#root > [inert] #diagram svg [data-box]';
const live = '#root > :not([inert]) #diagram svg [data-box]';
const weights = `**/${firstNetwork}.safetensors`;

/** Files that do not arrive until they are let through. */
async function holdBack(context: BrowserContext, pattern: string | RegExp) {
  const held: Route[] = [];
  let through = false;
  await context.route(pattern, (route) => {
    if (through) return route.continue();
    held.push(route);
  });
  return {
    asked: () => held.length,
    async letThrough() {
      through = true;
      await Promise.all(held.splice(0).map((route) => route.continue()));
    },
  };
}

/** A fresh profile on a page of which nothing has been loaded yet. */
async function blank(options: Parameters<typeof open>[2] = {}) {
  return open(app, 'icon.svg', options);
}

/** The drawing as it is on screen: every element with its attributes, but for names, which a picture does not have. */
const drawing = (page: Page, of: string): Promise<readonly string[]> =>
  page
    .locator(of)
    .first()
    .evaluate((box) => {
      const svg = box.closest('#diagram svg')!;
      return [svg, ...svg.querySelectorAll<SVGElement>('*')].map((each) => {
        const attributes = [...each.attributes]
          .filter(({ name }) => !/^(?:aria-(?:label|hidden|expanded)|tabindex|style)$/.test(name))
          .map(({ name, value }) => `${name}=${value}`)
          .toSorted();
        const text = each.childElementCount === 0 ? each.textContent : '';
        return [each.nodeName, ...attributes, (each as SVGElement).style.cssText, text].join(' ');
      });
    });

const boxesIn = (elements: readonly string[]): readonly string[] =>
  elements.flatMap((each) => / data-box=(\S+)/.exec(each)?.[1] ?? []);

describe('the first view', () => {
  test.each([
    { width: 1440, height: 900 },
    { width: 1024, height: 768, dark: true },
    { width: 390, height: 844 },
    { width: 390, height: 844, locale: 'ko-KR' },
  ])('is the diagram itself, before any of the page’s code: $width $locale', async (options) => {
    const { page, context } = await blank(options);
    const missing: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) missing.push(response.url());
    });
    page.on('pageerror', (error) => missing.push(error.message));
    const code = await holdBack(context, '**/assets/*.js');
    const bytes = await holdBack(context, weights);
    await page.goto(app.url, { waitUntil: 'commit' });
    await page.locator(still).first().waitFor({ state: 'attached' });
    await page.evaluate(() => document.fonts.ready);
    const drawn = await drawing(page, still);
    expect(boxesIn(drawn).length).toBeGreaterThan(10);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(options.locale ? 'ko' : 'en');

    await code.letThrough();
    await page.locator(live).first().waitFor({ state: 'attached' });
    await page.evaluate(() => document.fonts.ready);
    expect(await page.locator(still).count()).toBe(0);
    const now = await drawing(page, live);
    expect(boxesIn(now)).toEqual(boxesIn(drawn));
    // Hangul is in another font until its own is here: lines under the diagram may break anew, and its room is another.
    if (options.locale === undefined) expect(now).toEqual(drawn);
    await bytes.letThrough();
    // The boxes show what the network computes.
    await page.locator('#diagram svg image').first().waitFor({ state: 'attached' });
    expect(missing).toEqual([]);
    await context.close();
  });

  test.each([
    { width: 412, height: 823 },
    { width: 390, height: 844 },
    { width: 360, height: 800, locale: 'ko-KR' },
  ])('is seen on a phone while the rest of the page is still on its way: $width $locale', async (options) => {
    const { page, context } = await blank(options);
    const whole = readFileSync(join(dist, 'index.html'), 'utf8');
    const arrived = whole.slice(0, whole.indexOf('<template id="first-medium'));
    expect(arrived.length).toBeLessThan(0.7 * whole.length);
    await context.route(app.url, (route) => route.fulfill({ contentType: 'text/html', body: arrived }));
    const code = await holdBack(context, '**/assets/*.js');
    await page.goto(app.url, { waitUntil: 'commit' });
    await page.locator(still).first().waitFor({ state: 'visible' });
    expect(boxesIn(await drawing(page, still)).length).toBeGreaterThan(10);
    await code.letThrough();
    await context.close();
  });

  test('has its fonts once the page’s code is here, and none of it waits for them', async () => {
    const { page, context } = await blank();
    const code = await holdBack(context, '**/assets/page-*.js');
    const fonts: string[] = [];
    context.on('request', (request) => {
      if (request.url().endsWith('.woff2')) fonts.push(new URL(request.url()).pathname);
    });
    await page.goto(app.url, { waitUntil: 'commit' });
    await page.locator(still).first().waitFor({ state: 'visible' });
    await expect.poll(code.asked).toBe(1);
    expect(fonts).toEqual([]);
    await code.letThrough();
    await page.locator(live).first().waitFor({ state: 'attached' });
    await expect.poll(() => fonts.length).toBeGreaterThanOrEqual(4);
    await page.evaluate(() => document.fonts.ready);
    expect(await page.evaluate(() => document.fonts.check('400 13px "IBM Plex Sans"', 'conv1'))).toBe(true);
    // The page's own words need nothing of the complete files.
    expect(fonts.filter((font) => !font.startsWith('/assets/convscope-'))).toEqual([]);
    await context.close();
  });

  test('gives way to the page on a phone whose browser tells nothing of paints, and the fonts come', async () => {
    const { page, context } = await blank({ width: 390, height: 844 });
    await context.addInitScript(() => Reflect.deleteProperty(window, 'PerformanceObserver'));
    await page.goto(app.url);
    await page.locator(live).first().waitFor({ state: 'attached' });
    await page.locator('#faces:not([media])').waitFor({ state: 'attached' });
    await context.close();
  });

  test('is not shown where the address asks for something else', async () => {
    const { page, context } = await blank();
    const code = await holdBack(context, '**/assets/*.js');
    for (const query of ['?net=resnet-50', '?view=compare', '?net=zfnet&lang=ko']) {
      await page.goto(app.url + query, { waitUntil: 'commit' });
      await page.locator('noscript').waitFor({ state: 'attached' });
      expect(await page.locator(still).count(), query).toBe(0);
    }
    await page.goto(`${app.url}?lang=ko`, { waitUntil: 'commit' });
    await page.locator(still).first().waitFor({ state: 'attached' });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko');
    await code.letThrough();
    await context.close();
  });

  test('says so where the page’s code does not arrive', async () => {
    const { page, context } = await blank();
    await context.route('**/assets/page-*.js', (route) => route.abort());
    await page.goto(app.url, { waitUntil: 'commit' });
    await page.getByRole('alert').filter({ hasText: 'did not arrive' }).waitFor();
    expect(await page.locator(still).count()).toBeGreaterThan(10);
    await context.close();
  });

  test('keeps the border where the last visit left it', async () => {
    const { page, context } = await blank();
    await page.evaluate(() => localStorage.setItem('convscope:split:maps', '70'));
    const code = await holdBack(context, '**/assets/*.js');
    await page.goto(app.url, { waitUntil: 'commit' });
    await page.locator(still).first().waitFor({ state: 'attached' });
    const drawn = await drawing(page, still);
    await code.letThrough();
    await page.locator(live).first().waitFor({ state: 'attached' });
    expect(await drawing(page, live)).toEqual(drawn);
    await context.close();
  });

  test.each([
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])('hardly moves, from the first paint to the answer: $width', async (options) => {
    const { page, context } = await blank(options);
    await page.addInitScript(() => {
      const shifts: { value: number; of: string }[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          sources: { node: Element | null }[];
        })[])
          shifts.push({
            value: entry.value,
            of: entry.sources.map(({ node }) => `${node?.nodeName}.${node?.className}`).join(', '),
          });
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(app.url);
    expect(await topFive(page)).toHaveLength(5);
    await page.locator('[role=listbox], #layer').first().waitFor();
    const shifts = await page.evaluate(
      () => (window as unknown as { shifts: { value: number; of: string }[] }).shifts,
    );
    // A tenth of what counts as good; before there was a first view it was 0.12.
    expect(
      shifts.reduce((sum, { value }) => sum + value, 0),
      JSON.stringify(shifts),
    ).toBeLessThan(0.01);
    await context.close();
  });
});

describe('the initial JavaScript', () => {
  /** KiB of gzip. */
  const budget = 250;

  test.each(['en-GB', 'ko-KR'])(`is at most ${budget} KiB of gzip, for a browser in %s`, async (locale) => {
    const { page, context } = await blank({ locale });
    const bytes = await holdBack(context, weights);
    // The engine's code is another matter, and nothing that is drawn waits for it: what it imports stands among the page's files.
    const engine = await holdBack(context, '**/assets/worker-*.js');
    await page.addInitScript((selector) => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector(selector)) return;
        observer.disconnect();
        performance.mark('live');
      }).observe(document, { childList: true, subtree: true });
    }, live);
    await page.goto(app.url, { waitUntil: 'commit' });
    await page.locator(live).first().waitFor({ state: 'attached' });
    const asked = await page.evaluate(() => {
      const drawn = performance.getEntriesByName('live')[0]!.startTime;
      return performance
        .getEntriesByType('resource')
        .filter(({ name, startTime }) => name.endsWith('.js') && startTime <= drawn)
        .map(({ name }) => new URL(name).pathname);
    });
    const inline = readFileSync(join(dist, 'index.html'), 'utf8').matchAll(/<script>([\s\S]*?)<\/script>/g);
    const size = (code: string | Buffer): number => gzipSync(code).length / 1024;
    const files = [...new Set(asked)].filter((path) => !/worker/.test(path));
    const own = readdirSync(join(dist, 'assets'));
    expect(files.every((path) => own.includes(path.replace('/assets/', '')))).toBe(true);
    // Of the words those of one language.
    const words = files.flatMap((path) => /^\/assets\/(en|ko)-/.exec(path)?.[1] ?? []);
    expect(words).toEqual([locale.slice(0, 2)]);
    const sum =
      [...inline].reduce((all, [, code = '']) => all + size(code), 0) +
      files.reduce((all, path) => all + size(readFileSync(join(dist, path))), 0);
    expect(sum).toBeGreaterThan(100);
    expect(sum).toBeLessThan(budget);
    await engine.letThrough();
    await bytes.letThrough();
    await context.close();
  });
});

describe('the weights', () => {
  const watch = (context: BrowserContext): string[] => {
    const asked: string[] = [];
    context.on('request', (request) => {
      if (request.url().endsWith('.safetensors')) asked.push(new URL(request.url()).pathname);
    });
    return asked;
  };

  test('are fetched once, and not again on the next visit', async () => {
    const { page, context } = await blank();
    const asked = watch(context);
    await page.goto(app.url);
    expect(await topFive(page)).toHaveLength(5);
    expect(asked).toHaveLength(1);
    await page.reload();
    expect(await topFive(page)).toHaveLength(5);
    expect(asked).toHaveLength(1);
    await context.close();
  });

  test('are fetched once by two tabs that open at the same time', async () => {
    const { page, context } = await blank();
    const other = await context.newPage();
    const asked = watch(context);
    const held = await holdBack(context, weights);
    await Promise.all([page.goto(app.url), other.goto(app.url)]);
    await expect.poll(() => asked.length).toBe(1);
    await Promise.all([page, other].map((each) => each.locator(live).first().waitFor({ state: 'attached' })));
    await held.letThrough();
    for (const each of [page, other]) expect(await topFive(each)).toHaveLength(5);
    expect(asked).toHaveLength(1);
    await context.close();
  });

  test('are fetched once more where the first time was cancelled', async () => {
    const { page, context } = await blank();
    const asked = watch(context);
    const held = await holdBack(context, weights);
    await page.goto(app.url);
    await expect.poll(() => asked.length).toBe(1);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await held.letThrough();
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await topFive(page)).toHaveLength(5);
    expect(asked).toHaveLength(2);
    await context.close();
  });
});

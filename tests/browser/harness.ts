import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromiumArgs, ensureChromium } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface App {
  readonly url: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The production build; another folder than `dist` while that is being made anew. */
export const dist = process.env.CONVSCOPE_DIST ?? `${root}dist`;

/** Serves the production build and starts Chromium beside it. */
export async function startApp(options: { isolated?: boolean; args?: readonly string[] } = {}): Promise<App> {
  const server = await serve(dist, { port: 0, isolated: options.isolated ?? true });
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArgs, ...(options.args ?? [])],
  });
  return {
    url: server.url,
    browser,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page that no test should see: uncaught ones and those on the console. */
  readonly problems: string[];
}

/** Opens a fresh profile on the app at `path`, in light mode and English unless said otherwise. */
export async function open(
  app: App,
  path = '',
  options: {
    width?: number;
    height?: number;
    dark?: boolean;
    locale?: string;
    touch?: boolean;
    /** What is to be in place before the page is asked for. */
    prepare?: (context: BrowserContext) => Promise<unknown>;
  } = {},
): Promise<OpenPage> {
  const context = await app.browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    locale: options.locale ?? 'en-GB',
    reducedMotion: 'reduce',
    hasTouch: options.touch ?? false,
    acceptDownloads: true,
  });
  context.setDefaultTimeout(Number(process.env.CONVSCOPE_TEST_TIMEOUT ?? 120_000));
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A page that names no icon (a picture, opened for its origin only) is sometimes asked for one by Chromium itself.
    const asksForIcon = new URL('favicon.ico', app.url).href === message.location().url;
    if (message.type() === 'error' && !asksForIcon) problems.push(message.text());
  });
  await options.prepare?.(context);
  await page.goto(app.url + path);
  return { page, context, problems };
}

/** What axe finds wrong on the page as it is now: one line a violation. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    interface Axe {
      run(): Promise<{
        violations: { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] }[];
      }>;
    }
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run();
    return violations.map(
      (v) =>
        `${v.id}: ${v.help} (${v.nodes
          .map((n) => n.target.join(' '))
          .slice(0, 4)
          .join(', ')})`,
    );
  });
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page, type Request } from 'playwright-core';
import { chromiumArgs, ensureChromium } from '../scripts/chromium.mjs';
import { serve } from '../scripts/serve.mjs';
import { root } from '../tests/browser/harness.ts';
import { openLink, type LinkSpeed } from './link.ts';
import { median, ms, printTable } from './report.ts';

interface Profile {
  readonly name: string;
  readonly speed: LinkSpeed;
  /** How many times slower than this machine the main thread is. */
  readonly slower: number;
  readonly width: number;
  readonly height: number;
  readonly density: number;
  /** Whether to wait for the answer: the phone's link takes a minute and a half for the weights. */
  readonly answer: boolean;
}

const profiles: readonly Profile[] = [
  {
    name: 'phone (4x slower, 1.6 Mbit/s, 150 ms)',
    speed: { downBitsPerSecond: 1_638_400, rttMs: 150 },
    slower: 4,
    width: 412,
    height: 823,
    density: 1.75,
    answer: false,
  },
  {
    name: 'desktop (10 Mbit/s, 40 ms)',
    speed: { downBitsPerSecond: 10_240_000, rttMs: 40 },
    slower: 1,
    width: 1350,
    height: 940,
    density: 1,
    answer: true,
  },
];
const rounds = 3;

/** What a page says of its own beginning, ms from the start of navigation. */
interface Seen {
  readonly painted: number;
  readonly largest: number;
  readonly drawn: number;
  readonly answersClicks: number;
  readonly answered: number;
  readonly shift: number;
  readonly tasks: readonly (readonly [start: number, lasted: number])[];
}
interface Asked {
  readonly kind: string;
  readonly bytes: number;
  /** Ms from the start of navigation. */
  readonly start: number;
  readonly end: number;
}

/**
 * A first visit to the built page with nothing kept, over a slow link and on a slow processor, as Lighthouse's phone has
 * them; `npm run bench -- load [folder]`.
 */
export async function benchLoad(folder = join(root, 'dist')): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    console.error('There is no build to measure: run `npm run build` first.');
    return;
  }
  const site = await serve(folder, { port: 0 });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArgs] });
  try {
    for (const profile of profiles) {
      const link = await openLink(Number(new URL(site.url).port), profile.speed);
      const visits: { readonly seen: Seen; readonly asked: readonly Asked[] }[] = [];
      for (let i = 0; i < rounds; i++)
        visits.push(await visit(browser, `http://localhost:${link.port}/`, profile));
      await link.close();
      report(profile, visits);
    }
  } finally {
    await browser.close();
    await site.close();
  }
}

async function visit(browser: Browser, url: string, { slower, width, height, density, answer }: Profile) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: density,
    // A finger's targets are larger than a mouse's.
    isMobile: density > 1,
    hasTouch: density > 1,
    locale: 'en-GB',
  });
  context.setDefaultTimeout(300_000);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.addInitScript({ content: WATCH });
  const requests: Request[] = [];
  context.on('requestfinished', (request) => requests.push(request));
  const weights = context.waitForEvent('request', (request) => request.url().endsWith('.safetensors'));
  await page.goto(url, { waitUntil: 'commit' });
  await weights;
  const seen = await settled(page, answer);
  const asked = await Promise.all(requests.map((request) => told(request, seen.began)));
  await context.close();
  return { seen, asked };
}

/** Waits for the answer, or for all that comes before the weights, and for what the page does right after it. */
async function settled(page: Page, answer: boolean): Promise<Seen & { readonly began: number }> {
  const watched = (of: 'answered' | 'answersClicks') =>
    page.waitForFunction((key) => (globalThis as unknown as { seen: Seen }).seen[key] > 0, of);
  await watched('answersClicks');
  if (answer) await watched('answered');
  await page.evaluate('new Promise((done) => setTimeout(() => requestIdleCallback(done), 2000))');
  return page.evaluate('({ ...seen, began: performance.timeOrigin })');
}

async function told(request: Request, began: number): Promise<Asked> {
  const { startTime, responseEnd } = request.timing();
  const sizes = await request.sizes();
  const start = startTime - began;
  return {
    kind: kindOf(new URL(request.url()).pathname),
    bytes: sizes.responseBodySize + sizes.responseHeadersSize,
    start,
    end: start + responseEnd,
  };
}

function kindOf(path: string): string {
  if (/worker|backend|wasm/.test(path)) return 'worker';
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/\/$|\.html$/, 'page'],
    [/\.js$/, 'script'],
    [/\.css$/, 'style'],
    [/\.woff2?$/, 'font'],
    [/\.(jpg|svg)$/, 'picture'],
    [/weights\//, 'weights'],
  ];
  return kinds.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
}

/** On the page: marks what a visitor waits for. A frame is painted when the one after it begins. */
const WATCH = `
globalThis.seen = { painted: 0, largest: 0, drawn: 0, answersClicks: 0, answered: 0, shift: 0, tasks: [] };
const observe = (type, use) => new PerformanceObserver((list) => list.getEntries().forEach(use)).observe({ type, buffered: true });
observe('paint', ({ name, startTime }) => { if (name === 'first-contentful-paint') seen.painted = startTime; });
observe('largest-contentful-paint', ({ startTime }) => (seen.largest = startTime));
observe('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) seen.shift += value; });
observe('longtask', ({ startTime, duration }) => seen.tasks.push([startTime, duration]));
const wanted = {
  drawn: '#diagram svg [data-box]',
  answersClicks: '#root > :not([inert]) #diagram svg [data-box], #root > #diagram svg [data-box]',
  answered: 'ol li',
};
const look = () => {
  for (const [name, selector] of Object.entries(wanted))
    if (seen[name] === 0 && document.querySelector(selector)) {
      seen[name] = -1;
      requestAnimationFrame(() => requestAnimationFrame(() => (seen[name] = performance.now())));
    }
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });
`;

function report(
  { name }: Profile,
  visits: readonly { readonly seen: Seen; readonly asked: readonly Asked[] }[],
): void {
  const of = (value: (seen: Seen) => number): number => median(visits.map(({ seen }) => value(seen)));
  const blocked = ({ tasks, painted }: Seen): number =>
    tasks.reduce((sum, [start, lasted]) => sum + (start >= painted ? Math.max(0, lasted - 50) : 0), 0);
  printTable(
    `First visit, ${name}, medians of ${visits.length}`,
    ['paint', 'largest', 'diagram', 'answers clicks', 'answer', 'shift', 'long tasks', 'longest', 'blocked'],
    [
      [
        ms(of((s) => s.painted)),
        ms(of((s) => s.largest)),
        ms(of((s) => s.drawn)),
        ms(of((s) => s.answersClicks)),
        of((s) => s.answered) > 0 ? ms(of((s) => s.answered)) : '-',
        of((s) => s.shift).toFixed(4),
        String(of((s) => s.tasks.length)),
        ms(of((s) => Math.max(0, ...s.tasks.map(([, lasted]) => lasted)))),
        ms(of(blocked)),
      ],
    ],
  );
  const { seen, asked } = visits.at(-1)!;
  const moments: readonly (readonly [string, number])[] = [
    ['diagram', seen.drawn],
    ['answers clicks', seen.answersClicks],
    ...(seen.answered > 0 ? [['answer', seen.answered] as const] : []),
  ];
  const kinds = [...new Set(asked.map(({ kind }) => kind))].toSorted();
  printTable(
    'Asked for before that moment, and KiB that had arrived',
    ['before', ...kinds],
    moments.map(([moment, at]) => [
      moment,
      ...kinds.map((kind) => {
        const those = asked.filter((each) => each.kind === kind && each.start <= at);
        const bytes = those.reduce((sum, each) => sum + (each.end <= at ? each.bytes : 0), 0);
        return `${those.length}: ${(bytes / 1024).toFixed(1)}`;
      }),
    ]),
  );
}

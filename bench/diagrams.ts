import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import texts from '../src/components/i18n/en/diagram.json' with { type: 'json' };
import { buildNetwork, members } from '../src/models/zoo/index.ts';
import { open, root, startApp } from '../tests/browser/harness.ts';
import { ms, printTable } from './report.ts';
import { traced } from './trace.ts';
import type { Work } from './trace.ts';

const aims = 'Aims: folded, every task under 50 ms; resnet-152 and densenet-201 unfolded under 200 ms in all';

interface Drawn {
  readonly id: string;
  readonly folded: Work;
  readonly unfolded: Work | null;
  readonly boxes: number;
}

/**
 * What choosing a network and unfolding all of it costs the page's main thread, in the production build: traced from the
 * choice until its drawing is painted and nothing more of it changes. `npm run bench -- diagrams resnet-152` draws some only.
 */
export async function benchDiagrams(only: readonly string[] = []): Promise<void> {
  if (!existsSync(join(root, 'dist/index.html'))) {
    console.error('There is no build to measure: run `npm run build` first.');
    return;
  }
  const app = await startApp();
  try {
    const { page, context } = await open(app, 'samples/README.md');
    await page.addInitScript({ content: PAGE });
    const session = await context.newCDPSession(page);
    await page.goto(`${app.url}?net=alexnet-2012`);
    await page.locator('[data-box]').first().waitFor();
    const drawn: Drawn[] = [];
    for (const { id } of members)
      if (only.length === 0 || only.includes(id)) drawn.push(await measure(page, session, id));
    report(drawn);
    await benchPan(page, session);
  } finally {
    await app.close();
  }
}

async function measure(page: Page, session: CDPSession, id: string): Promise<Drawn> {
  const name = buildNetwork(id).info.name;
  // Away first, so that choosing it draws it anew.
  const other = id === 'alexnet-2012' ? 'zfnet' : 'alexnet-2012';
  await page.evaluate(`bench.choose('${other}', ${JSON.stringify(buildNetwork(other).info.name)})`);
  const folded = await traced(page, session, async () => {
    await page.evaluate(`bench.choose('${id}', ${JSON.stringify(name)})`);
  });
  const unfolds = await page.evaluate<boolean>(`bench.unfolds()`);
  const unfolded = unfolds
    ? await traced(page, session, async () => {
        await page.evaluate('bench.unfold()');
      })
    : null;
  const boxes = await page.evaluate<number>('bench.boxes()');
  if (unfolds) await page.evaluate('bench.fold()');
  return { id, folded, unfolded, boxes };
}

/**
 * On the page: `choose` and `unfold` begin in a task of their own, mark `start`, and end when the drawing has been painted twice
 * without a change between.
 */
const PAGE = `
const label = () => document.querySelector('[role=group][aria-label^="Diagram"]');
const button = (text) => document.querySelector('button[aria-label="' + text + '"]');
const frame = () => new Promise(requestAnimationFrame);
async function painted(begin, done) {
  let changes = 0;
  const observer = new MutationObserver((list) => (changes += list.length));
  observer.observe(document.body, { childList: true, subtree: true, attributes: true });
  await new Promise((resolve, reject) => setTimeout(() => {
    performance.mark('start');
    try {
      resolve(begin());
    } catch (error) {
      reject(error);
    }
  }));
  for (let still = 0, before = -1; still < 2; before = changes) {
    await frame();
    still = done() && changes === before ? still + 1 : 0;
  }
  performance.mark('end');
  observer.disconnect();
}
globalThis.bench = {
  choose: (id, name) => painted(() => {
    history.pushState(null, '', '?net=' + id);
    dispatchEvent(new PopStateEvent('popstate'));
  }, () => label()?.getAttribute('aria-label') === 'Diagram of ' + name),
  unfolds: () => button('${texts.unfoldAll}') !== null,
  unfold: () => painted(() => button('${texts.unfoldAll}').click(), () => true),
  fold: () => painted(() => button('${texts.foldAll}').click(), () => true),
  boxes: () => document.querySelectorAll('[data-box]').length,
};`;

function report(drawn: readonly Drawn[]): void {
  const cells = (work: Work | null): string[] =>
    work === null
      ? ['', '', '', '']
      : [work.longest, work.total, work.script, work.layout].map((value) => ms(value));
  printTable(
    `Drawing a network in Chromium, main thread. ${aims}`,
    [
      'network',
      'longest',
      'all tasks',
      'script',
      'layout',
      'unfolded',
      'all tasks',
      'script',
      'layout',
      'boxes in the page',
    ],
    drawn.map(({ id, folded, unfolded, boxes }) => [id, ...cells(folded), ...cells(unfolded), String(boxes)]),
  );
  const over = drawn.filter(({ folded }) => folded.longest >= 50);
  const longest = (of: (d: Drawn) => Work | null) =>
    drawn.reduce((most, each) => Math.max(most, of(each)?.longest ?? 0), 0);
  console.log(
    `\nFolded: longest task ${ms(longest(({ folded }) => folded))}, 50 ms or more in ${over.length} of ${drawn.length}. ` +
      `Unfolded: longest task ${ms(longest(({ unfolded }) => unfolded))}.`,
  );
}

/** A sideways wheel over a large drawing: one attribute changes, nothing is rendered. */
async function benchPan(page: Page, session: CDPSession): Promise<void> {
  const id = 'resnet-152';
  await page.evaluate(`bench.choose('${id}', ${JSON.stringify(buildNetwork(id).info.name)})`);
  await page.evaluate('bench.unfold()');
  const box = await page.locator('[role=group][aria-label^="Diagram"]').boundingBox();
  if (box === null) throw new Error('There is no diagram to pan.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const frames = 60;
  await page.evaluate(`(() => {
    const other = globalThis.panned = { transform: 0, other: 0 };
    new MutationObserver((list) => {
      for (const { attributeName } of list) other[attributeName === 'transform' ? 'transform' : 'other']++;
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  })()`);
  const work = await traced(page, session, async () => {
    await page.evaluate(`performance.mark('start')`);
    for (let i = 0; i < frames; i++) {
      await page.mouse.wheel(12, 0);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
    await page.evaluate(`performance.mark('end')`);
  });
  const { transform, other } = await page.evaluate<{ transform: number; other: number }>('panned');
  printTable(
    'A pan over resnet-152 unfolded, a wheel event a frame. Aim: script 4 ms a frame, one transform',
    ['', 'script', 'layout', 'paint', 'longest task', 'transforms', 'other changes'],
    [
      [
        'a frame',
        ...[work.script / frames, work.layout / frames, work.paint / frames, work.longest].map(ms),
        (transform / frames).toFixed(1),
        (other / frames).toFixed(1),
      ],
    ],
  );
}

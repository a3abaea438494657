import type { CDPSession, Page } from 'playwright-core';
import { members } from '../../src/models/index.ts';
import { topFive } from './steps.ts';

/**
 * A monkey at the page: seeded, so that what it did can be done again. It does what users do, in any order, as fast as
 * the page lets it, and counts what it leaves behind.
 */

/** Uniform numbers in 0..1 from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
interface Act {
  readonly name: string;
  /** How often, against the others. */
  readonly weight: number;
  readonly run: (page: Page, random: Random) => Promise<void>;
}

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;

/** Clicks one of what there is now; where there is none, the monkey hits the air. */
async function clickOne(page: Page, selector: string, random: Random, double = false): Promise<void> {
  const found = page.locator(selector);
  const count = await found.count();
  if (count === 0) return;
  const one = found.nth(Math.floor(random() * count));
  const options = { force: true, timeout: 5000, noWaitAfter: true } as const;
  // What has just gone is no error of the page: its users miss too.
  await (double ? one.dblclick(options) : one.click(options)).catch(() => undefined);
}

const networks = [
  'zfnet-imagenette',
  'efficientnet-lite0',
  'lenet-5-modern',
  'resnet-50',
  'googlenet',
  'densenet-121',
  'fractalnet-20',
  'cifar-resnet?depth=20&option=B',
  'wide-resnet?depth=16&k=3',
];
const nonsense = [
  '?net=nothing',
  '?layer=%00&channel=-1',
  '?nets=,,,&view=compare&x=!',
  '?lang=xx&rule=none',
];

const acts: readonly Act[] = [
  {
    name: 'network',
    weight: 10,
    run: (page, random) => go(page, `?net=${encodeURIComponent(pick(networks, random))}`),
  },
  {
    name: 'address of nonsense',
    weight: 2,
    run: (page, random) => go(page, pick(nonsense, random)),
  },
  { name: 'box', weight: 14, run: (page, random) => clickOne(page, '[data-box][data-node]', random) },
  { name: 'unfold', weight: 5, run: (page, random) => clickOne(page, '[data-box]', random, true) },
  { name: 'map', weight: 12, run: (page, random) => clickOne(page, '[role=listbox] [role=option]', random) },
  { name: 'choice', weight: 8, run: (page, random) => clickOne(page, '[role=radio]', random) },
  { name: 'sample', weight: 8, run: (page, random) => clickOne(page, 'button:has(img)', random) },
  { name: 'button', weight: 6, run: (page, random) => clickOne(page, 'nav button', random) },
  { name: 'back', weight: 5, run: (page) => step(page, -1) },
  { name: 'forward', weight: 3, run: (page) => step(page, 1) },
  {
    name: 'key',
    weight: 12,
    run: (page, random) =>
      page.keyboard.press(pick(['ArrowRight', 'ArrowLeft', 'Enter', 'Escape', 'f', '+', '-', 'Tab'], random)),
  },
  {
    name: 'wheel',
    weight: 5,
    async run(page, random) {
      await page.mouse.move(400 + random() * 500, 200 + random() * 300);
      await page.mouse.wheel((random() - 0.5) * 400, (random() - 0.5) * 400);
    },
  },
  {
    name: 'compare',
    weight: 3,
    run: (page) => go(page, '?view=compare'),
  },
  { name: 'table', weight: 2, run: (page) => go(page, '?view=table') },
  {
    name: 'language',
    weight: 2,
    run: (page, random) => go(page, `?lang=${pick(['en', 'ko'], random)}`),
  },
];

/** Another address without a reload, as a link within the page. */
async function go(page: Page, query: string): Promise<void> {
  await page.evaluate((next) => {
    history.pushState(null, '', next);
    dispatchEvent(new PopStateEvent('popstate'));
  }, query);
}

/** Never back to where the monkey came from: that would be another page. */
async function step(page: Page, by: -1 | 1): Promise<void> {
  await page.evaluate((n) => {
    if (n > 0 || history.length > 3) history.go(n);
  }, by);
}

/** What a page holds at rest, after a collection. All but the heap are counts that must be equal at equal rest. */
export interface Held {
  /** JavaScript's heap of the page in bytes, with what V8 has compiled. */
  readonly heapBytes: number;
  /** Elements of the page's body; `nodes` also counts texts, and nodes that nothing shows but something holds. */
  readonly elements: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly workers: number;
  /** The engine's, with their bytes, and the size of its WebAssembly's memory, which never shrinks. */
  readonly tensors: number;
  readonly tensorBytes: number;
  readonly wasmBytes: number;
}

interface TfGlobal {
  _tfengine?: {
    memory(): { numTensors: number; numBytes: number };
    backendInstance?: { wasm?: { HEAPU8: Uint8Array } };
  };
}

/** Large enough that no other network is kept built beside them, and what is counted does not depend on which came last. */
const fillers = ['densenet-201', 'resnet-152'];

/**
 * Back at the first network with its answer, what was opened closed, garbage collected: the same state every time. What the
 * user has opened or folded stays so on the page, as it should: here it is put back as the user would.
 */
export async function heldAtRest(page: Page, client: CDPSession): Promise<Held> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await go(page, '?net=lenet-5-modern&lang=en');
  await page.getByRole('radio', { name: 'Diagram', exact: true }).check();
  await page.getByRole('group', { name: 'Diagram of LeNet-5 (modern)' }).waitFor();
  await switchNetworks(page, fillers.map(named), fillers.length, 'drawing');
  await go(page, '?net=zfnet-imagenette&layer=relu3&channel=5&image=sample:pagoda.jpg&lang=en');
  await page.getByRole('group', { name: 'Diagram of ZFNet (Imagenette)' }).waitFor();
  const folded = page.getByRole('button', { name: 'Expand the list' });
  if ((await folded.count()) > 0) await folded.click();
  const opened = page.locator('nav button:is([aria-expanded=true], [aria-pressed=true])');
  while ((await opened.count()) > 0) await opened.first().click();
  await topFive(page);
  await page.getByRole('img', { name: /^Projection of channel/ }).waitFor();
  // What an address of nonsense was told stays until it is dismissed; whether it was told hangs on how soon another one came.
  const notice = page.getByRole('button', { name: 'Dismiss', exact: true });
  while ((await notice.count()) > 0) await notice.first().click();
  await page.mouse.move(1, 1);
  return held(page, client);
}

/** What the page holds now. */
export async function held(page: Page, client: CDPSession): Promise<Held> {
  await client.send('HeapProfiler.collectGarbage');
  await client.send('HeapProfiler.collectGarbage');
  const { metrics } = await client.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? NaN;
  const engines = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluate(() => {
        const { _tfengine } = globalThis as TfGlobal;
        if (!_tfengine) return null;
        const { numTensors: tensors, numBytes: tensorBytes } = _tfengine.memory();
        return { tensors, tensorBytes, wasmBytes: _tfengine.backendInstance?.wasm?.HEAPU8.byteLength ?? 0 };
      }),
    ),
  );
  const engine = engines.find((memory) => memory !== null);
  return {
    heapBytes: metric('JSHeapUsedSize'),
    elements: await page.evaluate(() => document.body.querySelectorAll('*').length),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    workers: page.workers().length,
    ...(engine ?? { tensors: NaN, tensorBytes: NaN, wasmBytes: NaN }),
  };
}

export interface Opened {
  readonly ref: string;
  readonly name: string;
  /** What is chosen in it. */
  readonly choices?: string;
}

/** A listed network. */
export const named = (ref: string): Opened => ({ ref, name: members.find(({ id }) => id === ref)!.name });

/** The networks that come with weights, two of them with a map chosen, which is projected. */
export const answering: readonly Opened[] = [
  { ...named('lenet-5-modern'), choices: '&layer=conv2&channel=2&rule=gradient' },
  named('efficientnet-lite0'),
  { ...named('zfnet-imagenette'), choices: '&layer=relu3&channel=5' },
];

/** Opens one network after the other, `count` times, and waits for what `seen` says before the next. */
export async function switchNetworks(
  page: Page,
  networks: readonly Opened[],
  count: number,
  seen: 'drawing' | 'answer',
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { ref, name, choices } = networks[i % networks.length]!;
    await go(page, `?net=${encodeURIComponent(ref)}${choices ?? ''}&lang=en`);
    await page.getByRole('group', { name: `Diagram of ${name}`, exact: true }).waitFor();
    if (seen === 'drawing') continue;
    await topFive(page);
    if (choices) await page.getByRole('img', { name: /^Projection of channel/ }).waitFor();
  }
}

/** Lets the monkey do `count` things; returns how often it did what. */
export async function letLoose(
  page: Page,
  seed: number,
  count: number,
): Promise<ReadonlyMap<string, number>> {
  const random = seeded(seed);
  const total = acts.reduce((sum, { weight }) => sum + weight, 0);
  const done = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    let at = random() * total;
    const act = acts.find(({ weight }) => (at -= weight) < 0) ?? acts[0]!;
    await act.run(page, random);
    done.set(act.name, (done.get(act.name) ?? 0) + 1);
  }
  return done;
}

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { axeViolations, open, startApp, type App } from './harness.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const section = (page: Page) => page.getByRole('region', { name: 'Two diagrams side by side' });
const pairOf = (page: Page) => new URL(page.url()).searchParams.get('pair');
const drawing = (page: Page, name: string) =>
  section(page).getByRole('group', { name: `Diagram of ${name}`, exact: true });
const box = (of: Locator, id: string) => of.locator(`[data-box="${id}"]`);

/** Scrolls to the pair, which is drawn once somebody comes near it. */
async function openPair(page: Page, ...names: readonly string[]) {
  await section(page).getByRole('heading', { name: 'Two diagrams side by side' }).scrollIntoViewIfNeeded();
  for (const name of names) await box(drawing(page, name), 'input').waitFor();
}

interface Seen {
  readonly k: number;
  /** Middle of each box on screen, from the left edge of its drawing. */
  readonly middles: Readonly<Record<string, number>>;
  readonly width: number;
}
async function seen(of: Locator): Promise<Seen> {
  return of.evaluate((svg) => {
    const left = svg.getBoundingClientRect().left;
    const boxes = [...svg.querySelectorAll('[data-box]')].map((each) => {
      const rect = each.querySelector('rect')!.getBoundingClientRect();
      return [each.getAttribute('data-box')!, rect.left + rect.width / 2 - left] as const;
    });
    const k = Number(/scale\(([\d.]+)\)/.exec(svg.querySelector('g')!.getAttribute('transform') ?? '')![1]);
    return { k, middles: Object.fromEntries(boxes), width: svg.clientWidth };
  });
}

describe('two diagrams side by side', () => {
  test('zoom and pan as one, at one scale, and keep the same layer in the middle', async () => {
    const { page, context, problems } = await open(app, '?view=compare&pair=resnet-34,plain-34');
    await openPair(page, 'ResNet-34', 'Plain-34');
    const [first, second] = [drawing(page, 'ResNet-34'), drawing(page, 'Plain-34')];
    const scales = async () => (await Promise.all([first, second].map(seen))).map(({ k }) => k);
    // One follows the other within a frame; between two readings there may be one.
    const alike = async (than = (_: number): boolean => true) => {
      const [one, other] = await scales();
      return one === other && than(one!);
    };
    await expect.poll(alike).toBe(true);
    const [whole] = await scales();
    // Equal maps are equally high in both.
    const heights = await Promise.all(
      [first, second].map((of) => box(of, 'conv1').evaluate((each) => each.getBoundingClientRect().height)),
    );
    expect(heights[1]).toBeCloseTo(heights[0]!, 1);

    await box(first, 'pool1').focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('+');
    await expect.poll(() => alike((near) => near > whole! * 2)).toBe(true);

    // Panning in the second moves the first: what is left of the middle in one is left of it in the other.
    const before = (await seen(first)).middles.pool1!;
    await second.hover();
    await page.mouse.wheel(160, 0);
    await expect.poll(async () => (await seen(first)).middles.pool1).toBeLessThan(before - 100);
    const otherwise = async () => {
      const [a, b] = await Promise.all([first, second].map(seen));
      const shared = Object.keys(a!.middles).filter((id) => id in b!.middles);
      expect(shared.length).toBeGreaterThan(10);
      return shared.filter((id) => {
        const [left, right] = [a!, b!].map(({ middles, width }) => middles[id]! - width / 2);
        return Math.abs(left!) > 2 && Math.sign(right!) !== Math.sign(left!);
      });
    };
    await expect.poll(otherwise).toEqual([]);

    await section(page).getByRole('button', { name: 'Fit both' }).click();
    // The page may have grown a scroll bar since: what counts is that all of both is to be seen.
    await expect.poll(() => alike((scale) => scale < whole! * 1.2)).toBe(true);
    for (const each of [first, second]) {
      const outside = async () => {
        const { middles: at, width } = await seen(each);
        return Object.values(at).filter((x) => x <= 0 || x >= width);
      };
      await expect.poll(outside).toEqual([]);
    }
    expect(problems).toEqual([]);
    await context.close();
  });

  test('mark what differs on boxes and in words, and show a chosen difference in both, by keyboard only', async () => {
    const { page, context, problems } = await open(app, '?view=compare&pair=resnet-34,plain-34');
    await openPair(page, 'ResNet-34', 'Plain-34');
    const [first, second] = [drawing(page, 'ResNet-34'), drawing(page, 'Plain-34')];
    // Folded boxes carry the sum of what is inside: sums, projections and their normalisations of sixteen blocks.
    const spoken = await first
      .getByRole('button', { name: /Differs/ })
      .evaluateAll((each) => each.map((element) => element.getAttribute('aria-label')!));
    const only = spoken.map((name) => Number(/(\d+) only in this network/.exec(name)![1]));
    expect(only.reduce((sum, n) => sum + n, 0)).toBe(16 + 3 + 3);
    expect(await first.locator('[data-mark]').count()).toBe(spoken.length);
    expect(await second.locator('[data-mark]').count()).toBe(0);

    const sums = section(page).getByRole('button', { name: /^16 × sum only in ResNet-34/ });
    await sums.focus();
    await page.keyboard.press('Enter');
    expect(await sums.getAttribute('aria-pressed')).toBe('true');
    await box(first, 'conv2_x/1/add').waitFor();
    expect(await box(first, 'conv2_x/1/add').getAttribute('aria-pressed')).toBe('true');
    expect(await box(first, 'conv2_x/1/add').getAttribute('aria-label')).toContain('Only in this network');
    // The other opens at the same place, although it has nothing there.
    await box(second, 'conv2_x/1/conv2').waitFor();
    await section(page)
      .getByRole('status')
      .filter({ hasText: 'conv2_x/1/add is only in ResNet-34' })
      .waitFor();
    await page.keyboard.press('Enter');
    await section(page).getByText('conv2_x/2/add, 2 of 16').waitFor();

    // A layer that both have is chosen in both.
    await box(second, 'conv2_x/1/conv2').focus();
    await page.keyboard.press(' ');
    await expect.poll(() => box(first, 'conv2_x/1/conv2').getAttribute('aria-pressed')).toBe('true');
    expect(await box(second, 'conv2_x/1/conv2').getAttribute('aria-pressed')).toBe('true');
    // And folds in both.
    await page.keyboard.press('Escape');
    await box(first, 'block:conv2_x/1').waitFor();
    await box(second, 'block:conv2_x/1').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('are two of the set at first, or a ready-made pair, and the address brings them back', async () => {
    const { page, context, problems } = await open(app, '?view=compare&nets=resnet-18,zfnet,vgg-a');
    await openPair(page, 'ResNet-18', 'ZFNet');
    expect(pairOf(page)).toBeNull();
    await section(page).getByLabel('Second').selectOption('vgg-a');
    await expect.poll(() => pairOf(page)).toBe('resnet-18,vgg-a');
    await section(page).getByRole('button', { name: 'AlexNet · ZFNet' }).press('Enter');
    await expect.poll(() => pairOf(page)).toBe('alexnet-2012,zfnet');
    await page.reload();
    await openPair(page, 'AlexNet', 'ZFNet');
    expect(pairOf(page)).toBe('alexnet-2012,zfnet');
    const row = section(page).getByRole('button', { name: /kernel 11×11 → 7×7, stride 4 → 2/ });
    expect(await row.innerText()).toContain('conv1');
    await section(page)
      .getByRole('button', { name: /^2 × local response normalisation after ReLU/ })
      .waitFor();
    await section(page).getByRole('button', { name: 'Swap' }).click();
    await expect.poll(() => pairOf(page)).toBe('zfnet,alexnet-2012');
    await section(page)
      .getByRole('button', { name: /kernel 7×7 → 11×11/ })
      .waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  test('mark the partner of a layer that is pointed at, and nothing where nothing differs', async () => {
    const { page, context } = await open(app, '?view=compare&pair=alexnet-2012,zfnet');
    await openPair(page, 'AlexNet', 'ZFNet');
    const opacity = (id: string) =>
      box(drawing(page, 'ZFNet'), id).evaluate((each) => Number(getComputedStyle(each).opacity));
    expect(await opacity('fc7')).toBe(1);
    await box(drawing(page, 'AlexNet'), 'conv3').hover();
    await expect.poll(() => opacity('fc7')).toBeLessThan(0.5);
    expect(await opacity('conv3')).toBe(1);
    const toPair = () =>
      section(page).getByRole('heading', { name: 'Two diagrams side by side' }).scrollIntoViewIfNeeded();
    await page.goto(`${app.url}?view=compare&pair=zfnet,zfnet`);
    await toPair();
    await section(page).getByText('No difference: both graphs are the same').waitFor();
    expect(await section(page).locator('[data-mark]').count()).toBe(0);
    await page.goto(`${app.url}?view=compare&pair=zfnet,nonsense`);
    await section(page).getByRole('alert').filter({ hasText: 'nonsense' }).waitFor();
    await section(page).getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => pairOf(page)).toBeNull();
    await context.close();
  });

  test('stand below each other on a phone, in the dark, without a violation', async () => {
    const { page, context, problems } = await open(
      app,
      '?view=compare&pair=resnet-50,resnext-50-32x4d&lang=ko',
      {
        width: 390,
        height: 844,
        dark: true,
      },
    );
    const own = page.getByRole('region', { name: '나란히 놓은 두 구조도' });
    await own.getByRole('heading', { name: '나란히 놓은 두 구조도' }).scrollIntoViewIfNeeded();
    const drawings = own.getByRole('group', { name: /구조도$/ });
    await drawings.nth(1).waitFor();
    const [upper, lower] = [await drawings.nth(0).boundingBox(), await drawings.nth(1).boundingBox()];
    expect(lower!.y).toBeGreaterThanOrEqual(upper!.y + upper!.height);
    await own.getByRole('button', { name: /^16 ×.*그룹 1 → 32, 맵 ×2/ }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('beside the charts', () => {
  test('a segment of the bars that is pointed at or has the focus shows its place in the diagram', async () => {
    const { page, context, problems } = await open(app, '?view=compare&nets=alexnet-2012,resnet-18');
    const bars = page.getByRole('region', { name: 'Where the size sits' });
    await bars.getByRole('heading').scrollIntoViewIfNeeded();
    const preview = bars.getByRole('figure');
    // Most parameters of the two networks sit in AlexNet's first dense layer.
    await preview.getByText('AlexNet, fc6').waitFor();
    const marked = () =>
      preview
        .locator('[data-mark="here"]')
        .evaluateAll((each) => each.map((element) => element.getAttribute('data-owner')));
    await expect.poll(marked).toEqual(['fc6']);
    await bars
      .getByRole('button', { name: /^AlexNet, conv2\. / })
      .first()
      .hover();
    // The stage is the layer with the pooling that follows it.
    await expect.poll(marked).toEqual(['conv2', 'pool2']);
    await bars.getByRole('radio', { name: 'layers' }).click();
    await bars
      .getByRole('button', { name: /^ResNet-18, conv4_x\/2\/conv1\. / })
      .first()
      .focus();
    await preview.getByText('ResNet-18, conv4_x/2/conv1').waitFor();
    await expect.poll(marked).toEqual(['conv4_x/2/conv1']);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('the diagram follows the sliders of a network of one’s own size', async () => {
    const { page, context, problems } = await open(app, '?view=compare&nets=resnet-18');
    const own = page.getByRole('region', { name: 'A network of one’s own size' });
    await own.getByRole('heading', { name: 'A network of one’s own size' }).scrollIntoViewIfNeeded();
    await own.getByRole('spinbutton', { name: /^widening/ }).fill('3');
    const diagram = own.getByRole('group', { name: 'Diagram of WRN-28-3' });
    await diagram.getByRole('button', { name: /^conv4_x\/1.*192 maps/ }).waitFor();
    await own.getByLabel('Family').selectOption({ label: 'SqueezeNet' });
    await own.getByRole('group', { name: /^Diagram of SqueezeNet/ }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  test('are saved as one picture with both names and what the marks mean, as SVG and as PNG', async () => {
    const { page, context, problems } = await open(app, '?view=compare&pair=resnet-34,plain-34');
    await openPair(page, 'ResNet-34', 'Plain-34');
    const saved = async (as: string) => {
      await section(page).getByRole('button', { name: 'Save both diagrams' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: as, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const svg = await saved('SVG');
    expect(svg.name).toBe('resnet-34-and-plain-34.svg');
    const texts = [...svg.bytes.toString('utf8').matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(
      ([, text]) => text,
    );
    for (const text of ['ResNet-34', 'Plain-34', 'changed', 'only here', 'follows from a change before it'])
      expect(texts).toContain(text);
    expect(texts.filter((text) => text === '1000 classes')).toHaveLength(2);
    // ResNet's blocks differ by their sums.
    expect(texts.some((text) => text?.startsWith('≠'))).toBe(true);
    const png = await saved('PNG');
    expect(png.name).toBe('resnet-34-and-plain-34.png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(problems).toEqual([]);
    await context.close();
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Download, Locator, Page } from 'playwright-core';
import { buildNetwork, networkCost } from '../../src/models/index.ts';
import { axeViolations, open, startApp, type App } from './harness.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const nets = (page: Page) => new URL(page.url()).searchParams.get('nets');
const set = (page: Page) => page.getByRole('region', { name: 'Compared networks' });
const table = (page: Page) => page.getByRole('region', { name: 'By numbers' }).getByRole('table');
const names = (page: Page) => table(page).getByRole('rowheader').allInnerTexts();

/** Moves on with Tab until the control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, control: Locator, back = false) {
  for (let i = 0; i < 200; i++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error('The control was not reached within 200 stops.');
}

async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const { name, bytes } = await savedBytes(page, press);
  return { name, text: bytes.toString('utf8') };
}

async function savedBytes(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download]: [Download, void] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe('the comparison', () => {
  test('of four networks is built, measured and saved by keyboard only, and the address brings it back', async () => {
    const { page, context, problems } = await open(app, '?view=compare&nets=alexnet-2012');
    const box = page.getByRole('combobox', { name: 'Add a network' });
    await box.waitFor();
    await tabTo(page, box);
    await page.keyboard.type('vgg-16');
    await page
      .getByRole('option', { name: /^VGG D/ })
      .first()
      .waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => nets(page)).toBe('alexnet-2012,vgg-d');
    await page.keyboard.type('squeezenet-1-1');
    await page.keyboard.press('Enter');
    await expect.poll(() => nets(page)).toBe('alexnet-2012,vgg-d,squeezenet-1-1');
    await page.keyboard.type('wide-resnet?depth=22&k=6');
    await page.keyboard.press('Enter');
    const four = 'alexnet-2012,vgg-d,squeezenet-1-1,wide-resnet?depth=22&k=6';
    await expect.poll(() => nets(page)).toBe(four);
    await expect.poll(async () => (await names(page)).length).toBe(4);

    // SqueezeNet's promise: fifty times fewer parameters than AlexNet.
    const row = table(page).getByRole('row', { name: /^SqueezeNet 1.1/ });
    expect(await row.innerText()).toContain('×49.3 smaller');

    const sort = table(page).getByRole('button', { name: 'Parameters' });
    await tabTo(page, sort);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await names(page))[0]).toMatch(/^VGG D/);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await names(page))[0]).toMatch(/^SqueezeNet/);

    const save = page.getByRole('button', { name: 'Save', exact: true });
    await tabTo(page, save, true);
    const csv = await saved(page, () => page.keyboard.press('Enter'));
    expect(csv.name).toBe('comparison.csv');
    const [head, ...lines] = csv.text
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    const params = head!.indexOf('Parameters');
    const own = (ref: string) => networkCost(buildNetwork(ref).graph).params;
    expect(lines.map((line) => Number(line[params]))).toEqual(
      four
        .split(',')
        .map(own)
        .sort((a, b) => a - b),
    );
    expect(Number(lines[3]![params + 1])).toBeCloseTo(own('vgg-d') / own('alexnet-2012'));

    const across = page.getByLabel('Across');
    await tabTo(page, across);
    await page.keyboard.type('Param');
    await expect.poll(() => new URL(page.url()).searchParams.get('x')).toBe('params');
    const upwards = page.getByLabel('Upwards');
    await tabTo(page, upwards, true);
    await page.keyboard.type('Top-5');
    await expect.poll(() => new URL(page.url()).searchParams.get('y')).toBe('top5');

    const chart = page.getByRole('group', { name: /^Top-5 error of released weights against Parameters/ });
    const bubble = chart.getByRole('button', { name: /^VGG D \(VGG-16\)\. Top-5 error 9\.618/ });
    await bubble.waitFor();
    expect(await bubble.getAttribute('aria-label')).toContain('Source: torchvision VGG16_Weights');
    // One stop of Tab for the whole chart; arrows walk from network to network.
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await tabTo(page, chart.locator('[tabindex="0"]'));
    const from = await focused();
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused).not.toBe(from);
    expect(await focused()).toContain('Top-5 error');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(focused).toBe(from);
    const saveSvg = page.getByRole('button', { name: /^Save as SVG Top-5 error/ });
    await tabTo(page, saveSvg);
    const svg = await saved(page, () => page.keyboard.press('Enter'));
    expect(svg.name).toBe('top5-params.svg');
    const title = 'Top-5 error of released weights against Parameters, area by Parameters';
    expect(svg.text).toContain(`<title>${title}</title>`);
    // Title, axes, legend and source are drawn, not only named.
    const drawnTexts = [...svg.text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words);
    for (const part of [
      title,
      'VGG D (VGG-16)',
      'Top-5 error, %',
      'Parameters',
      '100\u2009M',
      'in the comparison',
    ])
      expect(drawnTexts).toContain(part);
    expect(drawnTexts.join(' ')).toContain('single centre crop of released weights: torchvision’s first');
    expect(svg.text).toContain('@font-face');
    expect(svg.text.replace(/<style>.*<\/style>/s, '')).not.toMatch(/NaN|undefined|var\(--/);
    const png = await savedBytes(page, async () => {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    });
    expect(png.name).toBe('top5-params.png');
    expect([...png.bytes.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(1000);

    await page.reload();
    await chart.waitFor();
    expect(nets(page)).toBe(four);
    await expect.poll(() => names(page)).toHaveLength(4);
    expect((await names(page))[0]).toMatch(/^SqueezeNet/);
    expect(
      await table(page).getByRole('columnheader', { name: 'Parameters' }).getAttribute('aria-sort'),
    ).toBe('ascending');
    await expect.poll(() => page.getByLabel('Across').inputValue()).toBe('params');
    expect(await page.getByLabel('Upwards').inputValue()).toBe('top5');
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('moves and takes away networks, tells what does not exist, and opens a bubble', async () => {
    const { page, context } = await open(app, '?view=compare&nets=resnet-50,nonsense,resnet-18');
    await page.getByRole('alert').filter({ hasText: 'nonsense' }).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => nets(page)).toBe('resnet-50,resnet-18');
    await set(page).getByRole('button', { name: 'Move ResNet-50 to the right' }).click();
    await expect.poll(() => nets(page)).toBe('resnet-18,resnet-50');
    await set(page).getByRole('button', { name: 'Take ResNet-18 away' }).click();
    await expect.poll(() => nets(page)).toBe('resnet-50');
    const bubble = page.getByRole('button', { name: /^ResNet-50\. Top-1 error 23\.87/ });
    await bubble.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('net')).toBe('resnet-50');
    await page.goBack();
    await expect.poll(() => nets(page)).toBe('resnet-50');
    await context.close();
  });

  test('asks two networks about one picture, and says which have no weights', async () => {
    const { page, context, problems } = await open(
      app,
      '?view=compare&nets=zfnet-imagenette,vgg-d,efficientnet-lite0&image=sample:dogs.jpg',
    );
    const section = page.getByRole('region', { name: 'One picture, several networks' });
    await section.getByRole('button', { name: 'Ask 2 networks' }).click();
    const answers = section.getByRole('table');
    const row = (name: RegExp) => answers.getByRole('row', { name });
    await row(/^Second run/).waitFor();
    // A column says that it waits until its answer is there.
    await answers.getByRole('columnheader', { name: 'EfficientNet-Lite0', exact: true }).waitFor();
    expect(await answers.getByRole('columnheader').allInnerTexts()).toEqual([
      'First five classes',
      'ZFNet (Imagenette)',
      'EfficientNet-Lite0',
    ]);
    const cells = async (name: RegExp) =>
      (await row(name).getByRole('cell').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    for (const time of await cells(/^Second run/)) expect(time).toMatch(/^[\d.]+ m?s$/);
    // One row a class: what the one says first is below the first five of the other, or no class of its data set.
    const springer = await cells(/^English springer/);
    expect(springer[0]).toMatch(/^1\. \d+\.\d %$/);
    const spaniel = await cells(/^cocker spaniel/);
    expect(spaniel[0]).toContain('not a class of its data set');
    expect(spaniel[1]).toMatch(/^1\. \d+\.\d %$/);
    const tench = await answers.getByRole('rowheader').allInnerTexts();
    expect(new Set(tench).size).toBe(tench.length);
    const { params } = networkCost(buildNetwork('zfnet-imagenette').graph);
    // A little more than the parameters: what local response normalisation sums with.
    const held = Number.parseFloat((await cells(/^Weights held, measured/))[0]!);
    expect(held / ((params * 4) / 2 ** 20)).toBeGreaterThan(0.99);
    expect(held / ((params * 4) / 2 ** 20)).toBeLessThan(1.03);
    // Each output was freed after its last reader: what lived at once, not the sum of all.
    const { peak, allOutputElements } = networkCost(buildNetwork('zfnet-imagenette').graph);
    const alive = Number.parseFloat((await cells(/^Activations held, measured/))[0]!);
    expect(alive).toBeGreaterThan((0.99 * peak.elements * 4) / 2 ** 20);
    expect(alive).toBeLessThan((allOutputElements * 4) / 2 ** 20);
    expect((await cells(/^On/)).every((text) => /^(wasm|webgpu|webgl|cpu)$/.test(text))).toBe(true);
    expect(await cells(/^Knows/)).toEqual([
      '10 classes of Imagenette',
      '1\u2009000 classes of ImageNet-1k'.replace('\u2009', ' '),
    ]);
    const without = section.getByRole('list', { name: 'Networks without weights' });
    expect(await without.innerText()).toContain('VGG D (VGG-16) has no weights here');
    expect(nets(page)).toBe('zfnet-imagenette,vgg-d,efficientnet-lite0');

    // Digits have no class in common with photographs: they stand apart, and the page says so.
    await page.goto(`${app.url}?view=compare&nets=zfnet-imagenette,lenet-5-modern&image=drawing`);
    await section.getByRole('button', { name: 'Ask 2 networks' }).click();
    await section.getByText('Imagenette and MNIST have no class in common').waitFor();
    expect(await answers.getByText(/^Classes of/).allInnerTexts()).toEqual([
      'Classes of Imagenette',
      'Classes of MNIST',
    ]);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('keeps the order and the columns of the table, and shows each figure’s source', async () => {
    const { page, context, problems } = await open(
      app,
      '?view=compare&nets=resnet-50,vgg-d&cols=params,source&sort=-params',
    );
    const heads = () => table(page).first().getByRole('columnheader').allInnerTexts();
    await expect.poll(heads).toEqual(['Network', 'Parameters', 'Source of the error']);
    expect((await names(page))[0]).toMatch(/^VGG D/);
    await page.getByText('Columns', { exact: true }).first().click();
    await page.getByRole('checkbox', { name: 'Year' }).check();
    await expect.poll(() => new URL(page.url()).searchParams.get('cols')).toBe('year,params,source');
    await page.reload();
    await expect.poll(heads).toEqual(['Network', 'Year', 'Parameters', 'Source of the error']);
    await page.goBack();
    await expect.poll(heads).toEqual(['Network', 'Parameters', 'Source of the error']);
    // Pre-activation ResNet-50 lies over it: the nearest middle counts.
    const chart = page.getByRole('group', { name: /^Top-1 error of released weights/ });
    const source = page
      .getByText('Source: torchvision ResNet50_Weights.IMAGENET1K_V1', { exact: false })
      .first();
    // Parts above the chart are laid out as they come near, and move it under the pointer.
    await expect
      .poll(async () => {
        await chart.getByRole('button', { name: /^ResNet-50\. / }).hover({ force: true });
        return source.isVisible();
      })
      .toBe(true);
    const timeline = page.getByRole('group', { name: /^ILSVRC classification/ });
    await timeline.getByRole('button', { name: /^2015, MSRA/ }).focus();
    await page
      .getByText('Source: official results page https://image-net.org/challenges/LSVRC/2015/results.php', {
        exact: false,
      })
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  test.each([
    ['desktop', 1440, 900],
    ['phone', 390, 844],
  ] as const)(
    'has no violation in light and in dark on a %s, answers and timeline included',
    async (_frame, width, height) => {
      const { page, context, problems } = await open(
        app,
        '?view=compare&nets=zfnet-imagenette,efficientnet-lite0,wide-resnet?k=3&trace=wide-resnet?k=4&image=sample:dogs.jpg',
        { width, height },
      );
      const section = page.getByRole('region', { name: 'One picture, several networks' });
      await section.getByRole('button', { name: 'Ask 2 networks' }).click();
      await section.getByRole('row', { name: /^Second run/ }).waitFor();
      await section.getByRole('button', { name: 'Ask 2 networks' }).waitFor();
      await page.getByRole('group', { name: /^ILSVRC classification/ }).waitFor();
      await page
        .getByRole('group', { name: /^Top-1 error of released weights/ })
        .getByText('WRN-28-4')
        .waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
        expect(await axeViolations(page), colorScheme).toEqual([]);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
        ).toBeLessThanOrEqual(0);
      }
      expect(problems).toEqual([]);
      await context.close();
    },
  );

  test('leaves a trace of the settings that a slider passes, and takes one into the comparison', async () => {
    const { page, context, problems } = await open(app, '?view=compare&nets=resnet-50');
    const own = page.getByRole('region', { name: 'A network of one’s own size' });
    await own.getByLabel('Family').selectOption({ label: 'Wide ResNet' });
    await own.getByRole('spinbutton', { name: /^widening/ }).fill('3');
    await own.getByRole('heading', { name: 'WRN-28-3' }).waitFor();
    const chart = page.getByRole('group', { name: /^Top-1 error of released weights/ });
    await chart.getByText('WRN-28-3').waitFor();
    const { params } = networkCost(buildNetwork('wide-resnet?k=3').graph);
    expect(await own.getByText('Parameters').locator('xpath=..').innerText()).toContain(
      (params / 1e6).toFixed(2),
    );
    await own.getByRole('button', { name: 'Add to the comparison' }).click();
    await expect.poll(() => nets(page)).toBe('resnet-50,wide-resnet?k=3');
    expect(new URL(page.url()).searchParams.get('trace')).toBe('wide-resnet-28-10,wide-resnet?k=3');
    await page.reload();
    await chart.getByText('WRN-28-3').waitFor();
    await own.getByRole('button', { name: 'Clear the trace' }).click();
    await expect.poll(() => chart.getByText('WRN-28-3').count()).toBe(0);
    expect(problems).toEqual([]);
    await context.close();
  });
});

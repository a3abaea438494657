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
const table = (page: Page) => page.getByRole('table');
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
  const [download]: [Download, void] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
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
    expect(await names(page)).toHaveLength(4);

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
    const saveSvg = page.getByRole('button', { name: /^Save as SVG Top-5 error/ });
    await tabTo(page, saveSvg);
    const svg = await saved(page, () => page.keyboard.press('Enter'));
    expect(svg.name).toBe('top5-params.svg');
    for (const part of ['VGG D (VGG-16)', 'Top-5 error, %', 'Parameters', 'ImageNet validation set'])
      expect(svg.text).toContain(part);
    expect(svg.text).toContain('@font-face');
    expect(svg.text.replace(/<style>.*<\/style>/s, '')).not.toMatch(/NaN|undefined|var\(--/);

    await page.reload();
    await chart.waitFor();
    expect(nets(page)).toBe(four);
    await expect.poll(() => names(page)).toHaveLength(4);
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
    await page.getByRole('button', { name: 'Ask 2 networks' }).click();
    const answers = page.getByRole('region', { name: 'One picture, several networks' });
    const column = (name: RegExp) => answers.getByRole('listitem', { name });
    const general = column(/^EfficientNet-Lite0/);
    await general.getByText(/ on (wasm|webgpu|webgl|cpu)/).waitFor();
    expect(await general.getByRole('listitem').first().innerText()).toContain('cocker spaniel');
    const ten = column(/^ZFNet/);
    expect(await ten.getByRole('listitem').first().innerText()).toContain('English springer');
    expect(await ten.getByRole('listitem').count()).toBe(5);
    await column(/^VGG D/)
      .getByText('No weights here')
      .waitFor();
    expect(nets(page)).toBe('zfnet-imagenette,vgg-d,efficientnet-lite0');
    expect(problems).toEqual([]);
    await context.close();
  });

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
    await own.getByRole('button', { name: 'Clear the trace' }).click();
    await expect.poll(() => chart.getByText('WRN-28-3').count()).toBe(0);
    expect(problems).toEqual([]);
    await context.close();
  });
});

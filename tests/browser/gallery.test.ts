import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations, open, startApp, type App } from './harness.ts';
import { topFive } from './steps.ts';

/** The strongest channels of a layer in the real app: figure 2 of the ZFNet paper for one picture. */

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const name = 'The strongest channels of relu2';

describe('the nine strongest channels', () => {
  test('are projected when they are opened, by keyboard too, and lead to the large projection of each', async () => {
    const { page, context, problems } = await open(
      app,
      '?net=zfnet-imagenette&layer=relu2&image=sample:cat.jpg',
    );
    await topFive(page);
    const tiles = page.getByRole('list', { name }).getByRole('button');
    expect(await tiles.count()).toBe(0);
    await page.getByRole('radio', { name: 'all maps' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await tiles.nth(8).waitFor();
    expect(await tiles.count()).toBe(9);
    expect(page.url()).toContain('gallery=strongest');

    // Strongest first, each with a picture of its own that is not grey all over.
    const values = await tiles.evaluateAll((all) =>
      all.map((tile) => Number(/ (\S+) at/.exec(tile.textContent!)![1])),
    );
    expect(values).toEqual([...values].sort((a, b) => b - a));
    const pictures = await tiles.evaluateAll((all) =>
      all.map((tile) =>
        [...tile.querySelectorAll('canvas')].map((canvas) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return [canvas.width, canvas.height, new Set(data).size > 8, data.join()];
        }),
      ),
    );
    for (const [patch, projection] of pictures) {
      expect(patch!.slice(0, 3)).toEqual([27, 27, true]);
      expect(projection!.slice(0, 3)).toEqual([27, 27, true]);
    }
    expect(new Set(pictures.map(([, projection]) => projection![3])).size).toBe(9);

    // The tile and the large picture are the same projection.
    await tiles.nth(2).press('Enter');
    const channel = await tiles.nth(2).getAttribute('data-channel');
    const large = page.getByRole('img', { name: new RegExp(`^Projection of channel ${channel},`) });
    await large.waitFor();
    expect(page.url()).toContain(`channel=${channel}`);
    expect(await tiles.nth(2).getAttribute('aria-pressed')).toBe('true');
    const largePixels = await large.evaluate((canvas: HTMLCanvasElement) =>
      Array.from(canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data),
    );
    const tilePixels = String(pictures[2]![1]![3]).split(',').map(Number);
    // Rounding may move a value at the edge between two levels.
    expect(Math.max(...largePixels.map((level, i) => Math.abs(level - tilePixels[i]!)))).toBeLessThanOrEqual(
      1,
    );

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the strongest channels as PNG' }).click();
    expect((await download).suggestedFilename()).toBe('zfnet-imagenette-relu2-strongest-deconvnet.png');
    await page.goBack();
    await page.goBack();
    await page.getByRole('listbox').waitFor();
    expect(await page.getByRole('list', { name }).count()).toBe(0);
    expect(problems).toEqual([]);
    await context.close();
  });

  test.each([
    ['light', {}],
    ['dark, 390x844, Korean', { dark: true, width: 390, height: 844, touch: true, locale: 'ko-KR' }],
  ] as const)('come with a link, have names, and axe finds no violation: %s', async (_name, options) => {
    const link = '?net=zfnet-imagenette&layer=relu4&gallery=strongest&image=sample:dogs.jpg';
    const { page, context, problems } = await open(app, link, options);
    if ('width' in options) await page.locator('#layer').click();
    const tiles = page.locator('button[data-channel]');
    await tiles.nth(8).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });
});

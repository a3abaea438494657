import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bomb, dropFiles } from './faults.ts';
import { open, startApp, type App } from './harness.ts';
import { answerOf, dropFile, samplePath, topFive } from './steps.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Weights that arrive when the test says so. */
function heldWeights() {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const prepare = (context: BrowserContext) =>
    context.route(/weights\/.*\.safetensors/, async (route) => {
      await arrived;
      await route.continue();
    });
  return { arrive, prepare };
}

const chosen = (page: Page) => answerOf(page).getByRole('img', { name: 'The chosen picture' });
const seen = (page: Page) => answerOf(page).getByRole('img', { name: /^What the network sees/ });

/** What is drawn there. */
const drawn = (page: Page): Promise<string> =>
  chosen(page).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

test.each([
  ['wide', { width: 1440, height: 900 }],
  ['narrow', { width: 390, height: 844, touch: true }],
] as const)('a picture is there before the weights, at its place: %s', async (_name, size) => {
  const { arrive, prepare } = heldWeights();
  const options = { ...size, prepare };
  const { page, context, problems } = await open(app, '?net=zfnet-imagenette&image=sample:cat.jpg', options);
  await chosen(page).waitFor();
  const sample = await drawn(page);
  const place = await chosen(page).boundingBox();
  await dropFile(page, samplePath('dogs.jpg'), 'dogs.jpg', 'image/jpeg');
  await expect.poll(() => drawn(page)).not.toBe(sample);
  expect(await chosen(page).boundingBox()).toEqual(place);
  expect(await seen(page).count()).toBe(0);

  arrive();
  await seen(page).waitFor();
  expect(await chosen(page).count()).toBe(0);
  expect(await seen(page).boundingBox()).toEqual(place);
  expect(await topFive(page)).toHaveLength(5);
  expect(problems).toEqual([]);
  await context.close();
});

test('what is no picture is not shown, and told once the network is to look at it', async () => {
  const { arrive, prepare } = heldWeights();
  const { page, context } = await open(app, '?net=zfnet-imagenette', { prepare });
  await chosen(page).waitFor();
  await dropFile(page, samplePath('README.md'), 'broken.jpg', 'image/jpeg');
  await answerOf(page).getByText('No picture yet').waitFor();
  arrive();
  await page.getByRole('alert').filter({ hasText: 'broken.jpg' }).first().waitFor();
  await context.close();
});

test('what is too large is not decoded for the page either', async () => {
  const { arrive, prepare } = heldWeights();
  const { page, context } = await open(app, '?net=zfnet-imagenette', { prepare });
  await chosen(page).waitFor();
  await page.evaluate(() => {
    const decode = window.createImageBitmap;
    Object.assign(window, { decodes: 0 });
    window.createImageBitmap = (...args: unknown[]) => {
      (window as unknown as { decodes: number }).decodes += 1;
      return Reflect.apply(decode, window, args) as Promise<ImageBitmap>;
    };
  });
  await dropFiles(page, [{ name: 'bomb.png', bytes: bomb(60_000, 60_000) }]);
  await answerOf(page).getByText('No picture yet').waitFor();
  expect(await page.evaluate(() => (window as unknown as { decodes: number }).decodes)).toBe(0);
  arrive();
  await page.getByRole('alert').filter({ hasText: 'bomb.png' }).first().waitFor();
  await context.close();
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwareWebGpuArgs } from '../../scripts/chromium.mjs';
import { open, startApp, type App } from './harness.ts';
import { topFive, waitForAnswer } from './steps.ts';

// A browser of its own: this test takes the graphics process down under every page.
let app: App;
beforeAll(async () => {
  app = await startApp({ args: softwareWebGpuArgs });
});
afterAll(() => app.close());

test('WebGPU can be chosen; when its device is lost that is said, and digit, network and view stay', async () => {
  const { page, context } = await open(app, '?net=lenet-5-modern');
  await topFive(page);
  await page.getByRole('button', { name: /^wasm/ }).click();
  await page.getByRole('radio', { name: /^webgpu/ }).click();
  await page.keyboard.press('Escape');
  await page.getByText(/\d\sm?s on webgpu/).waitFor();
  await page.getByRole('button', { name: /example of 3/ }).click();
  await waitForAnswer(page, '3');
  const address = page.url();

  const devtools = await app.browser.newBrowserCDPSession();
  // The call ends with the process that it ends.
  await devtools.send('Browser.crashGpuProcess').catch(() => undefined);
  await page
    .getByText(/graphics device was lost and has been replaced/)
    .first()
    .waitFor();
  await waitForAnswer(page, '3');
  expect(page.url()).toBe(address);
  await page.getByRole('button', { name: /example of 7/ }).click();
  await waitForAnswer(page, '7');
  await context.close();
});

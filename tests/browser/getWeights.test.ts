import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { checkpointFile } from '../hub/checkpoints.ts';
import { axeViolations, open, root, startApp, type App } from './harness.ts';
import { answerOf, dropFile, topFive } from './steps.ts';

/** The page's own way to weights: get, pause, keep, delete, drop; the hub's part is played by the browser's routing. */

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const network = 'MobileNet v2';
const title = 'mobilenetv2_100.ra_in1k';
const address = 'https://huggingface.co/**/mobilenetv2_100.ra_in1k/**';
const published = checkpointFile('mobilenet-v2', 1, undefined, 'timm');

/** Serves the published file to the page from now on; returns the ranges that were asked for. */
async function offer(context: BrowserContext, body: Uint8Array, from = address): Promise<(string | null)[]> {
  const asked: (string | null)[] = [];
  await context.route(from, (route) => {
    const range = route.request().headers()['range'] ?? null;
    asked.push(range);
    const start = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    return route.fulfill({
      status: range === null ? 200 : 206,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'ETag, Content-Range',
        etag: '"1"',
        ...(range === null ? {} : { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` }),
      },
      contentType: 'application/octet-stream',
      body: Buffer.from(body.subarray(start)),
    });
  });
  return asked;
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Weights' });
const row = (page: Page, name: string) => dialog(page).getByRole('listitem', { name, exact: true });
const openDialog = (page: Page) => page.getByRole('button', { name: 'Get weights' }).click();

describe('published weights', () => {
  test('come when asked for, answer, stay for the next visit, and can be deleted', async () => {
    const { page, context, problems } = await open(app, '?net=mobilenet-v2');
    const asked = await offer(context, published);
    await openDialog(page);
    await row(page, title).getByText('apache-2.0').waitFor();
    await dialog(page)
      .getByText(/Needs about .* of memory here; there is room/)
      .waitFor();
    expect(asked).toEqual([]);
    await row(page, title).getByRole('button', { name: /^Get/ }).click();
    await row(page, title)
      .getByText(/on this device, .* in float16/)
      .waitFor();
    await page.keyboard.press('Escape');
    expect(await topFive(page)).toHaveLength(5);
    expect(asked).toEqual([null]);

    await page.reload();
    expect(await topFive(page)).toHaveLength(5);
    expect(asked).toEqual([null]);

    await page.getByRole('button', { name: /^Weights: weights on this device/ }).click();
    await dialog(page)
      .getByRole('table')
      .getByRole('button', { name: `Delete ${title}` })
      .click();
    await dialog(page).getByText('Nothing is kept yet.').waitFor();
    await page.keyboard.press('Escape');
    await answerOf(page).getByText('No weights at hand').waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  test('of another content than the publisher states are refused where they were asked for', async () => {
    const { page, context } = await open(app, '?net=squeezenet-1-1');
    const body = checkpointFile('squeezenet-1-1', 1, undefined, 'torchvision');
    await offer(context, body, 'https://download.pytorch.org/**');
    await openDialog(page);
    const wanted = row(page, 'SqueezeNet1_1 V1');
    await wanted.getByRole('button', { name: /^Get/ }).click();
    await wanted.getByRole('alert').waitFor();
    expect(await wanted.getByRole('alert').innerText()).toMatch(/SHA-256|size|bytes/);
    await dialog(page).getByText('Nothing is kept yet.').waitFor();
    await context.close();
  });

  test('from a server that lets no page read them: the way around is told', async () => {
    const { page, context } = await open(app, '?net=mobilenet-v2');
    await context.route(address, (route) => route.abort('failed'));
    await openDialog(page);
    await row(page, title).getByRole('button', { name: /^Get/ }).click();
    await row(page, title).getByRole('alert').waitFor();
    expect(await row(page, title).getByRole('alert').innerText()).toMatch(/weights get/);
    await context.close();
  });
});

describe('a dropped weight file', () => {
  const small = (file: string): string => join(root, 'tests/checkpoints/small', file);
  test.each([
    ['torchvision-mobilenet.pth', 'mobilenet-v2?alpha=0.1&resolution=64&classes=10'],
    ['timm-mobilenetv1.safetensors', 'mobilenet-v1?alpha=0.25&resolution=96&classes=10&activation=relu6'],
    ['mobilenet_v2-folded.onnx', 'mobilenet-v2?alpha=0.1&resolution=64&classes=10'],
  ])('%s answers for the network that it fits', async (file, ref) => {
    const { page, context, problems } = await open(app, `?net=${encodeURIComponent(ref)}`);
    await answerOf(page).getByText('No weights at hand').waitFor();
    await dropFile(page, small(file), file, '');
    expect(await topFive(page)).toHaveLength(5);
    await page.getByRole('button', { name: `Weights: your weights: ${file}` }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  test('of another network is refused by name, tensor by tensor', async () => {
    const { page, context } = await open(app, '?net=resnet-50');
    await answerOf(page).getByText('No weights at hand').waitFor();
    await dropFile(page, small('torchvision-mobilenet.pth'), 'torchvision-mobilenet.pth', '');
    const alert = page.getByRole('alert').first();
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/torchvision-mobilenet\.pth fits no network here/);
    expect(await alert.innerText()).toMatch(/features\.0\.0\.weight/);
    await context.close();
  });
});

test.each([
  [1440, 900, false],
  [390, 844, true],
])('axe finds nothing in the dialog at %i x %i', async (width, height, dark) => {
  const { page, context } = await open(app, '?net=resnet-50', { width, height, dark });
  await openDialog(page);
  await row(page, 'ResNet50 V1').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await context.close();
});

test(`says that ${network} at an unlisted size has no published weights, and which sizes have`, async () => {
  const { page, context } = await open(app, '?net=mobilenet-v2%3Falpha%3D0.5');
  await openDialog(page);
  await dialog(page)
    .getByText(/No weights are published/)
    .waitFor();
  await dialog(page).getByRole('button', { name: network, exact: true }).click();
  await page.getByRole('group', { name: `Diagram of ${network}` }).waitFor();
  await context.close();
});

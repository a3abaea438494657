import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { softwareWebGpuArgs } from '../../scripts/chromium.mjs';
import { beforeEngine } from './faults.ts';
import { axeViolations, open, startApp, type App, type OpenPage } from './harness.ts';

/** Graphics devices that fail under the bench page, on Chromium's imitation of one. */

let app: App;
let opened: OpenPage | null = null;
beforeAll(async () => {
  app = await startApp({ args: softwareWebGpuArgs });
});
afterEach(async () => {
  await opened?.context.close();
  opened = null;
});
afterAll(() => app.close());

/** The bench page with code of the test's own in every worker, once all backends have been tried. */
async function visit(code: string): Promise<Page> {
  const prepare = async (context: BrowserContext) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url });
    await beforeEngine(context, code);
  };
  opened = await open(app, 'bench', { prepare });
  await box(opened.page, 'cpu').waitFor();
  return opened.page;
}

const plan = (page: Page) => page.getByRole('region', { name: 'What is measured' });
const box = (page: Page, backend: string, network = 'LeNet-5 (modern)') =>
  page.getByRole('checkbox', { name: `${network} on ${backend}` });

async function measure(page: Page, rounds: 5 | 30, ...pairs: (readonly [string, string?])[]): Promise<void> {
  for (const each of await plan(page).getByRole('checkbox').all()) await each.uncheck();
  for (const [backend, network] of pairs) await box(page, backend, network).check();
  await page.getByRole('radio', { name: String(rounds), exact: true }).click();
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
}
const ended = (page: Page) => page.getByRole('button', { name: 'Measure again' }).waitFor();

const network = (page: Page, name: RegExp) => page.getByRole('region', { name });
const heads = (page: Page, name: RegExp) => network(page, name).getByRole('columnheader').allInnerTexts();
const notes = (page: Page, name: RegExp) => network(page, name).getByRole('listitem').allInnerTexts();
const cells = (page: Page, name: string) =>
  network(page, /^LeNet-5/)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .getByRole('cell')
    .allInnerTexts();

async function markdown(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied', { exact: true }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Destroys the device with its 60th submit: in the midst of the rounds of LeNet-5, and long after the self-test. */
const destroying = `
let device, submits = 0;
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...args) {
  return (device = await request.apply(this, args));
};
const { submit } = GPUQueue.prototype;
GPUQueue.prototype.submit = function (...args) {
  if (++submits === 60) device.destroy();
  return submit.apply(this, args);
};
`;

test('a device lost under it is told with its figures so far, its other rows are left out, and wasm goes on', async () => {
  const page = await visit(destroying);
  await measure(page, 5, ['webgpu'], ['wasm'], ['webgpu', 'ZFNet (Imagenette)']);
  await ended(page);
  expect(await heads(page, /^LeNet-5/)).toEqual(['Figure', 'webgpu\nfailed', 'wasm']);
  expect((await notes(page, /^LeNet-5/))[0]).toMatch(
    /^webgpu: its device was lost meanwhile \(.+\)\. What was/,
  );
  for (const cell of await cells(page, 'First answer')) expect(cell).toMatch(/^[\d.\u2009]+$/);
  expect(await cells(page, 'Rounds')).toEqual(['0', '5']);
  expect((await cells(page, 'Answer'))[0]).toMatch(/^[\d.]+/);
  expect(await heads(page, /^ZFNet/)).toEqual(['Figure', 'webgpu\nnot measured']);
  expect(await notes(page, /^ZFNet/)).toEqual([
    expect.stringMatching(/^webgpu: not measured, because its device was lost with LeNet-5/),
  ]);
  const copied = await markdown(page);
  expect(copied).toMatch(
    /^- LeNet-5 \(modern\), webgpu: failed\. webgpu was lost while it was measured: .+\.$/m,
  );
  expect(copied).toMatch(/^- ZFNet \(Imagenette\), webgpu: not measured, because webgpu lost its device/m);
  expect(copied).toMatch(/^\| LeNet-5 \(modern\) \| wasm \|.* 5 \|$/m);
  expect(await axeViolations(page)).toEqual([]);
});

test('a browser without an adapter says so, and measures the rest', async () => {
  const page = await visit('GPU.prototype.requestAdapter = async () => null;');
  expect(await plan(page).innerText()).toMatch(/webgpu\s+the browser offers no graphics adapter/);
  expect(await box(page, 'webgpu').count()).toBe(0);
  await measure(page, 5, ['wasm']);
  await ended(page);
  expect(await cells(page, 'Class')).toEqual(['4']);
  expect(await markdown(page)).toMatch(/^- webgpu: missing: no-adapter$/m);
});

/** The device never comes, and the patience with it is over at once. */
const hanging = `
let hangs = false;
GPUAdapter.prototype.requestDevice = () => {
  hangs = true;
  return new Promise(() => {});
};
const later = self.setTimeout;
self.setTimeout = (work, milliseconds, ...args) =>
  later(work, hangs && milliseconds >= 20000 ? 0 : milliseconds, ...args);
`;

test('a driver that gives no device is told, and not waited for', async () => {
  const page = await visit(hanging);
  expect(await plan(page).innerText()).toMatch(
    /webgpu\s+its driver did not answer\. no device came within 20 s/,
  );
  expect(await box(page, 'wasm').isChecked()).toBe(true);
});

test('the graphics process ends under it: what was measured stands, and wasm goes on', async () => {
  const page = await visit('');
  await measure(page, 30, ['webgpu'], ['wasm']);
  await page.getByText(/LeNet-5 \(modern\) on webgpu: round [2-9] of 30/).waitFor();
  const devtools = await app.browser.newBrowserCDPSession();
  // The call ends with the process that it ends.
  await devtools.send('Browser.crashGpuProcess').catch(() => undefined);
  await ended(page);
  expect(await heads(page, /^LeNet-5/)).toEqual(['Figure', 'webgpu\nfailed', 'wasm']);
  expect((await notes(page, /^LeNet-5/))[0]).toMatch(/^webgpu: its device was lost meanwhile/);
  const [lost, whole] = await cells(page, 'Rounds');
  expect(Number(lost)).toBeGreaterThan(0);
  expect(whole).toBe('30');
});

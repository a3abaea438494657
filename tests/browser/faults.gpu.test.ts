import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { softwareWebGpuArgs } from '../../scripts/chromium.mjs';
import { beforeEngine, engineWorker, failure, notice } from './faults.ts';
import { open, startApp, type App, type OpenPage } from './harness.ts';
import { mapList, picture, topFive, waitForAnswer } from './steps.ts';

/**
 * A graphics device that fails at a chosen moment, on Chromium's imitation of one: the worker's own WebGPU is given
 * hooks before the engine meets it. LeNet-5 is small enough for an imitation.
 */

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

/** What the tests reach inside the worker. */
interface Hooks {
  /** How often each of the device's calls was made. */
  readonly calls: { submit: number; buffer: number };
  /** Destroys the device at this many calls from now. */
  destroyAt: { call: 'submit' | 'buffer'; after: number } | null;
  readonly devices: GPUDevice[];
}

const hooks = `
const hooks = (self.hooks = { calls: { submit: 0, buffer: 0 }, destroyAt: null, devices: [] });
const count = (call) => {
  hooks.calls[call] += 1;
  if (hooks.destroyAt?.call !== call || hooks.destroyAt.after-- > 0) return;
  hooks.destroyAt = null;
  hooks.devices.at(-1).destroy();
};
const wrap = (of, method, call) => {
  const original = of.prototype[method];
  of.prototype[method] = function (...args) {
    count(call);
    return original.apply(this, args);
  };
};
wrap(GPUQueue, 'submit', 'submit');
wrap(GPUDevice, 'createBuffer', 'buffer');
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await request.apply(this, args);
  hooks.devices.push(device);
  return device;
};
`;

/** Says that the imitation is a real card, so that it is taken without being asked for. */
const posing = `
Object.defineProperty(GPUAdapter.prototype, 'info', {
  get: () => ({ vendor: 'acme', architecture: 'one', device: '', description: '', isFallbackAdapter: false }),
});
`;

/** Makes every number that is read back from the device wrong. */
const wrong = `
const mapped = GPUBuffer.prototype.getMappedRange;
GPUBuffer.prototype.getMappedRange = function (...args) {
  const range = mapped.apply(this, args);
  if (this.usage & GPUBufferUsage.MAP_READ) new Float32Array(range).forEach((value, i, all) => (all[i] = value + 1));
  return range;
};
`;

async function visit(path: string, code: string): Promise<Page> {
  opened = await open(app, 'icon.svg');
  await beforeEngine(opened.context, code);
  await opened.page.goto(app.url + path);
  return opened.page;
}

const inWorker = async <T>(page: Page, work: (hooks: Hooks) => T): Promise<T> =>
  (await engineWorker(page)).evaluate(`(${String(work)})(self.hooks)`);

const replaced = (page: Page) => notice(page, /graphics device was lost and has been replaced/);
const answered = (page: Page) => page.getByText(/\d\sm?s on webgpu/).waitFor();

async function chooseBackend(page: Page, from: RegExp, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: from }).click();
  await page.getByRole('radio', { name }).click();
  await page.keyboard.press('Escape');
}

/** LeNet-5 on the device, reading a drawn 7, a map of its second convolution open. */
async function onDevice(): Promise<Page> {
  const page = await visit('?net=lenet-5-modern&layer=conv2&channel=2&rule=gradient', hooks);
  await topFive(page);
  await chooseBackend(page, /^wasm/, /^webgpu/);
  await answered(page);
  await page.getByRole('button', { name: /example of 7/ }).click();
  await waitForAnswer(page, '7');
  await page.getByRole('img', { name: /^Projection of channel 2/ }).waitFor();
  // Until everything is of this digit, a request is still on its way: what befalls the device would be told there.
  await expect.poll(() => page.locator('[data-stale]').count()).toBe(0);
  return page;
}

describe('a device lost', () => {
  test('in the middle of a forward pass: the answer comes all the same, and that is said', async () => {
    const page = await onDevice();
    await inWorker(page, (h) => void (h.destroyAt = { call: 'submit', after: 5 }));
    await page.getByRole('button', { name: /example of 3/ }).click();
    await waitForAnswer(page, '3');
    await replaced(page).waitFor();
    expect(await inWorker(page, (h) => [h.destroyAt, h.devices.length])).toEqual([null, 2]);
    await answered(page);
  });

  test('in the middle of a projection: its picture comes all the same', async () => {
    const page = await onDevice();
    const project = async (channel: number) => {
      await mapList(page)
        .getByRole('option', { name: new RegExp(`^Map ${channel}:`) })
        .click();
      // The picture of before stays, dimmed, until the new one is announced.
      const ready = page.getByText(`Projection of conv2, channel ${channel}, is ready.`);
      await ready.waitFor({ state: 'attached' });
      return picture(page.getByRole('img', { name: /^Projection of channel/ }));
    };
    const fourth = await project(4);
    expect(await project(3)).not.toBe(fourth);
    // The chosen map is read first, in two submits; all others are the projection's.
    await inWorker(page, (h) => void (h.destroyAt = { call: 'submit', after: 3 }));
    expect(await project(4)).toBe(fourth);
    await replaced(page).waitFor();
    expect(await inWorker(page, (h) => h.destroyAt)).toBeNull();
  });

  test('while weights are brought to it: they are brought to the next one', async () => {
    const page = await visit('?net=lenet-5-modern', hooks);
    await topFive(page);
    await inWorker(page, (h) => void (h.destroyAt = { call: 'buffer', after: 60 }));
    await chooseBackend(page, /^wasm/, /^webgpu/);
    await replaced(page).waitFor();
    expect(await topFive(page)).toHaveLength(5);
    expect(await inWorker(page, (h) => h.destroyAt)).toBeNull();
  });

  test('again and again: another backend goes on, and the chip says why', async () => {
    const page = await onDevice();
    await inWorker(page, (h) => h.devices.at(-1)!.destroy());
    await replaced(page).waitFor();
    await waitForAnswer(page, '7');
    await inWorker(page, (h) => h.devices.at(-1)!.destroy());
    await page.getByRole('button', { name: /^wasm/ }).click();
    await page
      .getByRole('dialog')
      .getByText(/its device was lost/)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /example of 3/ }).click();
    await waitForAnswer(page, '3');
  });
});

/** A card whose driver hangs when it is asked for a device; what is waited for it is over at once. */
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

/** What a card without more than WebGPU promises has, in a browser that tells nothing of it. */
const plain = `
const limits = {
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeInvocationsPerWorkgroup: 256,
};
for (const [name, get] of Object.entries({ limits: () => limits, features: () => new Set(), info: () => undefined }))
  Object.defineProperty(GPUAdapter.prototype, name, { get });
`;

describe('a graphics card', () => {
  const passedOver = (page: Page, sentence: RegExp) => page.getByRole('dialog').getByText(sentence).waitFor();

  test('that is not there is passed over, and the chip says so', async () => {
    const page = await visit('?net=lenet-5-modern', 'GPU.prototype.requestAdapter = async () => null;');
    await page.getByText(/\d\sm?s on wasm/).waitFor();
    await page.getByRole('button', { name: /^wasm/ }).click();
    await passedOver(page, /webgpu: the browser offers no graphics adapter\./);
  });

  test('whose driver never answers is not waited for: wasm answers, and the chip says why', async () => {
    const page = await visit('?net=lenet-5-modern', posing + hanging);
    await page.getByText(/\d\sm?s on wasm/).waitFor();
    await page.getByRole('button', { name: /^wasm/ }).click();
    await passedOver(page, /webgpu: its driver did not answer\. no device came within 20 s/);
  });

  test('with the least that WebGPU promises, in a browser that does not name it, answers', async () => {
    const page = await visit('?net=lenet-5-modern', plain);
    expect(await topFive(page)).toHaveLength(5);
    await answered(page);
  });
});

describe('a device that computes wrongly', () => {
  test('is found out by the self-test, passed over, and named', async () => {
    const page = await visit('?net=lenet-5-modern', posing + wrong);
    await page.getByText(/\d\sm?s on wasm/).waitFor();
    await page.getByRole('button', { name: /^wasm/ }).click();
    const chip = page.getByRole('dialog');
    await chip.getByText(/webgpu: it computed a self-test wrongly\. conv2d gave 12 in place of 11/).waitFor();
  });

  test('is refused where it is chosen by name, and what ran before goes on', async () => {
    const page = await visit('?net=lenet-5-modern', wrong);
    const before = await topFive(page);
    await chooseBackend(page, /^wasm/, /^webgpu/);
    await page.getByRole('button', { name: /^wasm/ }).click();
    await failure(page, /its self-test gave wrong numbers: conv2d gave 12 in place of 11/).waitFor();
    expect(await page.getByRole('radio', { name: /^automatic/ }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await topFive(page)).toEqual(before);
    await page.getByRole('button', { name: /example of 3/ }).click();
    await waitForAnswer(page, '3');
  });

  test('is passed over where an earlier visit chose it, and that is said', async () => {
    const page = await visit('about.html', wrong);
    await page.evaluate(() =>
      localStorage.setItem('convscope:preferences', JSON.stringify({ backendChoice: 'webgpu' })),
    );
    await page.goto(`${app.url}?net=lenet-5-modern`);
    await notice(
      page,
      /chose before cannot be used now \(webgpu: its self-test gave wrong numbers/,
    ).waitFor();
    await page.getByText(/\d\sm?s on wasm/).waitFor();
  });
});

test('a device without memory says so in place of zeros, and a try later succeeds', async () => {
  const page = await onDevice();
  await inWorker(page, (h) => {
    const device = h.devices.at(-1)!;
    const error = new GPUOutOfMemoryError('no room for a buffer');
    device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
  });
  await page.getByRole('button', { name: /example of 3/ }).click();
  const alert = failure(page, /There is not enough memory for this\. Close other tabs, choose the wasm/);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await waitForAnswer(page, '3');
});

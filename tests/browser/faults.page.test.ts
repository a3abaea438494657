import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserContext } from 'playwright-core';
import { readSafetensors, writeSafetensors, decodeTensor } from '../readers/safetensors.ts';
import { beforeEngine, dropFiles, engineWorker, failure, notice } from './faults.ts';
import { open, root, startApp, type App, type OpenPage } from './harness.ts';
import { answerOf, chooseNetwork, mapList, samplePath, topFive, waitForAnswer } from './steps.ts';

/** What goes wrong around the page: its address, its storage, its worker, its memory, other tabs, another version. */

let app: App;
let context: BrowserContext | null = null;

beforeAll(async () => {
  app = await startApp();
});
afterEach(async () => {
  await context?.close();
  context = null;
});
afterAll(() => app.close());

/** A page in a profile of its own, which the test need not close. */
async function visit(path: string): Promise<OpenPage> {
  const opened = await open(app, path);
  ({ context } = opened);
  return opened;
}

/** A limit against hanging, not against slow machines. */
const patient = { timeout: 60_000 };

const weightFile = (name: string): string => join(root, 'public/weights', name);
/** The weights of LeNet-5 with one value changed. */
function lenetWith(tensor: string, at: number, value: number): Uint8Array<ArrayBuffer> {
  const file = 'lenet-5-modern.safetensors';
  const { tensors, metadata } = readSafetensors(new Uint8Array(readFileSync(weightFile(file))), file);
  return writeSafetensors(
    [...tensors.values()].map((stored) => {
      const values = decodeTensor(stored, file);
      if (stored.name === tensor) values[at] = value;
      return { name: stored.name, shape: stored.shape, dtype: 'F32', values };
    }),
    metadata,
  );
}

const own = (name: string) => ({ name, bytes: readFileSync(samplePath(name)) });

describe('an address', () => {
  let nonsense: OpenPage;
  beforeAll(async () => {
    nonsense = await open(app);
  });
  afterAll(() => nonsense.context.close());

  test.each([
    ['?net=no-such-network', /names a network that is not here \(no-such-network\)/],
    ['?net=__proto__', /names a network that is not here \(__proto__\)/],
    ['?net=wide-resnet?depth=999999', /asks for settings that are impossible/],
    ['?net=lenet-5-modern&layer=conv99', /names a layer that the network does not have \(conv99\)/],
    [
      '?net=lenet-5-modern&layer=conv1&channel=99&unit=3,4&rule=magic&lang=xx&view=42',
      /not possible here and was left out: .*rule=magic.*channel=99/,
    ],
    ['?net=lenet-5-modern&layer=conv1&channel=2&unit=900,900', /was left out: unit=900,900/],
    ['?net=lenet-5-modern&image=%00%FF%FE', /was left out: image=/],
    ['?view=compare&nets=nonsense,%3Cb%3E', /nonsense/],
  ])('of nonsense is told, and the page works: %s', async (path, sentence) => {
    const { page, problems } = nonsense;
    await page.goto(app.url + path);
    await page.getByText(sentence).first().waitFor();
    if (!path.includes('compare')) expect(await topFive(page)).toHaveLength(5);
    expect(problems).toEqual([]);
  });
});

describe('storage', () => {
  test('that has no room for a picture: it is used, and that it goes is said', async () => {
    const { page } = await visit('?net=zfnet-imagenette&image=sample:dogs.jpg');
    await topFive(page);
    const client = await page.context().newCDPSession(page);
    await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(app.url).origin, quotaSize: 1 });
    await dropFiles(page, [own('pagoda.jpg')]);
    await waitForAnswer(page, 'church');
    await notice(page, /no room to keep your picture: it is used now, and gone after a reload/).waitFor();
  });

  test('that is refused altogether: the page answers all the same', async () => {
    const { page, problems } = await visit('?net=zfnet-imagenette&image=sample:dogs.jpg');
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException('denied', 'SecurityError');
      };
      Object.defineProperty(window, 'localStorage', { get: refuse });
      Object.defineProperty(window, 'indexedDB', { get: refuse });
      Object.defineProperty(window, 'caches', { get: refuse });
    });
    await page.reload();
    await topFive(page);
    await dropFiles(page, [own('pagoda.jpg')]);
    await waitForAnswer(page, 'church');
    await notice(page, /no room to keep your picture/).waitFor();
    expect(problems).toEqual([]);
  });

  test('that has no room for weights: they answer, and that they are fetched again is said once', async () => {
    const { page } = await visit('icon.svg');
    const client = await page.context().newCDPSession(page);
    await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(app.url).origin, quotaSize: 1 });
    await page.goto(`${app.url}?net=lenet-5-modern`);
    expect(await topFive(page)).toHaveLength(5);
    const told = notice(page, /storage is full: these weights are used now, and fetched again/);
    await told.getByRole('button', { name: 'Dismiss' }).click();
    await chooseNetwork(page, 'ZFNet (Imagenette)');
    await page.getByRole('img', { name: /^Projection of channel/ }).waitFor();
    expect(await told.count()).toBe(0);
  });

  test('that is refused to the worker: the weights answer, and that nothing is kept is said', async () => {
    const { page } = await visit('icon.svg');
    await beforeEngine(page.context(), `Object.defineProperty(self, 'caches', { value: undefined });`);
    await page.goto(`${app.url}?net=lenet-5-modern`);
    expect(await topFive(page)).toHaveLength(5);
    await notice(page, /This browser keeps no weights for this page/).waitFor();
  });

  test('two tabs keep a picture each, and both survive a reload', async () => {
    const { page } = await visit('?net=zfnet-imagenette');
    await topFive(page);
    const other = await page.context().newPage();
    await other.goto(`${app.url}?net=zfnet-imagenette`);
    await topFive(other);
    await dropFiles(page, [{ ...own('dogs.jpg'), name: 'mine.jpg' }]);
    await waitForAnswer(page, 'English springer');
    await dropFiles(other, [{ ...own('cat.jpg'), name: 'yours.jpg' }]);
    await expect.poll(() => new URL(other.url()).searchParams.get('image'), patient).toMatch(/^own:/);
    await expect.poll(() => kept(other), patient).toEqual(['yours.jpg', 'mine.jpg']);
    await Promise.all([page.reload(), other.reload()]);
    await waitForAnswer(page, 'English springer');
    await topFive(other);
    expect(await page.getByText(/not on this computer/).count()).toBe(0);
    expect(await other.getByText(/not on this computer/).count()).toBe(0);
  });
});

/** The names of the pictures that the page keeps. */
const kept = (page: OpenPage['page']): Promise<string[]> =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open('keyval-store');
        opening.onerror = () => reject(new Error('not opened'));
        opening.onsuccess = () => {
          const reading = opening.result.transaction('keyval').objectStore('keyval').get('convscope:images');
          reading.onsuccess = () => {
            opening.result.close();
            resolve(((reading.result ?? []) as { name: string }[]).map(({ name }) => name));
          };
        };
      }),
  );

describe('weights', () => {
  test('of an older version in the cache are not used after an update, and go', async () => {
    const { page } = await visit('?net=lenet-5-modern');
    await topFive(page);
    const names = () =>
      page.evaluate(async () => {
        const cache = await caches.open('convscope-weights-1');
        return (await cache.keys()).map(({ url }) => url.split('/').at(-1)!);
      });
    const [before] = await names();
    // The next version: the network always says 3.
    const body = lenetWith('fc3.bias', 3, 1000);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const file = 'lenet-5-modern.safetensors';
    const manifest = JSON.parse(readFileSync(weightFile('manifest.json'), 'utf8')) as {
      weights: { file: string }[];
    };
    const weights = manifest.weights.map((entry) =>
      entry.file === file ? { ...entry, bytes: body.length, sha256 } : entry,
    );
    await page.route('**/weights/manifest.json', (route) =>
      route.fulfill({ json: { ...manifest, weights } }),
    );
    await page.route(`**/weights/${file}`, (route) => route.fulfill({ body: Buffer.from(body) }));
    await page.reload();
    await waitForAnswer(page, '3');
    await expect.poll(names, patient).toEqual([sha256]);
    expect(before).not.toBe(sha256);
  });

  test.each([
    [NaN, /lenet\.safetensors holds a value that is no finite number: value 7 of fc3\.weight is NaN/],
    [-Infinity, /value 7 of fc3\.weight is -Infinity/],
  ])('with %d are refused by tensor and place; what was loaded stays', async (value, sentence) => {
    const { page } = await visit('?net=lenet-5-modern');
    const before = await topFive(page);
    await dropFiles(page, [{ name: 'lenet.safetensors', bytes: lenetWith('fc3.weight', 7, value) }]);
    await failure(page, sentence).waitFor();
    expect(await topFive(page)).toEqual(before);
  });
});

describe('the worker', () => {
  const crash = () => {
    setTimeout(() => {
      throw new Error('out of order');
    });
  };

  test('that crashes is replaced, with network, picture, layer and channel as they were', async () => {
    const { page } = await visit('?net=zfnet-imagenette&layer=relu4');
    await topFive(page);
    await dropFiles(page, [own('dogs.jpg')]);
    await waitForAnswer(page, 'English springer');
    const before = await topFive(page);
    await mapList(page).getByRole('option').nth(2).click();
    const projection = page.getByRole('img', { name: /^Projection of channel/ });
    await projection.waitFor();
    const [address, shown] = [page.url(), await projection.getAttribute('aria-label')];
    await (await engineWorker(page)).evaluate(crash);
    await notice(page, /worker that computes has stopped and has been started again/).waitFor();
    await expect.poll(() => topFive(page), patient).toEqual(before);
    await projection.waitFor();
    expect([page.url(), await projection.getAttribute('aria-label')]).toEqual([address, shown]);
  });

  test('that crashes at every start is not started for ever, and once it can is started by hand', async () => {
    const { page } = await visit('icon.svg');
    let starts = 0;
    await page.context().route('**/assets/worker-*.js', async (route) => {
      starts += 1;
      await route.fulfill({ response: await route.fetch(), body: `throw new Error('broken build')` });
    });
    await page.goto(`${app.url}?net=lenet-5-modern`);
    await notice(page, /stopped again before it could answer, so it was not started a third time/).waitFor();
    expect(starts).toBe(2);
    await page.context().unroute('**/assets/worker-*.js');
    await page.getByRole('button', { name: 'no backend' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
    expect(await topFive(page)).toHaveLength(5);
  });

  test('whose heap is full says so; the drawn network stays, and a smaller one answers', async () => {
    const { page } = await visit('icon.svg');
    await beforeEngine(
      page.context(),
      `WebAssembly.Memory.prototype.grow = () => { throw new RangeError('full'); };`,
    );
    await page.goto(`${app.url}?net=efficientnet-lite0`);
    await failure(page, /There is not enough memory for this\. Close other tabs/).waitFor();
    await page.getByRole('group', { name: /^Diagram of EfficientNet-Lite0/ }).waitFor();
    await chooseNetwork(page, 'LeNet-5 (modern)');
    expect(await topFive(page)).toHaveLength(5);
  });
});

describe('a tab', () => {
  test('frozen in the background while it computes goes on where it was', async () => {
    const { page, problems } = await visit('?net=zfnet-imagenette&image=sample:dogs.jpg');
    await waitForAnswer(page, 'English springer');
    const client = await page.context().newCDPSession(page);
    await page.getByRole('button', { name: 'Samples' }).click();
    await page.getByRole('button', { name: 'Pagoda' }).click();
    await client.send('Page.setWebLifecycleState', { state: 'frozen' });
    const front = await page.context().newPage();
    await front.goto(`${app.url}about.html`);
    await front.close();
    await client.send('Page.setWebLifecycleState', { state: 'active' });
    await waitForAnswer(page, 'church');
    expect(problems).toEqual([]);
  });

  test('that was left for another page and comes back still answers', async () => {
    const { page } = await visit('?net=zfnet-imagenette&image=sample:dogs.jpg');
    await waitForAnswer(page, 'English springer');
    await page.goto('about:blank');
    await page.goBack();
    await waitForAnswer(page, 'English springer');
    await dropFiles(page, [own('pagoda.jpg')]);
    await waitForAnswer(page, 'church');
    expect(await answerOf(page).getByRole('alert').count()).toBe(0);
  });
});

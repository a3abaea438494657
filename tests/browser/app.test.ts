import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations, open, startApp, type App, type OpenPage } from './harness.ts';
import {
  answerOf,
  changed,
  chooseNetwork,
  dropFile,
  mapList,
  openLayer,
  picture,
  samplePath,
  topFive,
  waitForAnswer,
} from './steps.ts';

let app: App;
let folder: string;

beforeAll(async () => {
  app = await startApp();
  folder = await mkdtemp(join(tmpdir(), 'convscope-browser-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

describe('the first page', () => {
  test('draws a network, answers for a sample photo and has a layer open, without an error', async () => {
    const { page, context, problems } = await open(app);
    const diagram = page.getByRole('group', { name: 'Diagram of ZFNet (Imagenette)' });
    await diagram
      .getByRole('button', { name: /^conv1: convolution 7×7, stride 2, 96 maps, 110×110/ })
      .waitFor();
    expect(await topFive(page)).toHaveLength(5);
    await page.getByRole('heading', { name: /384 maps, 13×13/ }).waitFor();
    await page.getByRole('img', { name: /^Projection of channel/ }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  test('draws every network of the list, and says which have no weights instead of answering', async () => {
    const { page, context, problems } = await open(app);
    await topFive(page);
    for (const [name, firstLayer] of [
      ['AlexNet', /^conv1: convolution 11×11, stride 4/],
      ['GoogLeNet', /^conv1/],
      ['ResNet-18', /^conv1: convolution 7×7/],
    ] as const) {
      await chooseNetwork(page, name);
      await page
        .getByRole('group', { name: /^Diagram of/ })
        .getByRole('button', { name: firstLayer })
        .waitFor();
      await answerOf(page)
        .getByText(/no weights/i)
        .first()
        .waitFor();
      expect(await answerOf(page).getByText('%').count()).toBe(0);
    }
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('a picture of one’s own', () => {
  test('by the file input: five classes, and the picture survives a reload', async () => {
    const { page, context, problems } = await open(app, '?net=efficientnet-lite0');
    await topFive(page);
    await page.locator('input[type=file]').first().setInputFiles(samplePath('coffee.jpg'));
    await waitForAnswer(page, 'espresso');
    expect(await topFive(page)).toHaveLength(5);
    await page.reload();
    await waitForAnswer(page, 'espresso');
    expect(problems).toEqual([]);
    await context.close();
  });

  test('by drop, and the next network sees it too', async () => {
    const { page, context } = await open(app, '?net=efficientnet-lite0&image=sample:coffee.jpg');
    await waitForAnswer(page, 'espresso');
    await dropFile(page, samplePath('dogs.jpg'), 'my dog.jpg', 'image/jpeg');
    await waitForAnswer(page, 'cocker spaniel');
    await chooseNetwork(page, 'ZFNet (Imagenette)');
    await waitForAnswer(page, 'English springer');
    await page.getByText(/Knows only these ten/).waitFor();
    await context.close();
  });

  test('a link to somebody’s own picture falls back to a sample and says so', async () => {
    const { page, context } = await open(app, '?net=zfnet-imagenette&image=own:0123456789');
    await topFive(page);
    await page
      .getByRole('status')
      .filter({ hasText: /sample/ })
      .first()
      .waitFor();
    await context.close();
  });
});

describe('a layer', () => {
  test('announces as many maps as it has channels, and the last one can be reached', async () => {
    const { page, context } = await open(app, '?net=zfnet-imagenette&image=sample:pagoda.jpg');
    await topFive(page);
    await openLayer(page, /^conv3: convolution/);
    await page.getByRole('heading', { name: /384 maps, 13×13/ }).waitFor();
    await page.getByLabel('Order').selectOption({ label: 'by channel' });
    const maps = mapList(page);
    await maps.getByRole('option').first().waitFor();
    expect(await maps.getByRole('option').first().getAttribute('aria-setsize')).toBe('384');
    await maps.focus();
    await page.keyboard.press('End');
    const last = maps.getByRole('option', { name: /^Map 383/ });
    await last.waitFor();
    expect(await last.getAttribute('aria-posinset')).toBe('384');
    await context.close();
  });

  test('is selected in the table when it is selected in the diagram, and the other way round', async () => {
    const { page, context } = await open(app, '?net=zfnet-imagenette&layer=conv4');
    await page.getByRole('radio', { name: 'Layer table' }).click();
    const row = page.getByRole('row', { name: /^conv4/ });
    await row.waitFor();
    expect(await row.getByRole('button').getAttribute('aria-pressed')).toBe('true');
    await expect(row.innerText()).resolves.toContain('13×13×384');
    await page.getByRole('row', { name: /^conv5/ }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('layer')).toBe('conv5');
    await page.getByRole('radio', { name: 'Diagram' }).click();
    await page
      .getByRole('group', { name: /^Diagram of/ })
      .getByRole('button', { name: /^conv5/, pressed: true })
      .waitFor();
    await context.close();
  });

  test('that is selected is in sight in the table of a network without weights, above its totals', async () => {
    const { page, context } = await open(app, '?net=resnet-50');
    const row = page.getByRole('row', { name: /^conv4_x\/1\/relu2/ });
    await row.waitFor();
    expect(await row.getByRole('button').getAttribute('aria-pressed')).toBe('true');
    const totals = page.getByRole('row', { name: /^Total/ });
    const bottom = (box: { y: number; height: number } | null) => box!.y + box!.height;
    await expect
      .poll(async () => (await totals.boundingBox())!.y - bottom(await row.boundingBox()))
      .toBeGreaterThanOrEqual(-1);
    await context.close();
  });

  test('back and forward walk through selections', async () => {
    const { page, context } = await open(app, '?net=zfnet-imagenette&layer=conv1&image=sample:cat.jpg');
    await topFive(page);
    await openLayer(page, /^conv3/);
    await page.getByRole('heading', { name: /384 maps/ }).waitFor();
    await openLayer(page, /^conv5/);
    await page.getByRole('heading', { name: /256 maps, 13×13/ }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: /384 maps/ }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: /96 maps, 110×110/ }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { name: /384 maps/ }).waitFor();
    await context.close();
  });
});

describe('projection', () => {
  const projection = /^Projection of channel/;

  test('a click on a map projects it, another rule changes the picture, the address brings both back', async () => {
    const { page, context, problems } = await open(
      app,
      '?net=zfnet-imagenette&image=sample:pagoda.jpg&layer=relu4',
    );
    await topFive(page);
    await mapList(page).getByRole('option').nth(2).click();
    const deconvnet = await picture(page.getByRole('img', { name: projection }));
    await page.getByLabel('Rule', { exact: true }).selectOption('gradient');
    const shown = page.getByRole('img', { name: /by gradient/ });
    const gradient = await changed(() => picture(shown), deconvnet);
    const address = page.url();
    await page.reload();
    await shown.waitFor();
    expect(await picture(shown)).toBe(gradient);
    expect(page.url()).toBe(address);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('warns that deconvnet does not depend on the image where no max-pooling records switches', async () => {
    const { page, context } = await open(
      app,
      '?net=efficientnet-lite0&image=sample:dogs.jpg&layer=head_relu',
    );
    await topFive(page);
    await mapList(page).getByRole('option').first().click();
    await page
      .getByText(/does not depend on the image|independent of the image/)
      .first()
      .waitFor();
    await context.close();
  });

  test('is refused with its reason where the rule is not defined', async () => {
    const { page, context } = await open(app, '?net=lenet-5-modern&layer=conv2');
    await topFive(page);
    await mapList(page).getByRole('option').first().click();
    await page
      .getByText(/defined for ReLU only/)
      .first()
      .waitFor();
    await context.close();
  });
});

describe('languages and colours', () => {
  test('switches to Korean without a reload, and the address remembers it', async () => {
    const { page, context, problems } = await open(
      app,
      '?net=zfnet-imagenette&image=sample:pagoda.jpg&layer=conv2',
    );
    await topFive(page);
    await page.getByRole('radio', { name: '한국어' }).click();
    await page
      .getByRole('heading', { name: /conv2: 맵 256개/ })
      .first()
      .waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    expect(new URL(page.url()).searchParams.get('lang')).toBe('ko');
    await page.reload();
    await page
      .getByRole('heading', { name: /conv2: 맵 256개/ })
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('a digit', () => {
  test('drawn with the mouse is read as one draws', async () => {
    const { page, context } = await open(app, '?net=lenet-5-modern');
    await topFive(page);
    const canvas = page.getByRole('img', { name: /draw/i });
    await page.getByRole('button', { name: 'Clear' }).click();
    const box = await canvas.boundingBox();
    if (!box) throw new Error('the canvas has no place on the page');
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    await page.mouse.move(...at(0.28, 0.25));
    await page.mouse.down();
    await page.mouse.move(...at(0.7, 0.25), { steps: 8 });
    await page.mouse.move(...at(0.45, 0.8), { steps: 12 });
    await page.mouse.up();
    await waitForAnswer(page, '7');
    await context.close();
  });
});

describe('what goes wrong is said', () => {
  let opened: OpenPage;
  beforeAll(async () => {
    opened = await open(app, '?net=zfnet-imagenette&image=sample:pagoda.jpg');
  });
  afterAll(() => opened.context.close());

  /** Gives the page a file by its file input and reads the sentence that comes of it. */
  async function failureOf(name: string, bytes: Uint8Array | string): Promise<string> {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const { page } = opened;
    const before = await topFive(page);
    await page.locator('input[type=file]').first().setInputFiles(path);
    const alert = page.getByRole('alert').filter({ hasText: name });
    await alert.waitFor();
    const text = await alert.innerText();
    // Nothing is lost: the answer for the last picture is still there.
    expect(await topFive(page)).toEqual(before);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    return text;
  }

  test('a text file named .jpg', async () => {
    expect(await failureOf('notes.jpg', 'These are notes, not a photo.\n'.repeat(40))).toMatch(
      /notes\.jpg.*not a picture/,
    );
  });

  test('a file of 0 bytes', async () => {
    expect(await failureOf('nothing.png', '')).toMatch(/nothing\.png.*empty \(0 bytes\)/);
  });

  test('a photo that ends too early', async () => {
    const { readFileSync } = await import('node:fs');
    const whole = readFileSync(samplePath('cat.jpg'));
    expect(await failureOf('half.jpg', whole.subarray(0, 9000))).toMatch(
      /half\.jpg.*(damaged|ends too early)/,
    );
  });

  test('a photo of 12,000 x 9,000 pixels, before it is decoded', async () => {
    const { default: sharp } = await import('sharp');
    const jpeg = await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: '#808080' } })
      .jpeg({ quality: 50 })
      .toBuffer();
    expect(await failureOf('huge.jpg', jpeg)).toMatch(/12.?000.*9.?000.*limit/s);
  });

  test('a missing weight file', async () => {
    const { page, context } = await open(app, 'about.html');
    await page.route('**/zfnet-imagenette.safetensors', (route) =>
      route.fulfill({ status: 404, body: 'Not found' }),
    );
    await page.goto(`${app.url}?net=zfnet-imagenette`);
    await page
      .getByRole('alert')
      .filter({ hasText: /zfnet-imagenette\.safetensors is not there/ })
      .waitFor();
    // The network is drawn all the same, and another one still works.
    await page.getByRole('group', { name: /^Diagram of ZFNet/ }).waitFor();
    await chooseNetwork(page, 'EfficientNet-Lite0');
    expect(await topFive(page)).toHaveLength(5);
    await context.close();
  });

  test('a truncated weight file, and trying again helps once it is whole', async () => {
    const { readFileSync } = await import('node:fs');
    const { page, context } = await open(app, 'about.html');
    const bytes = readFileSync(samplePath('../weights/zfnet-imagenette.safetensors')).subarray(0, 1_000_000);
    await page.route('**/zfnet-imagenette.safetensors', (route) =>
      route.fulfill({ status: 200, body: bytes }),
    );
    await page.goto(`${app.url}?net=zfnet-imagenette`);
    const alert = page.getByRole('alert').filter({ hasText: /zfnet-imagenette\.safetensors ends too early/ });
    await alert.waitFor();
    await page.unroute('**/zfnet-imagenette.safetensors');
    await alert.getByRole('button', { name: /again/i }).click();
    expect(await topFive(page)).toHaveLength(5);
    await context.close();
  });

  test('weights of one’s own that fit no network, tensor by tensor', async () => {
    const { writeSafetensors } = await import('../readers/safetensors.ts');
    const bytes = writeSafetensors([
      { name: 'layer.weight', shape: [2, 2], values: new Float32Array(4), dtype: 'F32' },
    ]);
    const path = join(folder, 'mine.safetensors');
    writeFileSync(path, bytes);
    const { page } = opened;
    const before = await topFive(page);
    await dropFile(page, path, 'mine.safetensors', 'application/octet-stream');
    const alert = page.getByRole('alert').filter({ hasText: /mine\.safetensors fits no network/ });
    await alert.waitFor();
    await alert.getByText(/Missing \(16\)/).waitFor();
    expect(await topFive(page)).toEqual(before);
  });
});

describe('axe finds no violation', () => {
  const views: readonly (readonly [name: string, path: string, options: Parameters<typeof open>[2]])[] = [
    ['network', '?net=zfnet-imagenette&layer=relu2&channel=54', {}],
    ['network, dark', '?net=zfnet-imagenette&layer=relu2&channel=54', { dark: true }],
    ['network, Korean, 1024x768', '?net=efficientnet-lite0&lang=ko', { width: 1024, height: 768 }],
    ['network, 390x844', '?net=zfnet-imagenette&layer=relu2', { width: 390, height: 844, touch: true }],
    ['digits', '?net=lenet-5-modern', {}],
    ['without weights, dark', '?net=googlenet&layer=conv1', { dark: true }],
    ['table of networks', '?view=table', {}],
    ['table of networks, dark, 390x844', '?view=table', { width: 390, height: 844, dark: true }],
  ];
  test.each(views)('%s', async (_name, path, options) => {
    const { page, context } = await open(app, path, options);
    await page.waitForLoadState('networkidle');
    if (!path.includes('view=table') && !path.includes('googlenet')) {
      // An answer or maps: at 1024 the answer waits in a drawer, on a phone the maps in a sheet.
      await page.locator('ol li, [role=option]').first().waitFor({ state: 'attached' });
    }
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  });

  test('layer table, backend chooser', async () => {
    const { page, context } = await open(app, '?net=resnet-18');
    await page.getByRole('row').nth(3).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: /thread|wasm/ }).click();
    await page.getByRole('dialog').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  });
});

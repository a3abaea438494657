import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { bomb, dropFiles, failure, notice } from './faults.ts';
import { open, startApp, type App, type OpenPage } from './harness.ts';
import { samplePath, topFive, waitForAnswer } from './steps.ts';

/** Pictures of every odd kind, on the built page: read as they are meant, or refused with a sentence. */

let app: App;
let opened: OpenPage;
let page: Page;

beforeAll(async () => {
  app = await startApp();
  opened = await open(app, '?net=zfnet-imagenette&image=sample:dogs.jpg');
  page = opened.page;
});
afterAll(() => app.close());

const side = 96;

/** A photo in small, upright: its answer is what every way of storing it must give. */
const photo = (): Sharp => sharp(samplePath('pagoda.jpg')).resize(side, side, { fit: 'fill' });

/** Frames above each other, as sharp writes animations: the photo, then black ones. */
async function animated(): Promise<Sharp> {
  const first = await photo().removeAlpha().raw().toBuffer();
  const frames = Buffer.concat([first, Buffer.alloc(first.length), Buffer.alloc(first.length)]);
  return sharp(frames, { raw: { width: side, height: 3 * side, channels: 3, pageHeight: side } });
}

/** A palette in which one colour is transparent. */
async function clearCorner(): Promise<Uint8Array> {
  const data = await photo().ensureAlpha().raw().toBuffer();
  for (let i = 0; i < 12 * side; i++) if (i % side < 12) data[4 * i + 3] = 0;
  const png = await sharp(data, { raw: { width: side, height: side, channels: 4 } })
    .png({ palette: true })
    .toBuffer();
  expect(png.includes('PLTE') && png.includes('tRNS')).toBe(true);
  return png;
}

const kinds: readonly (readonly [name: string, bytes: () => Promise<Uint8Array>])[] = [
  ['plain.png', () => photo().png().toBuffer()],
  ['progressive.jpg', () => photo().jpeg({ progressive: true, quality: 100 }).toBuffer()],
  ['turned.jpg', () => photo().rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 100 }).toBuffer()],
  ['print.jpg', () => photo().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()],
  ['deep.png', () => photo().toColourspace('rgb16').png().toBuffer()],
  ['palette.png', clearCorner],
  ['grey.jpg', () => photo().greyscale().toColourspace('b-w').jpeg({ quality: 100 }).toBuffer()],
  ['moving.gif', async () => (await animated()).gif().toBuffer()],
  ['moving.webp', async () => (await animated()).webp({ lossless: true }).toBuffer()],
];

describe('a picture', () => {
  test.each(kinds)('%s gives the answer of the photo that it shows', async (name, bytes) => {
    await dropFiles(page, [{ name: 'dogs.jpg', bytes: readFileSync(samplePath('dogs.jpg')) }]);
    await waitForAnswer(page, 'English springer');
    await dropFiles(page, [{ name, bytes: await bytes() }]);
    await waitForAnswer(page, 'church');
  });
});

const refused: readonly (readonly [name: string, bytes: () => Uint8Array, sentence: RegExp])[] = [
  ['bomb.png', () => bomb(60_000, 60_000), /bomb\.png has 60,000 x 60,000 px .*limit is 64 MP/],
  ['strip.png', () => bomb(1_000_000, 10), /strip\.png has 1,000,000 x 10 px .*limit is 16,384 px/],
  [
    'drawing.svg',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>window.mark = 1</script></svg>'),
    /drawing\.svg is in the SVG format, which this page cannot read\. Save it as JPEG or PNG/,
  ],
  [
    'film.mp4',
    () => Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isom', 'latin1'),
    /film\.mp4 is not a picture: it seems to be a video/,
  ],
  [
    'half.webp',
    () => readFileSync(samplePath('cat.jpg')).subarray(0, 3000),
    /half\.webp is damaged, or ends too early/,
  ],
];

describe('what cannot be read', () => {
  test.each(refused)('%s is refused with a sentence, and the answer stays', async (name, bytes, sentence) => {
    const before = await topFive(page);
    await dropFiles(page, [{ name, bytes: bytes() }]);
    await failure(page, sentence).waitFor();
    expect(await topFive(page)).toEqual(before);
    await failure(page, sentence).getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('a file that has gone since it was chosen is told', async () => {
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      const file = new File(['x'], 'gone.jpg');
      // What a browser does for a folder, or a file on a stick that was pulled out.
      Object.defineProperty(file, 'arrayBuffer', {
        value: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
      });
      Object.defineProperty(transfer, 'files', { value: [file] });
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    });
    await failure(page, /gone\.jpg could not be read; it may have been moved/).waitFor();
  });
});

test('of fifty files at once the first is looked at, and that is said', async () => {
  const bytes = readFileSync(samplePath('dogs.jpg'));
  const files = Array.from({ length: 50 }, (_, i) => ({ name: `dogs-${i + 1}.jpg`, bytes }));
  await dropFiles(page, files);
  await waitForAnswer(page, 'English springer');
  await notice(page, /50 files were dropped; one is looked at, at a time: dogs-1\.jpg/).waitFor();
});

test('nothing of all that reached the console', () => {
  expect(opened.problems).toEqual([]);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, ensureChromium } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import { decodeFile } from '../../src/cli/decode.ts';
import { onWhite } from '../../src/models/preprocess.ts';
import type { Pixels } from '../../src/models/preprocessing.ts';
import type { Decoded } from './decode/page.ts';

/** Chromium and Node decode a file into the same bytes: what a network answers does not depend on where it runs. */

const folder = mkdtempSync(join(tmpdir(), 'convscope-decode-'));
let server: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'decode'),
    base: './',
    build: { outDir: join(folder, 'page'), target: 'es2022' },
  });
  server = await serve(join(folder, 'page'), { port: 0 });
  browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArgs] });
  page = await browser.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'decode' in globalThis);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const inChromium = (name: string, bytes: Uint8Array): Promise<Decoded> =>
  page.evaluate(([n, b]) => globalThis.decode(n, b), [name, Buffer.from(bytes).toString('base64')] as const);

function drawing(channels: 3 | 4 = 3): Sharp {
  const [width, height] = [37, 22];
  const data = Buffer.from(
    Array.from({ length: width * height * channels }, (_, i) => {
      const [x, y, c] = [Math.floor(i / channels) % width, Math.floor(i / channels / width), i % channels];
      return c === 3 ? (x * 7) % 256 : Math.round(127 + 120 * Math.sin(x / 9 + c) * Math.cos(y / 7 - c));
    }),
  );
  return sharp(data, { raw: { width, height, channels } });
}

/** The largest difference between both decoders; pictures are laid on white, as every network sees them. */
async function difference(name: string, bytes: Uint8Array): Promise<number> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const node = await decodeFile(path);
  const chrome = await inChromium(name, bytes);
  if ('code' in chrome) throw new Error(chrome.message);
  expect([chrome.width, chrome.height]).toEqual([node.width, node.height]);
  const { width, height, base64 } = chrome;
  const pixels: Pixels = { width, height, data: Uint8ClampedArray.from(Buffer.from(base64, 'base64')) };
  const b = onWhite(pixels).data;
  let most = 0;
  onWhite(node).data.forEach((value, i) => (most = Math.max(most, Math.abs(value - b[i]!))));
  return most;
}

describe('Chromium and Node', () => {
  it.each(['cat', 'dogs', 'rocket', 'pagoda'])('decode the sample %s into the same bytes', async (name) => {
    const bytes = readFileSync(join(import.meta.dirname, `../../public/samples/${name}.jpg`));
    expect(await difference(`${name}.jpg`, bytes)).toBe(0);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turn orientation %i upright alike', async (orientation) => {
    const held = drawing().withMetadata({ orientation });
    expect(await difference('o.jpg', await held.clone().jpeg().toBuffer())).toBe(0);
    expect(await difference('o.png', await held.clone().png().toBuffer())).toBe(0);
    expect(await difference('o.webp', await held.clone().webp().toBuffer())).toBe(0);
  });

  it.each<[string, () => Sharp, number]>([
    ['grey.jpg', () => drawing().greyscale().toColourspace('b-w').jpeg(), 0],
    ['progressive.jpg', () => drawing().jpeg({ progressive: true }), 0],
    ['16-bit.png', () => drawing().toColourspace('rgb16').png(), 0],
    ['palette.png', () => drawing().png({ palette: true }), 0],
    ['profile.jpg', () => drawing().withIccProfile('p3').jpeg(), 0],
    ['profile.png', () => drawing().withIccProfile('p3').png(), 0],
    ['a.gif', () => drawing().gif(), 0],
    // A canvas stores colours multiplied by alpha in 8 bits.
    ['alpha.png', () => drawing(4).png(), 1],
    ['alpha.webp', () => drawing(4).webp({ lossless: true }), 1],
    // Each AVIF decoder rounds its own conversion from YUV.
    ['a.avif', () => drawing().avif({ effort: 1 }), 2],
  ])('decode %s alike', async (name, encoder, most) => {
    expect(await difference(name, await encoder().toBuffer())).toBeLessThanOrEqual(most);
  });

  it('decode CMYK alike, within one level', async () => {
    const bytes = readFileSync(join(import.meta.dirname, '../unit/cmyk.jpg'));
    expect(await difference('cmyk.jpg', bytes)).toBeLessThanOrEqual(1);
  });
});

describe('a file that is no picture, or a bad one', () => {
  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['text.jpg', async () => new TextEncoder().encode('no photo'), 'image-not-an-image'],
    ['empty.jpg', async () => new Uint8Array(0), 'image-empty'],
    ['cut.jpg', async () => (await drawing().jpeg().toBuffer()).subarray(0, -20), 'image-corrupt'],
    [
      'photo.heic',
      async () => new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0mif1heic'),
      'image-unsupported',
    ],
    ['scan.tif', () => drawing().tiff().toBuffer(), 'image-unsupported'],
  ])('%s is told as it is in Node', async (name, bytes, code) => {
    const path = join(folder, name);
    const content = await bytes();
    writeFileSync(path, content);
    const inNode = await decodeFile(path).catch((error: unknown) => (error as Error).message);
    expect(await inChromium(name, content)).toEqual({ code, message: inNode });
  });

  it('damage behind a good header is told by its name', async () => {
    const png = await drawing().png().toBuffer();
    png.fill(0x55, png.indexOf('IDAT') + 6, png.indexOf('IDAT') + 40);
    expect(await inChromium('damaged.png', png)).toMatchObject({
      code: 'image-corrupt',
      message: expect.stringMatching(/^damaged\.png is a damaged PNG picture/),
    });
  });

  it('a real photo of 12,000 x 9,000 pixels is refused before it is decoded', async () => {
    const raw = { width: 12_000, height: 9_000, channels: 3, background: '#357' } as const;
    const bytes = await sharp({ create: raw, limitInputPixels: false }).jpeg({ quality: 30 }).toBuffer();
    await page.evaluate(() => {
      const { createImageBitmap } = globalThis;
      Object.assign(globalThis, { bitmaps: 0 });
      globalThis.createImageBitmap = ((...picture: Parameters<typeof createImageBitmap>) => {
        (globalThis as unknown as { bitmaps: number }).bitmaps++;
        return createImageBitmap(...picture);
      }) as typeof createImageBitmap;
    });
    const bitmaps = () => page.evaluate(() => (globalThis as unknown as { bitmaps: number }).bitmaps);
    await inChromium('small.jpg', await drawing().jpeg().toBuffer());
    expect(await bitmaps()).toBe(1);
    const told = await inChromium('photo.jpg', bytes);
    expect(told).toMatchObject({
      code: 'image-too-large',
      message: expect.stringMatching(/12,000 x 9,000 pixels \(108 megapixels\); the limit is 64 megapixels/),
    });
    expect(await bitmaps()).toBe(1);
  });

  it('a bitmap, which only browsers read, is decoded', async () => {
    const bmp = new Uint8Array(58);
    const view = new DataView(bmp.buffer);
    bmp.set([0x42, 0x4d]);
    for (const [at, value] of [
      [2, 58],
      [10, 54],
      [14, 40],
      [18, 1],
      [22, 1],
    ] as const)
      view.setUint32(at, value, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, 24, true);
    bmp.set([10, 20, 30], 54);
    expect(await inChromium('a.bmp', bmp)).toEqual({
      width: 1,
      height: 1,
      base64: Buffer.from([30, 20, 10, 255]).toString('base64'),
    });
  });
});

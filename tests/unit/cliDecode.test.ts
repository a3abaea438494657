import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFile } from '../../src/cli/decode.ts';
import { ConvScopeError } from '../../src/models/errors.ts';
import type { Pixels } from '../../src/models/preprocessing.ts';

const width = 24;
const height = 16;

/** Smooth colours, so that JPEG keeps them well. */
function drawing(channels: 3 | 4 = 3): Sharp {
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = [40 + 8 * x, 200 - 6 * y, 90 + 3 * x + 2 * y, 255 - 10 * y].slice(0, channels);
      data.set(colour, (y * width + x) * channels);
    }
  }
  return sharp(data, { raw: { width, height, channels } });
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convscope-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: Sharp | Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  const plain = typeof content === 'string' || content instanceof Uint8Array;
  await writeFile(path, plain ? content : await content.toBuffer());
  return path;
}

function largestDifference(a: Pixels, b: Pixels): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}

async function failure(path: string): Promise<ConvScopeError> {
  const error: unknown = await decodeFile(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ConvScopeError) return error;
  throw new Error(`expected a ConvScopeError, got ${String(error)}`);
}

describe('decoding in Node', () => {
  it('gives the stored bytes of lossless formats', async () => {
    const expected = await drawing().ensureAlpha().raw().toBuffer();
    for (const [name, encoder] of [
      ['a.png', drawing().png()],
      ['a.webp', drawing().webp({ lossless: true })],
      ['a-16.png', drawing().toColourspace('rgb16').png()],
      ['name.says.nothing', drawing().png()],
    ] as const) {
      const pixels = await decodeFile(await file(name, encoder));
      expect([name, pixels.width, pixels.height]).toEqual([name, width, height]);
      expect([...pixels.data]).toEqual([...expected]);
    }
  });

  it('keeps straight alpha', async () => {
    const expected = await drawing(4).raw().toBuffer();
    expect([...(await decodeFile(await file('alpha.png', drawing(4).png()))).data]).toEqual([...expected]);
  });

  it('reads grey, palette, progressive, CMYK, AVIF and GIF pictures', async () => {
    const reference = await decodeFile(await file('reference.png', drawing().png()));
    const near = async (name: string, encoder: Sharp, most: number) => {
      expect(largestDifference(await decodeFile(await file(name, encoder)), reference)).toBeLessThan(most);
    };
    await near('palette.png', drawing().png({ palette: true, colours: 256, dither: 0 }), 40);
    await near('p.jpg', drawing().jpeg({ quality: 95, chromaSubsampling: '4:4:4', progressive: true }), 8);
    await near('a.avif', drawing().avif({ quality: 90, effort: 0 }), 16);
    await near('a.gif', drawing().gif({ dither: 0 }), 40);
    const grey = await decodeFile(await file('grey.png', drawing().greyscale().toColourspace('b-w').png()));
    expect(grey.data[0]).toBe(grey.data[1]);
    expect(grey.data[0]).toBe(grey.data[2]);
  });

  it('turns CMYK into the light that its inks leave', async () => {
    // Written by Pillow: left half C 51, M 102, Y 0, K 25 of 255, right half C 0, M 255, Y 128, K 0.
    const pixels = await decodeFile(fileURLToPath(new URL('cmyk.jpg', import.meta.url)));
    expect([pixels.width, pixels.height]).toEqual([16, 8]);
    const near = (x: number, expected: readonly number[]) =>
      expected.forEach((value, c) =>
        expect(Math.abs(pixels.data[x * 4 + c]! - value)).toBeLessThanOrEqual(2),
      );
    near(2, [184, 138, 230, 255]);
    near(13, [255, 0, 127, 255]);
  });

  it('ignores colour profiles, as the training did', async () => {
    const plain = await decodeFile(await file('plain.png', drawing().png()));
    const wide = await drawing().withIccProfile('p3').png().toBuffer();
    const stored = await sharp(wide, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();
    const pixels = await decodeFile(await file('wide.png', wide));
    expect([...pixels.data]).toEqual([...stored]);
    expect(largestDifference(pixels, plain)).toBeGreaterThan(5);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns EXIF orientation %i upright', async (orientation) => {
    // Turned back by hand: what was stored is the upright picture seen through the inverse of the orientation.
    const upright = await drawing().png().toBuffer();
    const stored: Record<number, Sharp> = {
      1: sharp(upright),
      2: sharp(upright).flop(),
      3: sharp(upright).rotate(180),
      4: sharp(upright).flip(),
      5: sharp(await sharp(upright).rotate(90).toBuffer()).flop(),
      6: sharp(upright).rotate(270),
      7: sharp(await sharp(upright).rotate(270).toBuffer()).flop(),
      8: sharp(upright).rotate(90),
    };
    const reference = await decodeFile(await file('upright.png', upright));
    for (const format of ['png', 'webp'] as const) {
      const turned = stored[orientation]!.clone().withMetadata({ orientation });
      const encoded = format === 'png' ? turned.png() : turned.webp({ lossless: true });
      const pixels = await decodeFile(await file(`o${orientation}.${format}`, encoded));
      expect(largestDifference(pixels, reference)).toBe(0);
    }
  });
});

describe('what cannot be decoded', () => {
  it('is told by its kind', async () => {
    const jpeg = await drawing().jpeg().toBuffer();
    expect((await failure(await file('text.jpg', 'not a photo'))).code).toBe('image-not-an-image');
    expect((await failure(await file('empty.jpg', ''))).code).toBe('image-empty');
    expect((await failure(await file('cut.jpg', jpeg.subarray(0, jpeg.length / 2)))).code).toBe(
      'image-corrupt',
    );
    expect((await failure(await file('a.heic', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'))).code).toBe(
      'image-unsupported',
    );
    expect((await failure(join(folder, 'nowhere.jpg'))).message).toMatch(
      /nowhere\.jpg cannot be read: there is no/,
    );
    expect((await failure(folder)).message).toMatch(/it is a folder/);
  });

  it('a bitmap is refused with the way out', async () => {
    const bmp = new Uint8Array(58);
    bmp.set([0x42, 0x4d]);
    const view = new DataView(bmp.buffer);
    [
      [10, 54],
      [14, 40],
      [18, 1],
      [22, 1],
    ].forEach(([at, value]) => view.setUint32(at!, value!, true));
    view.setUint16(28, 24, true);
    expect((await failure(await file('a.bmp', bmp))).message).toMatch(/BMP format.*save it as JPEG or PNG/);
  });

  it('a photo of 108 megapixels is refused from its header', async () => {
    const png = await drawing().png().toBuffer();
    png.writeUInt32BE(12_000, 16);
    png.writeUInt32BE(9_000, 20);
    const error = await failure(await file('huge.png', png));
    expect(error.code).toBe('image-too-large');
    expect(error.message).toMatch(/^huge\.png has 12,000 x 9,000 pixels .* limit is 64 megapixels/);
  });

  it('damage behind a good header is told', async () => {
    const png = await drawing().png().toBuffer();
    png.fill(0x55, png.indexOf('IDAT') + 6, png.indexOf('IDAT') + 30);
    expect((await failure(await file('damaged.png', png))).code).toBe('image-corrupt');
  });
});

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImageHeader, type Orientation } from './imageHeader.ts';
import { upright, withoutExif } from './orient.ts';

const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const width = 5;
const height = 3;
const stored = new Uint8ClampedArray(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 29) % 256));

/** What libvips makes of the same orientation. */
async function expected(orientation: Orientation) {
  const png = await sharp(stored, { raw: { width, height, channels: 4 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer();
  return sharp(png).autoOrient().raw().toBuffer({ resolveWithObject: true });
}

async function encoded(orientation: Orientation, format: 'png' | 'webp') {
  const image = sharp(stored, { raw: { width, height, channels: 4 } }).withMetadata({ orientation });
  const bytes = await (format === 'png' ? image.png() : image.webp({ lossless: true })).toBuffer();
  return new Uint8Array(bytes);
}

describe('orientation', () => {
  it.each(orientations)('%i is turned upright as libvips does', async (orientation) => {
    const { data, info } = await expected(orientation);
    const result = upright({ width, height, data: stored }, orientation);
    expect([result.width, result.height]).toEqual([info.width, info.height]);
    expect([...result.data]).toEqual([...data]);
  });

  it.each(['png', 'webp'] as const)('goes from a %s, whose picture stays', async (format) => {
    const bytes = await encoded(6, format);
    expect(readImageHeader(bytes).orientation).toBe(6);
    const plain = Buffer.concat(withoutExif(bytes, format));
    expect(readImageHeader(plain)).toEqual({ ...readImageHeader(bytes), orientation: 1 });
    const { data, info } = await sharp(plain)
      .autoOrient()
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([width, height]);
    expect([...data]).toEqual([...stored]);
  });
});

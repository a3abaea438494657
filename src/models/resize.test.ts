import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resize, type Raster, type ResizeFilter } from './resize.ts';

interface Golden {
  readonly channels: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly filter: ResizeFilter;
  readonly box: readonly [number, number, number, number] | null;
  readonly bytes: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../tests/reference/resize/pillow.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Golden[] };

/** The formula of `make_goldens.py`. */
function source(width: number, height: number, channels: number): Raster {
  const data = new Uint8Array(width * height * channels);
  let state = 12345n;
  for (let i = 0; i < data.length; i++) {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    const value = Number((state >> 16n) & 255n);
    data[i] = i % 3 === 0 ? (value > 127 ? 255 : 0) : value;
  }
  return { width, height, channels, data };
}

const rectangle = (box: Golden['box']) =>
  box === null ? undefined : { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] };

describe('resize', () => {
  it.each(cases)('gives the bytes of Pillow: $channels x $from -> $to, $filter, box $box', (golden) => {
    const image = source(...golden.from, golden.channels);
    const result = resize(image, ...golden.to, { filter: golden.filter, box: rectangle(golden.box) });
    expect([result.width, result.height, result.channels]).toEqual([...golden.to, golden.channels]);
    expect([...result.data]).toEqual([...Buffer.from(golden.bytes, 'base64')]);
  });

  it('computes a window as cutting it from the whole would give it', () => {
    const image = source(90, 70, 3);
    const whole = resize(image, 40, 30, { filter: 'bicubic' });
    const window = { x: 7, y: 11, width: 20, height: 9 };
    const part = resize(image, 40, 30, { filter: 'bicubic', window });
    const cut: number[] = [];
    for (let y = 0; y < window.height; y++) {
      const begin = ((window.y + y) * 40 + window.x) * 3;
      cut.push(...whole.data.subarray(begin, begin + window.width * 3));
    }
    expect([...part.data]).toEqual(cut);
  });

  it('keeps a picture that has the size already', () => {
    const image = source(31, 17, 3);
    expect([...resize(image, 31, 17, { filter: 'bicubic' }).data]).toEqual([...image.data]);
  });

  it('clips the overshoot of the cubic at black and white', () => {
    const data = new Uint8Array(64).map((_, i) => (i % 8 < 4 ? 0 : 255));
    const result = resize({ width: 8, height: 8, channels: 1, data }, 32, 32, { filter: 'bicubic' });
    expect([...result.data.subarray(0, 12)]).toEqual(new Array(12).fill(0));
    expect(result.data[31]).toBe(255);
  });
});

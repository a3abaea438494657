import { describe, expect, it } from 'vitest';
import type { Pixels, Preprocessing } from './preprocessing.ts';
import { onWhite, prepare, redFirst, shorterSideSize, toGrey } from './preprocess.ts';
import { resize } from './resize.ts';

const colour: Preprocessing = {
  input: [8, 8, 3],
  colour: 'rgb',
  fit: 'shorter-side',
  resize: 10,
  filter: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

function picture(width: number, height: number, at: (x: number, y: number) => readonly number[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(at(x, y), (y * width + x) * 4);
  return { width, height, data };
}

const noisy = (width: number, height: number): Pixels =>
  picture(width, height, (x, y) => [(x * 37 + y * 11) % 256, (x * 5 + y * 91) % 256, (x * y) % 256, 255]);

describe('the shorter side', () => {
  it.each([
    [500, 375, 256, [341, 256]],
    [375, 500, 256, [256, 341]],
    [640, 427, 256, [383, 256]],
    [100, 100, 224, [224, 224]],
    [12, 9, 224, [298, 224]],
  ])('of %i x %i becomes %i as torchvision truncates: %j', (width, height, shorter, expected) => {
    expect(shorterSideSize(width, height, shorter)).toEqual(expected);
  });
});

describe('prepare', () => {
  it('scales, crops the centre and reports that crop in original pixels', () => {
    const pixels = noisy(40, 20);
    const { input, seen, crop } = prepare(pixels, colour);
    expect(input.shape).toEqual([8, 8, 3]);
    expect([seen.width, seen.height]).toEqual([8, 8]);
    // 40x20 -> 20x10; the crop starts at (6, 1) there, 2 original pixels each.
    expect(crop).toEqual({ x: 12, y: 2, width: 16, height: 16 });
    const whole = resize(onWhite(pixels), 20, 10, { filter: 'bilinear' });
    const at = (1 * 20 + 6) * 3;
    expect([...seen.data.subarray(0, 4)]).toEqual([...whole.data.subarray(at, at + 3), 255]);
  });

  it('rounds the crop to even as Python does', () => {
    // Width 11 leaves 3 columns: 1.5 goes to 2; width 13 leaves 5: 2.5 goes to 2 as well.
    expect(prepare(noisy(11, 10), colour).crop.x).toBe(2);
    expect(prepare(noisy(13, 10), colour).crop.x).toBe(2);
  });

  it('normalises in the single-precision steps of torchvision', () => {
    const grey = picture(10, 10, () => [255, 128, 0, 255]);
    const { input } = prepare(grey, colour);
    const steps = (v: number, mean: number, std: number) =>
      Math.fround(Math.fround(Math.fround(v / 255) - Math.fround(mean)) / Math.fround(std));
    expect([...input.values.subarray(0, 3)]).toEqual([
      steps(255, 0.485, 0.229),
      steps(128, 0.456, 0.224),
      steps(0, 0.406, 0.225),
    ]);
  });

  it("gives Caffe's networks blue first, 0 to 255 less a mean for each of their channels", () => {
    const caffe = { order: 'bgr', mean: [104 / 255, 117 / 255, 123 / 255], std: [1, 1, 1].map((n) => n / 255) } as const; // prettier-ignore
    const { input, seen } = prepare(
      picture(10, 10, () => [200, 100, 50, 255]),
      { ...colour, ...caffe },
    );
    const [blue, green, red] = input.values;
    expect(blue).toBeCloseTo(50 - 104, 3);
    expect(green).toBeCloseTo(100 - 117, 3);
    expect(red).toBeCloseTo(200 - 123, 3);
    expect([...seen.data.subarray(0, 4)]).toEqual([200, 100, 50, 255]);
    const rgb = prepare(noisy(20, 16), colour).input.values;
    const bgr = prepare(noisy(20, 16), { ...colour, order: 'bgr', mean: colour.mean.toReversed(), std: colour.std.toReversed() }).input.values; // prettier-ignore
    const reversed = rgb.map((_, i) => rgb[i - (i % 3) + 2 - (i % 3)]!);
    expect(bgr).toEqual(reversed);
    // And back, for looking at what came from such an input.
    expect(redFirst(bgr, { colour: 'rgb', order: 'bgr' })).toEqual(rgb);
    expect(redFirst(rgb, colour)).toBe(rgb);
  });

  it('lays transparent pictures on white', () => {
    const clear = picture(10, 10, () => [10, 20, 30, 0]);
    expect([...prepare(clear, colour).seen.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    const veil = picture(1, 1, () => [100, 0, 255, 128]);
    expect([...onWhite(veil).data]).toEqual([177, 127, 255]);
  });

  it('takes grey as Pillow does: 601 luma, rounded', () => {
    const rgb = { width: 3, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 255, 0, 12, 200, 77) };
    expect([...toGrey(rgb).data]).toEqual([76, 150, 130]);
    const p = { ...colour, input: [8, 8, 1] as const, colour: 'grey' as const, mean: [0.5], std: [0.5] };
    const one = prepare(noisy(10, 10), p).input;
    expect(one.shape).toEqual([8, 8, 1]);
    // The same grey in each channel where a network of three is shown grey pictures.
    const three = { ...p, input: [8, 8, 3] as const, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
    const spread = prepare(noisy(10, 10), three).input.values;
    expect([...spread.subarray(0, 6)]).toEqual([0, 0, 0, 1, 1, 1].map((i) => one.values[i]));
  });

  it('refuses a preprocessing that contradicts itself', () => {
    expect(() => prepare(noisy(10, 10), { ...colour, resize: 7 })).toThrow(/"resize" at least as large/);
    expect(() => prepare(noisy(10, 10), { ...colour, mean: [0.5] })).toThrow(/one of each a channel/);
  });

  it('takes a picture of one pixel', () => {
    const dot = picture(1, 1, () => [7, 8, 9, 255]);
    expect([...prepare(dot, colour).seen.data.subarray(0, 4)]).toEqual([7, 8, 9, 255]);
  });
});

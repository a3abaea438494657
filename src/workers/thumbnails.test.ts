import { describe, expect, it } from 'vitest';
import { channelStats, thumbnails, thumbnailSize } from './thumbnails.ts';

describe('thumbnails by area averaging', () => {
  it('keep small maps as they are, one plane after the other', () => {
    const values = new Float32Array([1, 10, 2, 20, 3, 30, 4, 40]);
    expect(thumbnails(values, [2, 2, 2], 64)).toEqual({
      height: 2,
      width: 2,
      planes: new Float32Array([1, 2, 3, 4, 10, 20, 30, 40]),
    });
  });

  it('average whole blocks', () => {
    const values = new Float32Array(16).map((_, i) => i);
    expect(thumbnails(values, [4, 4, 1], 2).planes).toEqual(new Float32Array([2.5, 4.5, 10.5, 12.5]));
  });

  it('share values that lie on an edge', () => {
    // Three columns into two: the middle one belongs half to each.
    const { planes } = thumbnails(new Float32Array([3, 6, 9]), [1, 3, 1], 2);
    expect([...planes].map((v) => v.toFixed(5))).toEqual(['4.00000', '8.00000']);
  });

  it.each([
    [5, 7, 3],
    [13, 13, 9],
    [55, 55, 48],
    [112, 96, 64],
  ])('keep the mean of a %i x %i map at %i px', (height, width, px) => {
    const values = new Float32Array(height * width).map((_, i) => Math.sin(i * 12.9898) * 43.7);
    const small = thumbnails(values, [height, width, 1], px).planes;
    const mean = (array: Float32Array) => array.reduce((sum, v) => sum + v, 0) / array.length;
    expect(mean(small)).toBeCloseTo(mean(values), 4);
  });

  it('keep proportions and never grow', () => {
    expect(thumbnailSize(112, 56, 64)).toEqual([64, 32]);
    expect(thumbnailSize(13, 13, 64)).toEqual([13, 13]);
    expect(thumbnailSize(300, 1, 64)).toEqual([64, 1]);
  });
});

describe('statistics of channels', () => {
  it('find the first of equal maxima in row-major order', () => {
    const values = new Float32Array([0, -5, 7, -5, 7, -1, 1, -9]);
    expect(channelStats(values, [2, 2, 2])).toEqual([
      { min: 0, max: 7, mean: 3.75, y: 0, x: 1 },
      { min: -9, max: -1, mean: -5, y: 1, x: 0 },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { boxWithin, cropPixels, cropValues, outsideGrey, wholeBox } from './displayCrop.ts';

/** A picture of 3x2 whose red channel counts the pixels. */
const picture = {
  width: 3,
  height: 2,
  data: Uint8ClampedArray.from([0, 1, 2, 3, 4, 5].flatMap((n) => [n, 0, 0, 255])),
};
const reds = (data: Uint8ClampedArray): number[] => [...data].filter((_, i) => i % 4 === 0);

describe('cropping a picture to a receptive field', () => {
  it('keeps the pixels inside', () => {
    const crop = cropPixels(picture, { top: 0, left: 1, bottom: 1, right: 2 });
    expect([crop.width, crop.height]).toEqual([2, 2]);
    expect(reds(crop.data)).toEqual([1, 2, 4, 5]);
  });

  it('pads with the grey of zero past every border', () => {
    const crop = cropPixels(picture, { top: -1, left: -1, bottom: 2, right: 3 });
    const o = outsideGrey;
    expect(reds(crop.data)).toEqual([o, o, o, o, o, o, 0, 1, 2, o, o, 3, 4, 5, o, o, o, o, o, o]);
    expect([...crop.data].filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('is all grey when the box lies outside', () => {
    expect(reds(cropPixels(picture, { top: 5, left: 7, bottom: 5, right: 8 }).data)).toEqual([128, 128]);
  });

  it('is the picture itself for the whole box', () => {
    expect([...cropPixels(picture, wholeBox(3, 2)).data]).toEqual([...picture.data]);
  });

  it('cuts values of several channels', () => {
    const values = Float32Array.from({ length: 12 }, (_, i) => i);
    expect([...cropValues(values, 3, 2, { top: 1, left: 1, bottom: 1, right: 2 })]).toEqual([8, 9, 10, 11]);
  });

  it('places a clipped box inside its padded frame', () => {
    const frame = { top: -2, left: -2, bottom: 7, right: 7 };
    const inner = { top: 0, left: 0, bottom: 7, right: 7 };
    expect(boxWithin(inner, frame)).toEqual({ left: 0.2, top: 0.2, width: 0.8, height: 0.8 });
  });
});

import { describe, expect, it } from 'vitest';
import type { FeatureMaps, MapStats } from '../workers/contract.ts';
import {
  hitMosaic,
  isDead,
  layerRange,
  mapRange,
  orderChannels,
  packMosaic,
  paintPlane,
  thumbnailValue,
  tileBox,
  tileSize,
  unitAt,
  visibleTiles,
} from './mosaic.ts';
import { divergingLut, sequentialLut } from './ramps.ts';

const stats = (min: number, max: number): MapStats => ({ min, max, mean: (min + max) / 2, y: 0, x: 0 });

describe('packing maps into a grid', () => {
  it('fills rows with as many tiles as fit', () => {
    const mosaic = packMosaic(256, { width: 52, height: 52 }, 600, 3);
    expect(mosaic).toMatchObject({ columns: 10, rows: 26, width: 547, height: 26 * 55 - 3 });
  });

  it('keeps one column when nothing fits, and no more columns than maps', () => {
    expect(packMosaic(4, { width: 60, height: 60 }, 20, 3)).toMatchObject({ columns: 1, rows: 4 });
    expect(packMosaic(6, { width: 28, height: 28 }, 900, 3)).toMatchObject({ columns: 6, rows: 1 });
  });

  it('keeps units whole pixels where maps are small, and shrinks large ones', () => {
    expect(tileSize(13, 13, 56)).toEqual({ width: 52, height: 52 });
    expect(tileSize(6, 6, 56)).toEqual({ width: 54, height: 54 });
    expect(tileSize(64, 64, 56)).toEqual({ width: 64, height: 64 });
    expect(tileSize(110, 110, 56)).toEqual({ width: 56, height: 56 });
    expect(tileSize(10, 40, 56)).toEqual({ width: 40, height: 10 });
  });

  it('finds every tile again from a point inside it', () => {
    const mosaic = packMosaic(23, { width: 20, height: 10 }, 130, 4);
    for (let position = 0; position < 23; position += 1) {
      const box = tileBox(mosaic, position);
      expect(hitMosaic(mosaic, box.left + 5, box.top + 9)).toEqual({ position, u: 0.25, v: 0.9 });
    }
  });

  it('hits nothing in gaps, outside, and behind the last tile', () => {
    const mosaic = packMosaic(3, { width: 10, height: 10 }, 24, 4);
    expect(mosaic.columns).toBe(2);
    expect(hitMosaic(mosaic, 12, 5)).toBeNull();
    expect(hitMosaic(mosaic, 5, 11)).toBeNull();
    expect(hitMosaic(mosaic, 16, 16)).toBeNull();
    expect(hitMosaic(mosaic, -1, 5)).toBeNull();
    expect(hitMosaic(mosaic, 5, 400)).toBeNull();
  });

  it('knows which tiles a window shows, the last ones included', () => {
    const mosaic = packMosaic(95, { width: 10, height: 10 }, 100, 0);
    expect(visibleTiles(mosaic, 0, 30, 0)).toEqual([0, 30]);
    expect(visibleTiles(mosaic, 35, 30, 0)).toEqual([30, 70]);
    expect(visibleTiles(mosaic, 70, 30, 1)).toEqual([60, 95]);
  });
});

describe('ordering and scaling maps', () => {
  const layer = [stats(0, 2), stats(0, 0), stats(0, 5), stats(0, 2)];

  it('orders by strength with equal maps by channel', () => {
    expect(orderChannels(layer, 'channel')).toEqual([0, 1, 2, 3]);
    expect(orderChannels(layer, 'strength')).toEqual([2, 0, 3, 1]);
  });

  it('takes one range for the layer or each map its own', () => {
    const range = layerRange(layer);
    expect(range).toEqual({ low: 0, high: 5, signed: false });
    expect(mapRange(layer[0]!, range, 'layer').high).toBe(5);
    expect(mapRange(layer[0]!, range, 'map').high).toBe(2);
  });

  it('keeps a per-map range signed where the layer is, so that colours keep their meaning', () => {
    const signed = layerRange([stats(-3, 1), stats(0, 2)]);
    expect(signed).toEqual({ low: -3, high: 3, signed: true });
    expect(mapRange(stats(0, 2), signed, 'map')).toEqual({ low: -2, high: 2, signed: true });
  });

  it('calls a map dead only when it is zero everywhere', () => {
    expect(isDead(stats(0, 0))).toBe(true);
    expect(isDead(stats(-1, 0))).toBe(false);
  });
});

describe('colouring planes', () => {
  const lut = sequentialLut('light');

  it('colours from zero to the top of the range, clamped, at the place asked for', () => {
    const out = new Uint32Array(4 * 3);
    const values = new Float32Array([9, 0, 2, 4, 99]);
    paintPlane(out, 5, 4, values, 1, 2, 4, { low: 0, high: 4, signed: false }, lut);
    expect([out[5], out[6], out[9], out[10]]).toEqual([lut[0], lut[128], lut[255], lut[255]]);
    expect(out.filter((p) => p !== 0)).toHaveLength(4);
  });

  it('puts zero of a signed range in the middle', () => {
    const diverging = divergingLut('dark');
    const out = new Uint32Array(3);
    const range = { low: -2, high: 2, signed: true };
    paintPlane(out, 0, 3, new Float32Array([-2, 0, 2]), 0, 3, 3, range, diverging);
    expect([...out]).toEqual([diverging[1], diverging[128], diverging[255]]);
  });

  it('colours an empty range as zero', () => {
    const out = new Uint32Array(2);
    paintPlane(out, 0, 2, new Float32Array(2), 0, 2, 2, { low: 0, high: 0, signed: false }, lut);
    expect([...out]).toEqual([lut[0], lut[0]]);
  });
});

describe('reading a value off a thumbnail', () => {
  const maps: FeatureMaps = {
    node: 'conv1',
    shape: [4, 4, 2],
    thumbHeight: 2,
    thumbWidth: 2,
    planes: new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]),
    stats: [stats(0, 4), stats(0, 8)],
  };

  it('reads the value of the channel at the place, and says when it is a mean', () => {
    expect(thumbnailValue(maps, 1, { v: 0.9, u: 0.1 })).toEqual({ value: 7, exact: false });
    expect(thumbnailValue({ ...maps, shape: [2, 2, 2] }, 0, { v: 0, u: 0.6 })).toEqual({
      value: 2,
      exact: true,
    });
  });

  it('names the unit of the full map at that place, borders included', () => {
    expect(unitAt({ v: 0.9, u: 0.1 }, 4, 4)).toEqual({ y: 3, x: 0 });
    expect(unitAt({ v: 1, u: -0.1 }, 4, 4)).toEqual({ y: 3, x: 0 });
  });
});

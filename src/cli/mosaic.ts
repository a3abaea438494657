import type { Volume } from '../models/graph.ts';
import type { Pixels } from '../models/preprocessing.ts';
import { mapRange, packMosaic, paintPlane, tileBox } from '../viz/mosaic.ts';
import { divergingLut, sequentialLut } from '../viz/ramps.ts';
import { valueRange } from '../viz/scale.ts';

/** Whether all maps share one scale, so that they can be compared, or each uses the whole ramp. */
export type MosaicScale = 'layer' | 'map';

/** Sides that a map is enlarged towards, by whole factors, in pixels: a vector's values are small squares. */
const mapPx = 64;
const valuePx = 8;
const gapPx = 2;

/** One channel as a plane of its own. */
function plane({ shape: [height, width, channels], values }: Volume, channel: number): Float32Array {
  return Float32Array.from({ length: height * width }, (_, i) => values[i * channels + channel]!);
}

/** Every channel of an activation as a tile, in the order of channels, in the ramps of the page's light theme. */
export function drawMosaic(volume: Volume, scale: MosaicScale): Pixels {
  const [height, width, channels] = volume.shape;
  const side = Math.max(height, width);
  const zoom = Math.max(1, Math.round((side === 1 ? valuePx : mapPx) / side));
  const tile = { width: width * zoom, height: height * zoom };
  const columns = Math.ceil(Math.sqrt((channels * tile.height) / tile.width));
  const mosaic = packMosaic(channels, tile, columns * (tile.width + gapPx), gapPx);
  const pixels = new Uint32Array(mosaic.width * mosaic.height).fill(0xffffffff);

  const planes = Array.from({ length: channels }, (_, channel) => plane(volume, channel));
  const extremes = planes.map((values) => ({
    min: values.reduce((a, b) => Math.min(a, b), Infinity),
    max: values.reduce((a, b) => Math.max(a, b), -Infinity),
    mean: 0,
    y: 0,
    x: 0,
  }));
  const layer = valueRange(
    Math.min(...extremes.map(({ min }) => min)),
    Math.max(...extremes.map(({ max }) => max)),
  );
  const lut = layer.signed ? divergingLut('light') : sequentialLut('light');
  const small = new Uint32Array(height * width);
  planes.forEach((values, channel) => {
    const range = mapRange(extremes[channel]!, layer, scale);
    paintPlane(small, 0, width, values, 0, width, values.length, range, lut);
    const { left, top } = tileBox(mosaic, channel);
    for (let y = 0; y < tile.height; y++) {
      for (let x = 0; x < tile.width; x++) {
        const from = Math.floor(y / zoom) * width + Math.floor(x / zoom);
        pixels[(top + y) * mosaic.width + left + x] = small[from]!;
      }
    }
  });
  return { width: mosaic.width, height: mosaic.height, data: new Uint8ClampedArray(pixels.buffer) };
}

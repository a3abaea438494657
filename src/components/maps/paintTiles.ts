import type { FeatureMaps } from '../../workers/contract.ts';
import { mapRange, paintPlane, tileBox, type Mosaic } from '../../viz/mosaic.ts';
import { divergingLut, sequentialLut, type RampTheme } from '../../viz/ramps.ts';
import type { ValueRange } from '../../viz/scale.ts';

export interface TilesStyle {
  readonly scale: 'layer' | 'map';
  readonly range: ValueRange;
  readonly theme: RampTheme;
}

/** A layer whose activation is a vector has no maps to colour: its values are drawn as bars. */
export function isVector({ shape }: Pick<FeatureMaps, 'shape'>): boolean {
  return shape[0] === 1 && shape[1] === 1;
}

/** Bars reach from the smallest to the largest value, with zero in between: their length says it, not their colour. */
export function barRange({ stats }: FeatureMaps): { low: number; high: number } {
  return stats.reduce(
    ({ low, high }, { min, max }) => ({ low: Math.min(low, min), high: Math.max(high, max) }),
    { low: 0, high: 0 },
  );
}

/**
 * Paints the tiles at positions [first, last) of the mosaic, shifted up by `top` CSS pixels, at `ratio` device pixels a
 * CSS pixel. Colours at the thumbnails' own resolution; the canvas enlarges, so that a unit is a crisp square.
 */
export function paintTiles(
  context: CanvasRenderingContext2D,
  maps: FeatureMaps,
  order: readonly number[],
  mosaic: Mosaic,
  [first, last]: readonly [number, number],
  top: number,
  ratio: number,
  style: TilesStyle,
): void {
  if (isVector(maps)) paintBars(context, maps, order, mosaic, [first, last], top, ratio);
  else paintMaps(context, maps, order, mosaic, [first, last], top, ratio, style);
}

function paintMaps(
  context: CanvasRenderingContext2D,
  maps: FeatureMaps,
  order: readonly number[],
  mosaic: Mosaic,
  [first, last]: readonly [number, number],
  top: number,
  ratio: number,
  { scale, range, theme }: TilesStyle,
): void {
  const { thumbWidth, thumbHeight, planes, stats } = maps;
  const size = thumbWidth * thumbHeight;
  const lut = range.signed ? divergingLut(theme) : sequentialLut(theme);
  const strip = document.createElement('canvas');
  strip.width = thumbWidth * mosaic.columns;
  strip.height = thumbHeight;
  const stripContext = strip.getContext('2d', { willReadFrequently: true });
  if (!stripContext || strip.width === 0) return;
  const image = stripContext.createImageData(strip.width, strip.height);
  const packed = new Uint32Array(image.data.buffer);
  context.imageSmoothingEnabled = mosaic.tileWidth * ratio < thumbWidth;
  for (let rowStart = first; rowStart < last; rowStart += mosaic.columns) {
    const rowEnd = Math.min(last, rowStart + mosaic.columns);
    for (let position = rowStart; position < rowEnd; position += 1) {
      const channel = order[position]!;
      const own = mapRange(stats[channel]!, range, scale);
      const start = (position - rowStart) * thumbWidth;
      paintPlane(packed, start, strip.width, planes, channel * size, thumbWidth, size, own, lut);
    }
    stripContext.putImageData(image, 0, 0);
    for (let position = rowStart; position < rowEnd; position += 1) {
      const box = tileBox(mosaic, position);
      context.drawImage(
        strip,
        (position - rowStart) * thumbWidth,
        0,
        thumbWidth,
        thumbHeight,
        Math.round(box.left * ratio),
        Math.round((box.top - top) * ratio),
        Math.round(box.width * ratio),
        Math.round(box.height * ratio),
      );
    }
  }
}

function paintBars(
  context: CanvasRenderingContext2D,
  maps: FeatureMaps,
  order: readonly number[],
  mosaic: Mosaic,
  [first, last]: readonly [number, number],
  top: number,
  ratio: number,
): void {
  const { low, high } = barRange(maps);
  const colours = getComputedStyle(document.documentElement);
  const [bar, negative, line] = ['--accent', '--op-output', '--line-strong'].map((name) =>
    colours.getPropertyValue(name),
  );
  const span = high - low;
  for (let position = first; position < last; position += 1) {
    const box = tileBox(mosaic, position);
    const value = maps.planes[order[position]!] ?? 0;
    const perUnit = span > 0 ? box.height / span : 0;
    const zero = box.top - top + (span > 0 ? (box.height * high) / span : box.height);
    const height = Math.min(Math.abs(value) * perUnit, box.height);
    context.fillStyle = line ?? '';
    context.fillRect(box.left * ratio, Math.round(zero * ratio) - 1, (box.width + mosaic.gap) * ratio, 1);
    context.fillStyle = (value < 0 ? negative : bar) ?? '';
    context.fillRect(
      Math.round(box.left * ratio),
      (value < 0 ? zero : zero - height) * ratio,
      Math.round(box.width * ratio),
      height * ratio,
    );
  }
}

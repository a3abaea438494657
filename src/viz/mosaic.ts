import type { FeatureMaps, MapStats } from '../workers/contract.ts';
import type { Lut } from './ramps.ts';
import { valueRange, type ValueRange } from './scale.ts';

/** Where the maps of a layer stand: a grid of equal tiles, in CSS pixels, filled row by row. */
export interface Mosaic {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly gap: number;
  readonly width: number;
  readonly height: number;
}

export interface TileBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A place in the mosaic: which tile (by position, not by channel) and where in it, 0..1 from its top left. */
export interface MosaicHit {
  readonly position: number;
  readonly v: number;
  readonly u: number;
}

/** Packs `count` tiles into as many columns as fit into `width`, at least one. */
export function packMosaic(
  count: number,
  tile: { readonly width: number; readonly height: number },
  width: number,
  gap: number,
): Mosaic {
  const fitting = Math.floor((width + gap) / (tile.width + gap));
  const columns = Math.max(1, Math.min(fitting, Math.max(1, count)));
  const rows = Math.ceil(count / columns);
  return {
    count,
    columns,
    rows,
    tileWidth: tile.width,
    tileHeight: tile.height,
    gap,
    width: columns * (tile.width + gap) - gap,
    height: Math.max(0, rows * (tile.height + gap) - gap),
  };
}

/**
 * The size of a tile for maps of `[height, width]`: a whole multiple of the map near `target`, so that
 * units stay square and sharp; only maps well above it are scaled down.
 */
export function tileSize(height: number, width: number, target: number): { width: number; height: number } {
  const side = Math.max(height, width);
  const zoom = side >= 1.3 * target ? target / side : Math.max(1, Math.round(target / side));
  return { width: Math.max(1, Math.round(width * zoom)), height: Math.max(1, Math.round(height * zoom)) };
}

export function tileBox(mosaic: Mosaic, position: number): TileBox {
  const column = position % mosaic.columns;
  const row = Math.floor(position / mosaic.columns);
  return {
    left: column * (mosaic.tileWidth + mosaic.gap),
    top: row * (mosaic.tileHeight + mosaic.gap),
    width: mosaic.tileWidth,
    height: mosaic.tileHeight,
  };
}

/** The tile under a point of the mosaic, or null in a gap and outside. */
export function hitMosaic(mosaic: Mosaic, x: number, y: number): MosaicHit | null {
  const column = Math.floor(x / (mosaic.tileWidth + mosaic.gap));
  const row = Math.floor(y / (mosaic.tileHeight + mosaic.gap));
  const u = (x - column * (mosaic.tileWidth + mosaic.gap)) / mosaic.tileWidth;
  const v = (y - row * (mosaic.tileHeight + mosaic.gap)) / mosaic.tileHeight;
  const position = row * mosaic.columns + column;
  const outside = column < 0 || column >= mosaic.columns || row < 0 || position >= mosaic.count;
  return outside || u >= 1 || v >= 1 ? null : { position, v, u };
}

/** First and last position (exclusive) of the tiles that a window of the mosaic shows, whole rows. */
export function visibleTiles(
  mosaic: Mosaic,
  top: number,
  height: number,
  overscanRows = 1,
): [number, number] {
  const pitch = mosaic.tileHeight + mosaic.gap;
  const first = Math.max(0, Math.floor(top / pitch) - overscanRows);
  const last = Math.min(mosaic.rows, Math.ceil((top + height) / pitch) + overscanRows);
  return [Math.min(mosaic.count, first * mosaic.columns), Math.min(mosaic.count, last * mosaic.columns)];
}

/** The channels in the order of the grid. By strength: the largest value first, equal ones by channel. */
export function orderChannels(stats: readonly MapStats[], order: 'channel' | 'strength'): readonly number[] {
  const channels = stats.map((_, channel) => channel);
  if (order === 'channel') return channels;
  return channels.sort((a, b) => stats[b]!.max - stats[a]!.max || a - b);
}

/** A map that is zero everywhere: its filter answered nothing to this image. */
export function isDead(stats: MapStats): boolean {
  return stats.max === 0 && stats.min === 0;
}

/** One range for the whole layer: from zero to the layer's largest value, symmetric if anything is negative. */
export function layerRange(stats: readonly MapStats[]): ValueRange {
  let min = Infinity;
  let max = -Infinity;
  for (const s of stats) {
    min = Math.min(min, s.min);
    max = Math.max(max, s.max);
  }
  return stats.length === 0 ? valueRange(0, 0) : valueRange(min, max);
}

/** The range of one map under a scale; a per-map range is signed wherever the layer is, so that colours keep their meaning. */
export function mapRange(stats: MapStats, layer: ValueRange, scale: 'layer' | 'map'): ValueRange {
  if (scale === 'layer') return layer;
  const own = valueRange(stats.min, stats.max);
  if (!layer.signed || own.signed) return own;
  return { low: -own.high, high: own.high, signed: true };
}

/**
 * Colours `length` values from `start` into packed RGBA at `out[outStart...]`, `rowLength` values a row and
 * `outRowLength` pixels from one row of `out` to the next. An empty range colours as zero; NaN too.
 */
export function paintPlane(
  out: Uint32Array,
  outStart: number,
  outRowLength: number,
  values: Float32Array,
  start: number,
  rowLength: number,
  length: number,
  range: ValueRange,
  lut: Lut,
): void {
  const zero = range.signed ? 128 : 0;
  const factor = range.high > 0 ? (range.signed ? 127 : 255) / range.high : 0;
  let target = outStart;
  for (let row = 0; row < length; row += rowLength) {
    for (let x = 0; x < rowLength; x += 1) {
      // Clamping by comparison is several times faster than Math.min in this loop.
      let entry = (values[start + row + x]! * factor + zero + 0.5) | 0;
      if (entry < 0) entry = 0;
      else if (entry > 255) entry = 255;
      out[target + x] = lut[entry]!;
    }
    target += outRowLength;
  }
}

/** The unit `[y, x]` of a map of `[height, width]` at a place of its tile. */
export function unitAt(
  hit: { readonly v: number; readonly u: number },
  height: number,
  width: number,
): { y: number; x: number } {
  return {
    y: Math.min(height - 1, Math.max(0, Math.floor(hit.v * height))),
    x: Math.min(width - 1, Math.max(0, Math.floor(hit.u * width))),
  };
}

/** What the thumbnail of a channel shows at a place: the unit's value, or the mean of a few where it is scaled down. */
export function thumbnailValue(
  maps: FeatureMaps,
  channel: number,
  hit: { readonly v: number; readonly u: number },
): { value: number; exact: boolean } {
  const { thumbHeight, thumbWidth, planes, shape } = maps;
  const { y, x } = unitAt(hit, thumbHeight, thumbWidth);
  return {
    value: planes[(channel * thumbHeight + y) * thumbWidth + x] ?? Number.NaN,
    exact: thumbHeight === shape[0] && thumbWidth === shape[1],
  };
}

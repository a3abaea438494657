import type { FeatureMaps } from '../../workers/contract.ts';
import { layerRange, orderChannels, packMosaic, tileSize } from '../../viz/mosaic.ts';
import type { RampTheme } from '../../viz/ramps.ts';
import { formatValue } from '../../viz/numbers.ts';
import { barRange, isVector, paintTiles } from './paintTiles.ts';
import { fileName, savePng } from './savePng.ts';

export interface MapsStyle {
  readonly order: 'channel' | 'strength';
  readonly scale: 'layer' | 'map';
  readonly theme: RampTheme;
}

const marginPx = 16;
const headPx = 44;

/** All maps of a layer as one picture with its heading and range, about as wide as high. */
export function drawMaps(maps: FeatureMaps, style: MapsStyle, heading: string): HTMLCanvasElement {
  const order = orderChannels(maps.stats, style.order);
  const range = layerRange(maps.stats);
  const tile = isVector(maps) ? { width: 8, height: 64 } : tileSize(maps.thumbHeight, maps.thumbWidth, 56);
  const width = Math.max(480, Math.ceil(Math.sqrt(order.length * tile.width * tile.height) * 1.3));
  const mosaic = packMosaic(order.length, tile, width, 4);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(width, mosaic.width) + 2 * marginPx;
  canvas.height = mosaic.height + headPx + 2 * marginPx;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to draw the maps on.');
  const dark = style.theme === 'dark';
  context.fillStyle = dark ? '#141416' : '#fbfaf7';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.save();
  context.translate(marginPx, marginPx + headPx);
  paintTiles(context, maps, order, mosaic, [0, order.length], 0, 1, { ...style, range });
  context.restore();
  context.fillStyle = dark ? '#e9e7e2' : '#1c1b19';
  context.font = "600 16px 'IBM Plex Sans', 'IBM Plex Sans KR', sans-serif";
  context.fillText(heading, marginPx, marginPx + 14);
  context.font = "13px 'IBM Plex Mono', monospace";
  const { low, high } = isVector(maps) ? barRange(maps) : range;
  const ends = style.scale === 'layer' || isVector(maps) ? `${formatValue(low)} … ${formatValue(high)}` : '';
  context.fillText(ends, marginPx, marginPx + 34);
  return canvas;
}

export async function saveMaps(
  maps: FeatureMaps,
  style: MapsStyle,
  heading: string,
  name: readonly string[],
): Promise<void> {
  await savePng(drawMaps(maps, style, heading), fileName([...name, 'maps'], 'png'));
}

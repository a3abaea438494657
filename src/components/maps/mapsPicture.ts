import type { FeatureMaps } from '../../workers/contract.ts';
import { isDead, layerRange, orderChannels, packMosaic, tileBox, tileSize } from '../../viz/mosaic.ts';
import { divergingLut, sequentialLut, type RampTheme } from '../../viz/ramps.ts';
import { formatValue } from '../../viz/numbers.ts';
import type { ValueRange } from '../../viz/scale.ts';
import { barRange, isVector, paintTiles } from './paintTiles.ts';
import { fileName, savePng } from './savePng.ts';

export interface MapsStyle {
  readonly order: 'channel' | 'strength';
  readonly scale: 'layer' | 'map';
  readonly theme: RampTheme;
}

const marginPx = 16;
const headPx = 52;

/** What stands over the maps: their heading, and what their colours (or bars) mean where they have no common scale. */
export interface MapsText {
  readonly heading: string;
  readonly ownScale: string;
}

/** All maps of a layer as one picture with its heading and scale, about as wide as high. */
export function drawMaps(maps: FeatureMaps, style: MapsStyle, text: MapsText): HTMLCanvasElement {
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
  context.strokeStyle = dark ? '#55555b' : '#b9b3a7';
  order.forEach((channel, position) => {
    if (isVector(maps) || !isDead(maps.stats[channel]!)) return;
    const box = tileBox(mosaic, position);
    context.beginPath();
    context.moveTo(box.left, box.top);
    context.lineTo(box.left + box.width, box.top + box.height);
    context.stroke();
  });
  context.restore();
  context.fillStyle = dark ? '#e9e7e2' : '#1c1b19';
  context.font = "600 16px 'IBM Plex Sans', 'IBM Plex Sans KR', sans-serif";
  context.fillText(text.heading, marginPx, marginPx + 14);
  context.font = "13px 'IBM Plex Sans', 'IBM Plex Sans KR', sans-serif";
  if (isVector(maps)) {
    const { low, high } = barRange(maps);
    context.fillText(`${formatValue(low)} … ${formatValue(high)}`, marginPx, marginPx + 36);
  } else if (style.scale === 'map') context.fillText(text.ownScale, marginPx, marginPx + 36);
  else drawScale(context, range, style.theme);
  return canvas;
}

function drawScale(context: CanvasRenderingContext2D, range: ValueRange, theme: RampTheme): void {
  const lut = range.signed ? divergingLut(theme) : sequentialLut(theme);
  const bar = context.createImageData(lut.length, 10);
  const packed = new Uint32Array(bar.data.buffer);
  for (let row = 0; row < bar.height; row += 1) packed.set(lut, row * lut.length);
  const low = formatValue(range.low);
  const left = marginPx + context.measureText(low).width + 8;
  context.fillText(low, marginPx, marginPx + 36);
  context.putImageData(bar, Math.round(left), marginPx + 26);
  context.fillText(formatValue(range.high), left + bar.width + 8, marginPx + 36);
}

export async function saveMaps(
  maps: FeatureMaps,
  style: MapsStyle,
  text: MapsText,
  name: readonly string[],
): Promise<void> {
  await savePng(drawMaps(maps, style, text), fileName([...name, 'maps'], 'png'));
}

import type { Pixels } from '../../models/preprocessing.ts';
import type { GalleryTile } from './galleryTiles.ts';
import { savePng } from './savePng.ts';

export interface GalleryFigure {
  readonly tiles: readonly GalleryTile[];
  /** Under each tile. */
  readonly captions: readonly string[];
  readonly head: string;
  /** Lines under all tiles: how they were made. */
  readonly notes: readonly string[];
}

const columns = 3;
const sidePx = 168;
const gapPx = 4;
const marginPx = 24;
const captionPx = 24;
const linePx = 22;
const headPx = 34;

/** The gallery as one picture that explains itself: three tiles a row, each a patch and its projection. */
export function drawGallery({ tiles, captions, head, notes }: GalleryFigure): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const tileWidth = 2 * sidePx + gapPx;
  const tileHeight = sidePx + captionPx;
  const rows = Math.ceil(tiles.length / columns);
  const tilesHeight = rows * tileHeight + Math.max(0, rows - 1) * (marginPx / 2);
  canvas.width = columns * tileWidth + (columns + 1) * marginPx;
  canvas.height = headPx + tilesHeight + notes.length * linePx + 2 * marginPx;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to draw the gallery on.');
  context.fillStyle = '#fbfaf7';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  const write = (text: string, left: number, baseline: number, px: number, weight = 400) => {
    context.fillStyle = '#1c1b19';
    context.font = `${weight} ${px}px 'IBM Plex Sans', 'IBM Plex Sans KR', sans-serif`;
    context.fillText(text, left, baseline, canvas.width - marginPx - left);
  };
  write(head, marginPx, marginPx + 14, 17, 600);
  tiles.forEach(({ patch, projection }, i) => {
    const left = marginPx + (i % columns) * (tileWidth + marginPx);
    const top = marginPx + headPx + Math.floor(i / columns) * (tileHeight + marginPx / 2);
    drawInto(context, patch, left, top);
    drawInto(context, projection, left + sidePx + gapPx, top);
    write(captions[i] ?? '', left, top + sidePx + 17, 14);
  });
  notes.forEach((line, i) => {
    write(line, marginPx, marginPx + headPx + tilesHeight + (i + 1) * linePx, 14);
  });
  return canvas;
}

/** Draws pixels as large as a square allows, in its middle. */
function drawInto(context: CanvasRenderingContext2D, pixels: Pixels, left: number, top: number): void {
  const { width, height, data } = pixels;
  const small = document.createElement('canvas');
  small.width = width;
  small.height = height;
  small.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  const zoom = sidePx / Math.max(width, height);
  const [w, h] = [width * zoom, height * zoom];
  context.drawImage(small, left + (sidePx - w) / 2, top + (sidePx - h) / 2, w, h);
}

export async function saveGallery(figure: GalleryFigure, name: string): Promise<void> {
  await savePng(drawGallery(figure), name);
}

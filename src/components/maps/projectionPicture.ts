import type { Pixels } from '../../models/preprocessing.ts';
import type { Projection } from '../../workers/contract.ts';
import { displayRgba, displayScale, type DisplayScale } from '../../viz/display.ts';
import { boxSize, boxWithin, cropPixels, cropValues, type PixelBox } from '../../viz/displayCrop.ts';
import { savePng } from './savePng.ts';

/** Full contrast at the largest |v|, or at the 99.5th percentile of |v| inside the field. */
export type Contrast = 'max' | 'p99.5';

export interface ProjectionPicture {
  readonly pixels: Pixels;
  readonly scale: DisplayScale;
}

/**
 * A projection as display pixels. The percentile is taken inside the field: outside it everything is zero, and for a
 * small field the percentile of the whole picture would be zero too.
 */
export function projectionPicture(
  { image, box }: Pick<Projection, 'image' | 'box'>,
  contrast: Contrast,
): ProjectionPicture {
  const [height, width, channels] = image.shape;
  const inside = cropValues(image.values, width, channels, box);
  const scale = displayScale(inside, contrast === 'max' ? 100 : 99.5);
  return { pixels: { width, height, data: displayRgba(image.values, channels, scale.s) }, scale };
}

export interface Figure {
  readonly seen: Pixels;
  readonly projection: Pixels;
  readonly frame: PixelBox;
  readonly box: PixelBox;
  /** Lines under the pictures: what they are and how they were made. */
  readonly captions: readonly string[];
}

const sidePx = 448;
const marginPx = 24;
const linePx = 22;

/** Patch and projection side by side with their caption, as one picture that explains itself. */
export function drawFigure({ seen, projection, frame, box, captions }: Figure): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const { width, height } = boxSize(frame);
  const zoom = sidePx / Math.max(width, height);
  const shown = { width: Math.round(width * zoom), height: Math.round(height * zoom) };
  canvas.width = 2 * shown.width + 3 * marginPx;
  canvas.height = shown.height + 2 * marginPx + captions.length * linePx + 8;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to draw the figure on.');
  context.fillStyle = '#fbfaf7';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  [seen, projection].forEach((pixels, i) => {
    const crop = cropPixels(pixels, frame);
    const small = document.createElement('canvas');
    small.width = width;
    small.height = height;
    small.getContext('2d')?.putImageData(new ImageData(crop.data, width, height), 0, 0);
    const left = marginPx + i * (shown.width + marginPx);
    context.drawImage(small, left, marginPx, shown.width, shown.height);
    const outline = boxWithin(box, frame);
    context.strokeStyle = '#2f6f6b';
    context.lineWidth = 2;
    context.strokeRect(
      left + outline.left * shown.width,
      marginPx + outline.top * shown.height,
      outline.width * shown.width,
      outline.height * shown.height,
    );
  });
  context.fillStyle = '#1c1b19';
  context.font = "15px 'IBM Plex Sans', 'IBM Plex Sans KR', sans-serif";
  captions.forEach((line, i) => {
    context.fillText(
      line,
      marginPx,
      shown.height + marginPx + (i + 1) * linePx + 4,
      canvas.width - 2 * marginPx,
    );
  });
  return canvas;
}

export async function saveFigure(figure: Figure, name: string): Promise<void> {
  await savePng(drawFigure(figure), name);
}

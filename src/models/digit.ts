import { ConvScopeError } from './errors.ts';
import type { Shape } from './graph.ts';
import type { Crop, Pixels } from './preprocessing.ts';
import { extractInk, workingGrey } from './ink.ts';
import { resize, type Raster, type Rectangle } from './resize.ts';

/** Sides of the MNIST recipe, in pixels: the digit's box, and the field that it is centred in. */
const boxPx = 20;
const fieldPx = 28;

/** The smallest rectangle around all ink, or null without any. */
export function inkBounds({ width, height, data }: Raster): Rectangle | null {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Column and row of the centre of mass, as pixel indices. */
function centreOfMass({ width, data }: Raster): readonly [x: number, y: number] {
  let mass = 0;
  let momentX = 0;
  let momentY = 0;
  data.forEach((ink, i) => {
    mass += ink;
    momentX += ink * (i % width);
    momentY += ink * Math.floor(i / width);
  });
  return [momentX / mass, momentY / mass];
}

/** Thin strokes fade when they are scaled down; MNIST's reach full white, so that the strongest here does too. */
function stretch(raster: Raster): Raster {
  const strongest = Math.max(...raster.data);
  return { ...raster, data: Uint8ClampedArray.from(raster.data, (v) => (v * 255) / strongest) };
}

function paste(target: Uint8ClampedArray, targetWidth: number, source: Raster, x: number, y: number): void {
  for (let row = 0; row < source.height; row++) {
    const line = source.data.subarray(row * source.width, (row + 1) * source.width);
    target.set(line, (y + row) * targetWidth + x);
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/**
 * A digit as MNIST shows it (LeCun et al. 1998, and the data set's own page): ink white on black, its bounding box
 * scaled into 20x20 with the aspect kept, its centre of mass at the middle of 28x28 (pixel 14, by whole pixels), and a
 * black border up to the network's input. Pen on paper and chalk on a board both work. Error: 'no-ink'.
 */
export function digitInk(pixels: Pixels, input: Shape): { readonly raster: Raster; readonly crop: Crop } {
  const [height, width] = input;
  const working = workingGrey(pixels);
  const ink = extractInk(working.grey);
  const bounds = ink === null ? null : inkBounds(ink);
  if (ink === null || bounds === null) {
    throw new ConvScopeError(
      'no-ink',
      'No digit was found: the picture is blank, or its strokes hardly differ from the background. ' +
        'Draw a digit, or use a picture of one dark on light or light on dark.',
    );
  }
  const longer = Math.max(bounds.width, bounds.height);
  const scaledWidth = Math.max(Math.round((bounds.width * boxPx) / longer), 1);
  const scaledHeight = Math.max(Math.round((bounds.height * boxPx) / longer), 1);
  const digit = stretch(resize(ink, scaledWidth, scaledHeight, { filter: 'bilinear', box: bounds }));

  const [massX, massY] = centreOfMass(digit);
  const border = { x: Math.floor((width - fieldPx) / 2), y: Math.floor((height - fieldPx) / 2) };
  const x = border.x + clamp(Math.round(fieldPx / 2 - massX), 0, fieldPx - scaledWidth);
  const y = border.y + clamp(Math.round(fieldPx / 2 - massY), 0, fieldPx - scaledHeight);
  const data = new Uint8ClampedArray(width * height);
  paste(data, width, digit, x, y);

  const across = (bounds.width / scaledWidth) * working.reduction.x;
  const down = (bounds.height / scaledHeight) * working.reduction.y;
  const crop = {
    x: bounds.x * working.reduction.x - x * across,
    y: bounds.y * working.reduction.y - y * down,
    width: width * across,
    height: height * down,
  };
  return { raster: { width, height, channels: 1, data }, crop };
}

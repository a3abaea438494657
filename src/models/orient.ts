import type { Orientation } from './imageHeaderBytes.ts';
import type { Pixels } from './preprocessing.ts';

/** For each EXIF orientation: whether rows and columns change places, then whether columns and rows are mirrored. */
const turns: Readonly<Record<Orientation, readonly [swap: boolean, mirrorX: boolean, mirrorY: boolean]>> = {
  1: [false, false, false],
  2: [false, true, false],
  3: [false, true, true],
  4: [false, false, true],
  5: [true, false, false],
  6: [true, true, false],
  7: [true, true, true],
  8: [true, false, true],
};

/** A stored picture turned upright as its EXIF orientation says (EXIF 2.3, tag 0x0112). */
export function upright(pixels: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return pixels;
  const [swap, mirrorX, mirrorY] = turns[orientation];
  const width = swap ? pixels.height : pixels.width;
  const height = swap ? pixels.width : pixels.height;
  const source = new Uint32Array(pixels.data.buffer, pixels.data.byteOffset, width * height);
  const result = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = mirrorX ? width - 1 - x : x;
      const v = mirrorY ? height - 1 - y : y;
      result[y * width + x] = source[swap ? u * pixels.width + v : v * pixels.width + u]!;
    }
  }
  return { width, height, data: new Uint8ClampedArray(result.buffer) };
}

/**
 * The bytes of a PNG or WebP without their EXIF data. Browsers disagree about orientation outside JPEG (Chromium turns
 * PNG, not WebP): without it none of them turns anything, and `upright` does.
 */
export function withoutExif(
  file: Uint8Array<ArrayBuffer>,
  format: 'png' | 'webp',
): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const kind = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (format === 'png') {
    for (let at = 8; at + 12 <= file.length;) {
      const next = at + 12 + view.getUint32(at);
      if (kind(at + 4) === 'eXIf') return [file.subarray(0, at), file.subarray(next)];
      at = next;
    }
    return [file];
  }
  const copy = file.slice();
  for (let at = 12; at + 8 <= file.length;) {
    const length = view.getUint32(at + 4, true);
    // A chunk of unknown kind is skipped; the header's flag that announces EXIF has to go as well.
    if (kind(at) === 'VP8X') copy[at + 8]! &= ~0x08;
    if (kind(at) === 'EXIF') copy.set([0x78, 0x78, 0x78, 0x78], at);
    at += 8 + length + (length & 1);
  }
  return [copy];
}

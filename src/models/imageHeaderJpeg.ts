import { exifOrientation, Malformed, type Bytes, type Found, type Orientation } from './imageHeaderBytes.ts';

/** Start-of-frame markers (ITU-T T.81, table B.1) that browsers do not decode. */
const refusedFrames: Readonly<Record<number, string>> = {
  0xc3: 'lossless JPEG',
  0xc5: 'hierarchical JPEG',
  0xc6: 'hierarchical JPEG',
  0xc7: 'hierarchical JPEG',
  0xc9: 'arithmetic-coded JPEG',
  0xca: 'arithmetic-coded JPEG',
  0xcb: 'lossless JPEG',
  0xcd: 'hierarchical JPEG',
  0xce: 'hierarchical JPEG',
  0xcf: 'hierarchical JPEG',
};

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
const END = 0xd9;
const SCAN = 0xda;

/** The marker at or after `at` (fill bytes skipped) and where its contents start. */
function nextMarker(bytes: Bytes, at: number): { readonly marker: number; readonly after: number } {
  if (bytes.u8(at) !== 0xff) throw new Malformed('a marker was expected');
  let position = at;
  while (bytes.u8(position) === 0xff) position++;
  return { marker: bytes.u8(position), after: position + 1 };
}

/** Whether the end-of-image marker follows the entropy-coded data of the scan whose header starts at `at`. */
function reachesEnd(bytes: Bytes, at: number): boolean {
  let position = at;
  while (position >= 0 && position + 1 < bytes.length) {
    position = bytes.raw.indexOf(0xff, position);
    if (position < 0 || position + 1 >= bytes.length) return false;
    const marker = bytes.u8(position + 1);
    if (marker === END) return true;
    // Stuffed zeros, restarts and fill bytes belong to the coded data; anything else is a segment to step over.
    if (marker === 0 || isRestart(marker)) position += 2;
    else if (marker === 0xff) position += 1;
    else if (position + 4 > bytes.length) return false;
    else position += 2 + bytes.u16(position + 2);
  }
  return false;
}

export function readJpeg(bytes: Bytes): Found {
  let frame: { marker: number; bitDepth: number; width: number; height: number; channels: number } | null =
    null;
  let orientation: Orientation | null = null;
  let position = 2;
  for (;;) {
    const { marker, after } = nextMarker(bytes, position);
    if (marker === END) throw new Malformed('it ends before a picture');
    if (marker === 0x01 || isRestart(marker)) {
      position = after;
      continue;
    }
    const length = bytes.u16(after);
    if (length < 2) throw new Malformed('a segment has no length');
    if (isFrame(marker)) {
      frame = {
        marker,
        bitDepth: bytes.u8(after + 2),
        height: bytes.u16(after + 3),
        width: bytes.u16(after + 5),
        channels: bytes.u8(after + 7),
      };
    } else if (marker === 0xe1 && length >= 8 && bytes.ascii(after + 2, 6) === 'Exif\0\0') {
      orientation ??= exifOrientation(bytes, after + 8);
    }
    position = after + length;
    if (marker === SCAN) break;
  }
  if (frame === null) throw new Malformed('it has no frame header');
  if (![1, 3, 4].includes(frame.channels)) throw new Malformed(`it has ${frame.channels} colour channels`);
  const refused = frame.bitDepth === 8 ? refusedFrames[frame.marker] : `${frame.bitDepth}-bit JPEG`;
  return {
    width: frame.width,
    height: frame.height,
    orientation: orientation ?? 1,
    bitDepth: frame.bitDepth,
    colour: frame.channels === 1 ? 'grey' : frame.channels === 3 ? 'rgb' : 'cmyk',
    alpha: false,
    animated: false,
    complete: reachesEnd(bytes, position),
    ...(refused === undefined ? {} : { refused }),
  };
}

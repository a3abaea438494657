import { exifOrientation, Malformed, type Bytes, type Found, type Orientation } from './imageHeaderBytes.ts';

const pngColours: Readonly<Record<number, Pick<Found, 'colour' | 'alpha'>>> = {
  0: { colour: 'grey', alpha: false },
  2: { colour: 'rgb', alpha: false },
  3: { colour: 'palette', alpha: false },
  4: { colour: 'grey', alpha: true },
  6: { colour: 'rgb', alpha: true },
};

export function readPng(bytes: Bytes): Found {
  if (bytes.u32(8) !== 13 || bytes.ascii(12, 4) !== 'IHDR') throw new Malformed('it has no header chunk');
  const layout = pngColours[bytes.u8(25)];
  if (layout === undefined) throw new Malformed(`its colour type ${bytes.u8(25)} does not exist`);
  const [width, height, bitDepth] = [bytes.u32(16), bytes.u32(20), bytes.u8(24)];
  let orientation: Orientation | null = null;
  let { alpha } = layout;
  let [animated, complete, hasData] = [false, false, false];
  for (let at = 8; at + 12 <= bytes.length;) {
    const [length, kind] = [bytes.u32(at), bytes.ascii(at + 4, 4)];
    if (kind === 'tRNS') alpha = true;
    if (kind === 'acTL') animated = true;
    if (kind === 'eXIf') orientation ??= exifOrientation(bytes, at + 8);
    if (kind === 'IDAT') hasData = true;
    at += 12 + length;
    if (kind === 'IEND') {
      complete = hasData && at <= bytes.length;
      break;
    }
  }
  const { colour } = layout;
  return { width, height, orientation: orientation ?? 1, bitDepth, colour, alpha, animated, complete };
}

/** The position after a GIF's chain of sub-blocks. */
function skipSubBlocks(bytes: Bytes, at: number): number {
  let position = at;
  while (bytes.u8(position) !== 0) position += bytes.u8(position) + 1;
  return position + 1;
}

const gifTable = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

export function readGif(bytes: Bytes): Found {
  const [width, height, flags] = [bytes.u16le(6), bytes.u16le(8), bytes.u8(10)];
  let frames = 0;
  let alpha = false;
  try {
    for (let at = 13 + gifTable(flags); bytes.u8(at) !== 0x3b;) {
      if (bytes.u8(at) === 0x21) {
        if (bytes.u8(at + 1) === 0xf9 && frames === 0) alpha = (bytes.u8(at + 3) & 1) === 1;
        at = skipSubBlocks(bytes, at + 2);
      } else if (bytes.u8(at) === 0x2c) {
        at = skipSubBlocks(bytes, at + 11 + gifTable(bytes.u8(at + 9)));
        frames++;
        if (frames > 1) break;
      } else throw new Malformed('a block of unknown kind');
    }
  } catch (error) {
    // Only the first frame is shown: what is broken after it does not matter.
    if (frames === 0 && error instanceof Malformed) throw error;
    if (!(error instanceof RangeError || error instanceof Malformed)) throw error;
  }
  const complete = frames > 0;
  return {
    width,
    height,
    orientation: 1,
    bitDepth: 8,
    colour: 'palette',
    alpha,
    animated: frames > 1,
    complete,
  };
}

export function readWebp(bytes: Bytes): Found {
  const complete = bytes.u32le(4) + 8 <= bytes.length;
  const base = { orientation: 1, bitDepth: 8, colour: 'rgb', animated: false, complete } as const;
  const kind = bytes.ascii(12, 4);
  if (kind === 'VP8 ') {
    if (bytes.u24le(23) !== 0x2a019d) throw new Malformed('it has no key frame');
    return { ...base, width: bytes.u16le(26) & 0x3fff, height: bytes.u16le(28) & 0x3fff, alpha: false };
  }
  if (kind === 'VP8L') {
    if (bytes.u8(20) !== 0x2f) throw new Malformed('its lossless signature is missing');
    const bits = bytes.u32le(21);
    const size = { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    return { ...base, ...size, alpha: ((bits >>> 28) & 1) === 1 };
  }
  if (kind !== 'VP8X') throw new Malformed('its first chunk is of unknown kind');
  const flags = bytes.u8(20);
  let orientation: Orientation | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = bytes.u32le(at + 4);
    if (bytes.ascii(at, 4) === 'EXIF') {
      const prefixed = length >= 6 && at + 14 <= bytes.length && bytes.ascii(at + 8, 6) === 'Exif\0\0';
      orientation ??= exifOrientation(bytes, at + (prefixed ? 14 : 8));
    }
    at += 8 + length + (length & 1);
  }
  return {
    ...base,
    width: bytes.u24le(24) + 1,
    height: bytes.u24le(27) + 1,
    orientation: orientation ?? 1,
    alpha: (flags & 0x10) !== 0,
    animated: (flags & 0x02) !== 0,
  };
}

export function readBmp(bytes: Bytes): Found {
  const headerSize = bytes.u32le(14);
  const old = headerSize === 12;
  if (!old && headerSize < 40) throw new Malformed('its header has an unknown size');
  const width = old ? bytes.u16le(18) : bytes.i32le(18);
  // A negative height says that the rows run from top to bottom.
  const height = Math.abs(old ? bytes.u16le(20) : bytes.i32le(22));
  const bits = bytes.u16le(old ? 24 : 28);
  const compression = old ? 0 : bytes.u32le(30);
  // The length of run-length coded rows is not known beforehand; the decoder has to find their end.
  const plain = compression === 0 || compression === 3 || compression === 6;
  const needed = Math.ceil((width * bits) / 32) * 4 * height;
  return {
    width,
    height,
    orientation: 1,
    bitDepth: bits <= 8 ? bits : 8,
    colour: bits <= 8 ? 'palette' : 'rgb',
    alpha: bits === 32 && headerSize >= 56,
    animated: false,
    complete: !plain || bytes.u32le(10) + needed <= bytes.length,
  };
}

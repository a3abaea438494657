/**
 * Reading numbers from a file's bytes. Every read past the end throws a RangeError (DataView does), which
 * `readImageHeader` turns into 'image-corrupt': a truncated file needs no check of its own anywhere else.
 */
export interface Bytes {
  readonly length: number;
  readonly raw: Uint8Array;
  u8(at: number): number;
  /** Big-endian. */
  u16(at: number): number;
  u32(at: number): number;
  /** Little-endian. */
  u16le(at: number): number;
  u24le(at: number): number;
  u32le(at: number): number;
  i32le(at: number): number;
  /** One character a byte. */
  ascii(at: number, length: number): string;
}

export function bytesOf(raw: Uint8Array): Bytes {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return {
    length: raw.length,
    raw,
    u8: (at) => view.getUint8(at),
    u16: (at) => view.getUint16(at),
    u32: (at) => view.getUint32(at),
    u16le: (at) => view.getUint16(at, true),
    u24le: (at) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16),
    u32le: (at) => view.getUint32(at, true),
    i32le: (at) => view.getInt32(at, true),
    ascii: (at, length) => {
      let text = '';
      for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(at + i));
      return text;
    },
  };
}

/** EXIF's eight ways a camera can be held; 1 is upright, 5 to 8 swap width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/**
 * The orientation tag of EXIF data that starts (with its TIFF header) at `at`; 1 where it has none or makes no sense,
 * because a broken tag is no reason to refuse a picture. A file's first EXIF data counts, as in browsers; a file of
 * nothing else would take for ever if all were read.
 */
export function exifOrientation(bytes: Bytes, at: number): Orientation {
  try {
    const little = bytes.ascii(at, 2) === 'II';
    const u16 = little ? bytes.u16le : bytes.u16;
    const u32 = little ? bytes.u32le : bytes.u32;
    const directory = at + u32(at + 4);
    for (let i = 0; i < u16(directory); i++) {
      const entry = directory + 2 + i * 12;
      if (u16(entry) !== 0x0112) continue;
      const value = u16(entry + 8);
      return value >= 1 && value <= 8 ? (value as Orientation) : 1;
    }
    return 1;
  } catch (error) {
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/** What a format's reader finds; `refused` names a variant that browsers do not decode. */
export interface Found {
  /** As stored, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** Bits of one channel's sample (of a palette: of its index). */
  readonly bitDepth: number;
  readonly colour: 'grey' | 'rgb' | 'palette' | 'cmyk';
  readonly alpha: boolean;
  /** Only the first frame is looked at. */
  readonly animated: boolean;
  /** False where the file ends before its picture does. */
  readonly complete: boolean;
  readonly refused?: string;
}

/** Thrown by readers where the bytes contradict the format. */
export class Malformed extends Error {}

import { isoBrands } from './imageHeaderIso.ts';
import type { Bytes } from './imageHeaderBytes.ts';

/** What a file is, by its first bytes. */
export type Nature =
  | { readonly kind: 'readable'; readonly format: ImageFormat }
  | { readonly kind: 'unsupported'; readonly format: string }
  | { readonly kind: 'other'; readonly seems: Seems };

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'avif';

/** What a file that is no picture seems to be, with the English for it. */
export const seemsPhrases = {
  text: 'a text file',
  html: 'a web page (HTML)',
  xml: 'an XML file',
  json: 'a JSON file',
  pdf: 'a PDF document',
  zip: 'a ZIP archive or an office document',
  archive: 'a compressed archive',
  video: 'a video',
  audio: 'a sound file',
  safetensors: 'a file of network weights (safetensors)',
  program: 'a program',
  unknown: 'something else (its first bytes belong to no picture format)',
} as const;
export type Seems = keyof typeof seemsPhrases;

/** Signatures at position 0, one character a byte. */
const signatures: readonly (readonly [signature: string, nature: Nature])[] = [
  ['\xff\xd8\xff', { kind: 'readable', format: 'jpeg' }],
  ['\x89PNG\r\n\x1a\n', { kind: 'readable', format: 'png' }],
  ['GIF87a', { kind: 'readable', format: 'gif' }],
  ['GIF89a', { kind: 'readable', format: 'gif' }],
  ['II*\0', { kind: 'unsupported', format: 'TIFF' }],
  ['MM\0*', { kind: 'unsupported', format: 'TIFF' }],
  ['II+\0', { kind: 'unsupported', format: 'TIFF' }],
  ['MM\0+', { kind: 'unsupported', format: 'TIFF' }],
  ['\xff\x0a', { kind: 'unsupported', format: 'JPEG XL' }],
  ['\0\0\0\x0cJXL ', { kind: 'unsupported', format: 'JPEG XL' }],
  ['\0\0\0\x0cjP  ', { kind: 'unsupported', format: 'JPEG 2000' }],
  ['\xff\x4f\xff\x51', { kind: 'unsupported', format: 'JPEG 2000' }],
  ['8BPS', { kind: 'unsupported', format: 'Photoshop' }],
  ['gimp xcf', { kind: 'unsupported', format: 'GIMP' }],
  ['\0\0\x01\0', { kind: 'unsupported', format: 'icon' }],
  ['FUJIFILMCCD-RAW', { kind: 'unsupported', format: 'camera raw' }],
  ['%PDF-', { kind: 'other', seems: 'pdf' }],
  ['PK\x03\x04', { kind: 'other', seems: 'zip' }],
  ['PK\x05\x06', { kind: 'other', seems: 'zip' }],
  ['\x1f\x8b', { kind: 'other', seems: 'archive' }],
  ['BZh', { kind: 'other', seems: 'archive' }],
  ['7z\xbc\xaf\x27\x1c', { kind: 'other', seems: 'archive' }],
  ['Rar!\x1a\x07', { kind: 'other', seems: 'archive' }],
  ['\xfd7zXZ', { kind: 'other', seems: 'archive' }],
  ['\x28\xb5\x2f\xfd', { kind: 'other', seems: 'archive' }],
  ['\x1aE\xdf\xa3', { kind: 'other', seems: 'video' }],
  ['ID3', { kind: 'other', seems: 'audio' }],
  ['OggS', { kind: 'other', seems: 'audio' }],
  ['fLaC', { kind: 'other', seems: 'audio' }],
  ['\x7fELF', { kind: 'other', seems: 'program' }],
  ['MZ', { kind: 'other', seems: 'program' }],
];

/** `RIFF` and `ftyp` files say further in what they hold. */
function container(bytes: Bytes): Nature | null {
  if (bytes.length >= 12 && bytes.ascii(0, 4) === 'RIFF') {
    const form = bytes.ascii(8, 4);
    if (form === 'WEBP') return { kind: 'readable', format: 'webp' };
    return { kind: 'other', seems: form === 'WAVE' ? 'audio' : 'video' };
  }
  const brands = isoBrands(bytes);
  if (brands === null) return null;
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) {
    return { kind: 'readable', format: 'avif' };
  }
  if (brands.some((brand) => /^(hei|hev|mif1|msf1)/.test(brand)))
    return { kind: 'unsupported', format: 'HEIC' };
  if (brands[0] === 'crx ') return { kind: 'unsupported', format: 'camera raw' };
  return { kind: 'other', seems: brands[0]!.startsWith('M4A') ? 'audio' : 'video' };
}

/** Two letters are too few to tell a bitmap from a text that starts with "BM": its header's size must fit too. */
function isBmp(bytes: Bytes): boolean {
  if (bytes.length < 2 || bytes.ascii(0, 2) !== 'BM') return false;
  return bytes.length < 18 ? !isText(bytes) : [12, 40, 52, 56, 64, 108, 124].includes(bytes.u32le(14));
}

/** A safetensors file starts with the length of its JSON header. */
function isSafetensors(bytes: Bytes): boolean {
  if (bytes.length < 10 || bytes.u32le(4) !== 0) return false;
  return bytes.u32le(0) <= bytes.length - 8 && bytes.ascii(8, 2) === '{"';
}

function isText(bytes: Bytes): boolean {
  const head = bytes.raw.subarray(0, 1024);
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32))) return false;
  try {
    // The sample may end inside a character: `stream` forgives that, and nothing else.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return head.every((byte) => byte !== 127);
  }
}

function textKind(bytes: Bytes): Nature {
  const head = new TextDecoder()
    .decode(bytes.raw.subarray(0, 1024))
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (/^<svg\b/i.test(head) || (/^(<\?xml|<!--|<!DOCTYPE svg)/i.test(head) && /<svg\b/i.test(head))) {
    return { kind: 'unsupported', format: 'SVG' };
  }
  if (/^P[1-7]\s/.test(head)) return { kind: 'unsupported', format: 'Netpbm' };
  if (/^<(!doctype html|html|head|body)/i.test(head)) return { kind: 'other', seems: 'html' };
  if (/^<\?xml/i.test(head)) return { kind: 'other', seems: 'xml' };
  if (/^[{[]\s*["{[\]}\d]/.test(head)) return { kind: 'other', seems: 'json' };
  return { kind: 'other', seems: 'text' };
}

/** What the bytes of a file (at least one) are: a picture to read, one that is not supported, or no picture. */
export function natureOf(bytes: Bytes): Nature {
  const head = bytes.ascii(0, Math.min(bytes.length, 16));
  const known = signatures.find(([signature]) => head.startsWith(signature));
  if (known !== undefined) return known[1];
  const contained = container(bytes);
  if (contained !== null) return contained;
  if (isBmp(bytes)) return { kind: 'readable', format: 'bmp' };
  if (isSafetensors(bytes)) return { kind: 'other', seems: 'safetensors' };
  if (/^P[4-6]\s/.test(head)) return { kind: 'unsupported', format: 'Netpbm' };
  return isText(bytes) ? textKind(bytes) : { kind: 'other', seems: 'unknown' };
}

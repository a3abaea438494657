import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConvScopeError } from './errors.ts';
import { MAX_PIXELS, MAX_SIDE, readImageHeader } from './imageHeader.ts';

/** A small picture with some structure, so that encoders have scans to write. */
function drawing(width = 23, height = 14, channels: 3 | 4 = 3) {
  const data = Buffer.from(Array.from({ length: width * height * channels }, (_, i) => (i * 37) % 256));
  return sharp(data, { raw: { width, height, channels } });
}

function bmp(width: number, height: number): Uint8Array {
  const row = Math.ceil((Math.abs(width) * 24) / 32) * 4;
  const bytes = new Uint8Array(54 + row * Math.abs(height));
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return bytes;
}

const text = (value: string) => new TextEncoder().encode(value);
const ftyp = (brand: string) => text(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1${brand}`);

function failure(bytes: Uint8Array, name?: string): ConvScopeError {
  try {
    readImageHeader(bytes, name);
  } catch (error) {
    if (error instanceof ConvScopeError) return error;
    throw error;
  }
  throw new Error('it was read');
}

/** Every kind of file that the tests below read, truncate and damage. */
let files: Readonly<Record<string, Uint8Array>> = {};
beforeAll(async () => {
  files = {
    jpeg: await drawing().jpeg().toBuffer(),
    'progressive jpeg': await drawing().jpeg({ progressive: true }).toBuffer(),
    'grey jpeg': await drawing().greyscale().toColourspace('b-w').jpeg().toBuffer(),
    'cmyk jpeg': await drawing().toColourspace('cmyk').jpeg().toBuffer(),
    png: await drawing().png().toBuffer(),
    'alpha png': await drawing(23, 14, 4).png().toBuffer(),
    'palette png': await drawing().png({ palette: true, colours: 16 }).toBuffer(),
    '16-bit png': await drawing().toColourspace('rgb16').png().toBuffer(),
    'grey png': await drawing().greyscale().toColourspace('b-w').png().toBuffer(),
    gif: await drawing().gif().toBuffer(),
    webp: await drawing().webp().toBuffer(),
    'lossless webp': await drawing(23, 14, 4).webp({ lossless: true }).toBuffer(),
    'extended webp': await drawing()
      .withExif({ IFD0: { Copyright: 'nobody' } })
      .webp()
      .toBuffer(),
    avif: await drawing(64, 48).avif({ effort: 0 }).toBuffer(),
    'alpha avif': await drawing(64, 48, 4).avif({ effort: 0 }).toBuffer(),
    bmp: bmp(23, 14),
    'top-down bmp': bmp(23, -14),
  };
});

describe('the header', () => {
  it.each([
    ['jpeg', { format: 'jpeg', colour: 'rgb', bitDepth: 8, alpha: false }],
    ['progressive jpeg', { format: 'jpeg', colour: 'rgb' }],
    ['grey jpeg', { format: 'jpeg', colour: 'grey' }],
    ['cmyk jpeg', { format: 'jpeg', colour: 'cmyk' }],
    ['png', { format: 'png', colour: 'rgb', bitDepth: 8, alpha: false }],
    ['alpha png', { format: 'png', colour: 'rgb', alpha: true }],
    ['palette png', { format: 'png', colour: 'palette', bitDepth: 4 }],
    ['16-bit png', { format: 'png', colour: 'rgb', bitDepth: 16 }],
    ['grey png', { format: 'png', colour: 'grey' }],
    ['gif', { format: 'gif', colour: 'palette', animated: false }],
    ['webp', { format: 'webp', alpha: false }],
    ['lossless webp', { format: 'webp', alpha: true }],
    ['extended webp', { format: 'webp', alpha: false }],
    ['bmp', { format: 'bmp', colour: 'rgb' }],
    ['top-down bmp', { format: 'bmp', colour: 'rgb' }],
  ])('of a %s tells its size and kind', (file, expected) => {
    expect(readImageHeader(files[file]!)).toMatchObject({
      width: 23,
      height: 14,
      orientation: 1,
      ...expected,
    });
  });

  it('of an AVIF tells its size, depth and alpha', () => {
    const expected = { format: 'avif', width: 64, height: 48, bitDepth: 8 };
    expect(readImageHeader(files['avif']!)).toMatchObject({ ...expected, alpha: false });
    expect(readImageHeader(files['alpha avif']!)).toMatchObject({ ...expected, alpha: true });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'tells the EXIF orientation %i of JPEG, PNG and WebP',
    async (orientation) => {
      const held = drawing().withMetadata({ orientation });
      for (const encoded of [held.clone().jpeg(), held.clone().png(), held.clone().webp()]) {
        expect(readImageHeader(await encoded.toBuffer())).toMatchObject({
          width: 23,
          height: 14,
          orientation,
        });
      }
    },
  );

  it('reads big-endian EXIF and ignores a broken tag', () => {
    const exif = (value: number) =>
      `\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(value)}\0\0\0\0\0\0`;
    const insert = (segment: string) => {
      const jpeg = files['jpeg']!;
      return Uint8Array.from([...jpeg.slice(0, 2), ...Buffer.from(segment, 'latin1'), ...jpeg.slice(2)]);
    };
    expect(readImageHeader(insert(exif(6))).orientation).toBe(6);
    expect(readImageHeader(insert(exif(9))).orientation).toBe(1);
    expect(readImageHeader(insert(exif(0))).orientation).toBe(1);
    expect(readImageHeader(insert('\xff\xe1\0\x0aExif\0\0MM')).orientation).toBe(1);
  });
});

describe('what is no picture', () => {
  it('an empty file is told as such', () => {
    const error = failure(new Uint8Array(0), 'cat.jpg');
    expect(error.code).toBe('image-empty');
    expect(error.message).toMatch(/^cat\.jpg is empty \(0 bytes\)/);
  });

  it.each([
    ['hello, this is no photo\n', 'text'],
    ['안녕하세요, 사진이 아닙니다', 'text'],
    ['BM is how this text starts, and it goes on', 'text'],
    ['<!doctype html><title>404</title>', 'html'],
    ['<?xml version="1.0"?><note/>', 'xml'],
    ['{"error": "not found"}', 'json'],
    ['[1, 2]', 'json'],
    ['%PDF-1.7\n%\xe2\xe3', 'pdf'],
    ['PK\x03\x04rest', 'zip'],
    ['\x7fELF\x02\x01', 'program'],
    ['\0\0\0\x18ftypisom\0\0\0\0isommp42', 'video'],
    ['RIFF\x10\0\0\0WAVEfmt ', 'audio'],
    ['\x10\0\0\0\0\0\0\0{"weight":  {}}  ', 'safetensors'],
    ['\x01\x02\x03\x04\x80', 'unknown'],
  ])('%j is refused as %s', (content, seems) => {
    const error = failure(text(content), 'cat.jpg');
    expect(error.code).toBe('image-not-an-image');
    expect(error.details).toEqual({ name: 'cat.jpg', seems });
    expect(error.message).toMatch(/^cat\.jpg is not a picture: it seems to be .* Choose a JPEG, PNG/);
  });

  it.each([
    ['HEIC', ftyp('heic')],
    ['HEIC', ftyp('mif1')],
    ['TIFF', text('II*\0\x08\0\0\0')],
    ['TIFF', text('MM\0*\0\0\0\x08')],
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['SVG', text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['JPEG XL', Uint8Array.of(0xff, 0x0a, 1, 2)],
    ['JPEG 2000', text('\0\0\0\x0cjP  \r\n')],
    ['Photoshop', text('8BPS\0\x01')],
    ['Netpbm', text('P6\n2 2\n255\n')],
  ])('%s is refused with the way out', (format, bytes) => {
    const error = failure(bytes, 'photo');
    expect(error.code).toBe('image-unsupported');
    expect(error.details).toEqual({ name: 'photo', format });
    expect(error.message).toMatch(/JPEG|PNG/);
  });

  it('a TIFF that sharp wrote is refused', async () => {
    expect(failure(await drawing().tiff().toBuffer()).details['format']).toBe('TIFF');
  });

  it('JPEG variants that browsers do not decode are refused by their names', () => {
    const variant = (marker: number, bits: number) => {
      const bytes = Uint8Array.from(files['jpeg']!);
      const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
      bytes.set([marker, bytes[frame + 2]!, bytes[frame + 3]!, bits], frame + 1);
      return failure(bytes).details['format'];
    };
    expect(variant(0xc3, 8)).toBe('lossless JPEG');
    expect(variant(0xc9, 8)).toBe('arithmetic-coded JPEG');
    expect(variant(0xc1, 12)).toBe('12-bit JPEG');
  });
});

describe('what is too large', () => {
  /** The header of a PNG that claims a size; its data never comes. */
  const claim = (width: number, height: number) => {
    const bytes = Uint8Array.from(files['png']!);
    const view = new DataView(bytes.buffer);
    view.setUint32(16, width);
    view.setUint32(20, height);
    return bytes;
  };

  it('is refused from the header, with the limit stated', () => {
    const error = failure(claim(12_000, 9_000), 'photo.png');
    expect(error.code).toBe('image-too-large');
    expect(error.message).toMatch(/12,000 x 9,000 pixels \(108 megapixels\); the limit is 64 megapixels/);
    expect(error.details).toMatchObject({ width: 12_000, height: 9_000, limit: '64 MP' });
    expect(error.details['size']).toBe('12,000 x 9,000 px (108 MP)');
    expect(failure(claim(MAX_SIDE + 1, 1)).details['limit']).toBe('16,384 px');
    expect(failure(claim(2 ** 31, 2 ** 31)).code).toBe('image-too-large');
  });

  it('is nothing up to the limit', () => {
    expect(readImageHeader(claim(8_000, MAX_PIXELS / 8_000)).width).toBe(8_000);
    expect(readImageHeader(claim(MAX_SIDE, 3)).width).toBe(MAX_SIDE);
  });
});

describe('truncation and damage', () => {
  it('never crash: every prefix of every file is refused with a sentence', () => {
    for (const [kind, bytes] of Object.entries(files)) {
      // A GIF's one picture is whole before the file's last byte, the trailer.
      const needed = kind === 'gif' ? bytes.length - 1 : bytes.length;
      for (let length = 0; length < needed; length++) {
        const error = failure(bytes.subarray(0, length), kind);
        expect(['image-empty', 'image-not-an-image', 'image-corrupt']).toContain(error.code);
        if (length >= 32) expect([kind, length, error.code]).toEqual([kind, length, 'image-corrupt']);
      }
    }
  });

  it('never crash: any byte may be wrong', () => {
    for (const bytes of Object.values(files)) {
      for (let at = 0; at < Math.min(bytes.length, 700); at++) {
        for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
          const damaged = Uint8Array.from(bytes);
          damaged[at] = value;
          try {
            readImageHeader(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(ConvScopeError);
          }
        }
      }
    }
  });

  it('bytes after the end of the picture do no harm', () => {
    for (const [kind, bytes] of Object.entries(files)) {
      if (kind.includes('avif')) continue;
      const longer = Uint8Array.from([...bytes, 0, 0, 1, 2, 3]);
      expect(readImageHeader(longer)).toEqual(readImageHeader(bytes));
    }
  });

  it('a picture without width is damaged', () => {
    expect(failure(bmp(0, 4)).code).toBe('image-corrupt');
    expect(failure(bmp(-4, 4)).code).toBe('image-corrupt');
  });
});

import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { seeded, type Random } from '../../tests/readers/mutate.ts';
import { ConvScopeError } from './errors.ts';
import { MAX_PIXELS, MAX_SIDE, readImageHeader } from './imageHeader.ts';

/** Pictures that are damaged by chance (seeded) and pictures that are made to take long: a header or a known error. */

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const word = (n: number) => Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
const wordLe = (n: number) => word(n).reverse();

function bmp(): Uint8Array {
  const bytes = new Uint8Array(54 + 72 * 14);
  bytes.set(latin1('BM'));
  [bytes.length, 0, 54, 40, 23, 14, 0x180001].forEach((n, i) => bytes.set(wordLe(n), 2 + 4 * i));
  return bytes;
}

let files: readonly Uint8Array[] = [];
beforeAll(async () => {
  const data = Buffer.from(Array.from({ length: 23 * 14 * 4 }, (_, i) => (i * 37) % 256));
  const drawn = () => sharp(data, { raw: { width: 23, height: 14, channels: 4 } });
  const held = () => drawn().withMetadata({ orientation: 6 });
  const written = [
    held().jpeg(),
    held().jpeg({ progressive: true }),
    held().png(),
    drawn().png({ palette: true, colours: 16 }),
    drawn().gif(),
    held().webp(),
    drawn().webp({ lossless: true }),
    drawn().avif({ effort: 0 }),
  ];
  files = [...(await Promise.all(written.map((picture) => picture.toBuffer()))), bmp()];
});

type Outcome = { readonly kind: 'read' | 'refused' } | { readonly kind: 'wrong'; readonly why: string };

function judge(bytes: Uint8Array): Outcome {
  try {
    const { width, height, orientation } = readImageHeader(bytes, 'a picture');
    const fits = Math.max(width, height) <= MAX_SIDE && width * height <= MAX_PIXELS;
    const counts = [width, height, orientation].every((n) => Number.isInteger(n) && n >= 1);
    return fits && counts && orientation <= 8 ? { kind: 'read' } : wrong(`${width} x ${height}`);
  } catch (error) {
    if (!(error instanceof ConvScopeError) || !error.code.startsWith('image-')) return wrong(String(error));
    const sentence = error.message.startsWith('a picture ') && error.message.length < 500;
    return sentence ? { kind: 'refused' } : wrong(error.message);
  }
}
const wrong = (why: string): Outcome => ({ kind: 'wrong', why });

const tokens = [
  'IHDR',
  'IDAT',
  'IEND',
  'eXIf',
  'tRNS',
  'VP8X',
  'VP8L',
  'EXIF',
  'meta',
  'iprp',
  'ipco',
  'ispe',
  'auxC',
]
  .concat([
    '\xff\xd8',
    '\xff\xc0',
    '\xff\xda',
    '\xff\xe1',
    '\xff\xd9',
    'Exif\0\0',
    'II*\0',
    'MM\0*',
    '\x2c',
    '\x21\xf9',
  ])
  .map(latin1);
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0];

/** One of the pictures with one to four kinds of damage, mostly near its beginning, where its structure is. */
function damaged(random: Random): Uint8Array {
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  let bytes = pick(files);
  for (let n = 1 + below(4); n > 0 && bytes.length > 0; n--) {
    const at = below(random() < 0.8 ? Math.min(bytes.length, 400) : bytes.length);
    const from = pick(files);
    const start = below(from.length);
    const put = pick([
      Uint8Array.of(below(256)),
      word(pick(extremes)),
      wordLe(pick(extremes)),
      pick(tokens),
      from.subarray(start, start + below(64)),
      new Uint8Array(0),
    ]);
    const gone = pick([0, put.length, below(32)]);
    bytes = joined(bytes.subarray(0, at), put, bytes.subarray(at + gone));
    if (random() < 0.1) bytes = bytes.subarray(0, below(bytes.length + 1));
  }
  return bytes;
}

describe('damaged pictures', () => {
  it('give a header within the bounds or an error that says what is wrong', () => {
    const random = seeded(11);
    const kinds = { read: 0, refused: 0, wrong: 0 };
    const findings: unknown[] = [];
    for (let index = 0; index < 8000; index++) {
      const outcome = judge(damaged(random));
      kinds[outcome.kind]++;
      if (outcome.kind === 'wrong') findings.push([index, outcome.why]);
    }
    expect(findings).toEqual([]);
    // A run whose inputs were all refused, or all read, would test nothing.
    expect(Math.min(kinds.read, kinds.refused)).toBeGreaterThan(500);
  });
});

/** `unit` again and again, to about so many bytes. */
const repeated = (unit: Uint8Array, bytes: number): Uint8Array =>
  new Uint8Array(Buffer.alloc(Math.ceil(bytes / unit.length) * unit.length, unit));

const MiB = 2 ** 20;
/** EXIF data that says that its directory lies so far behind it. */
const exif = (offset: number) => joined(latin1('II*\0'), wordLe(offset));
/** A directory of 65,535 entries, none of them the orientation. */
const directory = () => repeated(Uint8Array.of(0xff, 0xff), 65_535 * 12 + 2);

describe('a picture that is made to take long', () => {
  const png = (body: Uint8Array) => joined(files[2]!.subarray(0, 33), body, files[2]!.subarray(33));

  it('names a directory of EXIF data in each of a million chunks: the first one counts', () => {
    const chunk = joined(word(8), latin1('eXIf'), exif(8 * MiB), word(0));
    expect(judge(png(joined(repeated(chunk, 8 * MiB), repeated(Uint8Array.of(255), 4 * MiB)))).kind).toBe(
      'refused',
    );
    const own = joined(word(65_535 * 12 + 10), latin1('eXIf'), exif(8), directory(), word(0));
    expect(judge(png(joined(own, repeated(joined(word(0), latin1('eXIf'), word(0)), 4 * MiB)))).kind).toBe(
      'read',
    );
  });

  it('says so in each segment of a JPEG and in each chunk of a WebP', () => {
    const jpeg = joined(Uint8Array.of(0xff, 0xe1, 0, 16), latin1('Exif\0\0'), exif(6 * MiB));
    const far = repeated(Uint8Array.of(255), 8 * MiB);
    expect(judge(joined(latin1('\xff\xd8'), repeated(jpeg, 8 * MiB), far)).kind).toBe('refused');
    const webp = joined(latin1('EXIF'), wordLe(8), exif(6 * MiB));
    const head = joined(latin1('RIFF'), wordLe(18 * MiB), latin1('WEBPVP8X'), wordLe(10), new Uint8Array(10));
    expect(judge(joined(head, repeated(webp, 8 * MiB), far)).kind).toBe('refused');
  });

  it('has millions of empty boxes, brands or frames', () => {
    const ftyp = joined(word(16), latin1('ftypavif'), word(0));
    const boxes = repeated(joined(word(8), latin1('free')), 16 * MiB);
    expect(() => readImageHeader(joined(ftyp, boxes))).toThrow('over 10000 boxes');
    const brands = joined(word(16 * MiB), latin1('ftypavif'), repeated(latin1('mif1'), 16 * MiB));
    expect(judge(brands).kind).toBe('refused');
    const gif = joined(latin1('GIF89a'), Uint8Array.of(8, 0, 8, 0, 0, 0, 0));
    const frame = Uint8Array.of(0x2c, 0, 0, 0, 0, 8, 0, 8, 0, 0, 2, 1, 0, 0);
    expect(readImageHeader(joined(gif, repeated(frame, 4 * MiB)))).toMatchObject({ animated: true });
  });

  it('is nothing but fill bytes, restarts or empty chunks', () => {
    const head = latin1('\xff\xd8\xff');
    expect(judge(joined(head, repeated(Uint8Array.of(0xff), 8 * MiB))).kind).toBe('refused');
    expect(judge(joined(head, repeated(Uint8Array.of(0xd0, 0xff), 8 * MiB))).kind).toBe('refused');
    expect(judge(png(repeated(joined(word(0), latin1('teXt'), word(0)), 8 * MiB))).kind).toBe('read');
    expect(judge(png(joined(word(0xffffffff), latin1('teXt')))).kind).toBe('refused');
  });
});

import { Malformed, type Bytes, type Found } from './imageHeaderBytes.ts';

/** One box of an ISO base media file (ISO/IEC 14496-12): its type, and where its contents lie. */
interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A picture of hundreds of tiles has about as many boxes a level; a file of empty boxes would fill the memory. */
const mostBoxes = 10_000;

/** The boxes between two positions; a box that reaches past `end` is reported with its own, larger end. */
function boxes(bytes: Bytes, start: number, end: number): readonly Box[] {
  const found: Box[] = [];
  for (let at = start; at + 8 <= end;) {
    const small = bytes.u32(at);
    const type = bytes.ascii(at + 4, 4);
    const header = small === 1 ? 16 : 8;
    const size =
      small === 0 ? end - at : small === 1 ? bytes.u32(at + 8) * 2 ** 32 + bytes.u32(at + 12) : small;
    if (size < header) throw new Malformed('a box is smaller than its header');
    if (found.length === mostBoxes) throw new Malformed(`it has over ${mostBoxes} boxes`);
    found.push({ type, start: at + header, end: at + size });
    at += size;
  }
  return found;
}

/** Brands that are looked at; files have about five. */
const mostBrands = 64;

/** The longest name of what an auxiliary picture is for: a URN behind four bytes of version. */
const longestPurpose = 256;

/** Major and compatible brands of a file that starts with an `ftyp` box, null for any other. */
export function isoBrands(bytes: Bytes): readonly string[] | null {
  if (bytes.length < 16 || bytes.ascii(4, 4) !== 'ftyp') return null;
  const end = Math.min(bytes.u32(0), bytes.length, 16 + 4 * mostBrands);
  const brands = [bytes.ascii(8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.ascii(at, 4));
  return brands;
}

export function readAvif(bytes: Bytes): Found {
  const top = boxes(bytes, 0, bytes.length);
  const meta = top.find((box) => box.type === 'meta');
  if (meta === undefined) throw new Malformed('it has no description of its picture');
  // `meta` is a full box: four bytes of version and flags come before its children.
  const inMeta = boxes(bytes, meta.start + 4, Math.min(meta.end, bytes.length));
  const iprp = inMeta.find((box) => box.type === 'iprp');
  const ipco = iprp && boxes(bytes, iprp.start, iprp.end).find((box) => box.type === 'ipco');
  if (ipco === undefined) throw new Malformed('it has no picture properties');
  const properties = boxes(bytes, ipco.start, ipco.end);

  // Tiles and thumbnails have sizes of their own; the picture is the largest.
  let [width, height] = [0, 0];
  for (const { start } of properties.filter((box) => box.type === 'ispe')) {
    const [w, h] = [bytes.u32(start + 4), bytes.u32(start + 8)];
    if (w * h > width * height) [width, height] = [w, h];
  }
  const codec = properties.find((box) => box.type === 'av1C');
  const depthFlags = codec === undefined ? 0 : bytes.u8(codec.start + 2);
  const alpha = properties.some(
    ({ type, start, end }) =>
      type === 'auxC' && /alpha|auxid:1/.test(bytes.ascii(start, Math.min(end - start, longestPurpose))),
  );
  return {
    width,
    height,
    // Rotation and mirroring are part of the picture itself here, and every decoder applies them.
    orientation: 1,
    bitDepth: depthFlags & 0x40 ? (depthFlags & 0x20 ? 12 : 10) : 8,
    colour: depthFlags & 0x10 ? 'grey' : 'rgb',
    alpha,
    animated: (isoBrands(bytes) ?? []).includes('avis'),
    complete: top.some((box) => box.type === 'mdat') && top.every((box) => box.end <= bytes.length),
  };
}

/** Damage for the readers to meet: seeded, so that every failure can be made again from its number. */

export type Random = () => number;

/** mulberry32: numbers from 0 up to but not including 1. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, n: number): number => Math.floor(random() * n);
const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)]!;

export type Reader = 'safetensors' | 'pytorch' | 'legacy' | 'onnx';
export const readers: readonly Reader[] = ['safetensors', 'pytorch', 'legacy', 'onnx'];

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

// prettier-ignore
const pickleTokens = [
  'cos\nsystem\n', 'cbuiltins\neval\n', '\x8c\x02os', 'ctorch._utils\n_rebuild_tensor_v2\n', 'ctorch\nFloatStorage\n',
  'ctorch\nHalfStorage\n', 'ccollections\nOrderedDict\n', 'ctorch.nn.modules.linear\nLinear\n', 'X\xff\xff\xff\x7f',
  '\x8d\xff\xff\xff\xff\xff\xff\xff\x7f', '\x8b\xff\xff\xff\xff', '\x8a\xff', '\x8a\x10', 'J\xff\xff\xff\xff',
  'J\xff\xff\xff\x7f', 'M\xff\xff', '(t', ')R', '}b', '0', '2', '(1', '\x81', 'Q', 'h\x00', 'q\x00', 'j\xff\xff\xff\xff',
  'K\x00', 'K\xff', '\x85', '\x86', '\x87', ']', '}', '(e', '(u', 's', 'a', '.', '\x95\xff\xff\xff\xff\xff\xff\xff\xff',
  '\x94', '\x93', '\x8f', '(\x90', '\x80\x06', 'G\x7f\xf0\x00\x00\x00\x00\x00\x00', 'I99999999999999999999\n', 'N', '\x88',
];

// prettier-ignore
const zipTokens = [
  'PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08', '\x01\x00\x10\x00', '\xff\xff\xff\xff',
  '\x08\x00', 'data.pkl', 'byteorder', 'data/0', '../', 'big', 'constants.pkl', '\x01\x00',
];

// prettier-ignore
const jsonTokens = [
  '"F64"', '"F8_E5M2"', '"BF16"', '"I64"', '-1', '1e9', '9007199254740993', '1.5', '__metadata__', '{', '}', 'null', '[]',
  '[0,0]', '"__proto__"', '[[', '"shape":', '\\u0000', '4294967296', '"dtype":"F16"', '0',
];

// prettier-ignore
const onnxTokens = [
  '\x80\x80\x80\x80\x01', '\xff\xff\xff\xff\x0f', '\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01', '\x80\x80\x80\x80\x80\x80\x80',
  '\x08\xff\xff\xff\x7f', '\x10\x01', '\x10\x0a', '\x10\x10', '\x4a\x00', '\x2a\x00', '\x3a\x00', '\x0a\x00', '\x70\x01',
  'Transpose', 'Reshape', 'ConstantOfShape', 'DequantizeLinear', 'Identity', 'Unsqueeze', 'Constant', 'QLinearConv', 'Cast',
  '\x0b', '\x0c', '\x22', '\x08\x00', '\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01', '\x2d\x00\x00\xc0\x7f',
];

const tokens: Readonly<Record<Reader, readonly Uint8Array[]>> = {
  safetensors: jsonTokens.map(latin1),
  pytorch: [...pickleTokens, ...zipTokens].map(latin1),
  legacy: pickleTokens.map(latin1),
  onnx: onnxTokens.map(latin1),
};

/** A place in the file, mostly where its structure is and not its numbers. */
function place(random: Random, reader: Reader, bytes: Uint8Array): number {
  const size = Math.max(1, bytes.length);
  const structure: Readonly<Record<Reader, () => number>> = {
    safetensors: () => below(random, Math.min(size, (bytes[0] ?? 0) + (bytes[1] ?? 0) * 256 + 8)),
    pytorch: () =>
      random() < 0.5 ? below(random, Math.min(size, 1200)) : size - 1 - below(random, Math.min(size, 1500)),
    legacy: () => below(random, Math.max(1, size - 400)),
    onnx: () => below(random, size),
  };
  const at = random() < 0.8 ? structure[reader]() : below(random, size);
  return Math.min(Math.max(0, at), size - 1);
}

const splice = (bytes: Uint8Array, at: number, gone: number, put: Uint8Array): Uint8Array => {
  const out = new Uint8Array(Math.max(0, bytes.length - gone) + put.length);
  out.set(bytes.subarray(0, at));
  out.set(put, at);
  out.set(bytes.subarray(at + gone), at + put.length);
  return out;
};

const extremes = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0,
] as const;

type Mutation = (random: Random, bytes: Uint8Array, reader: Reader, other: Uint8Array) => Uint8Array;

const stretch = (random: Random, left: number): number =>
  Math.min(left, 1 + below(random, 1 + below(random, 64)));

const mutations: readonly Mutation[] = [
  function flipBits(random, bytes, reader) {
    const out = bytes.slice();
    for (let n = 1 + below(random, 4); n > 0; n--) {
      const at = place(random, reader, bytes);
      out[at] = out[at]! ^ (1 << below(random, 8));
    }
    return out;
  },
  function setByte(random, bytes, reader) {
    const out = bytes.slice();
    out[place(random, reader, bytes)] = below(random, 256);
    return out;
  },
  function changeByOne(random, bytes, reader) {
    const out = bytes.slice();
    const at = place(random, reader, bytes);
    out[at] = out[at]! + (random() < 0.5 ? 1 : -1);
    return out;
  },
  function truncate(random, bytes) {
    return bytes.slice(0, below(random, bytes.length + 1));
  },
  function extend(random, bytes) {
    return splice(
      bytes,
      bytes.length,
      0,
      Uint8Array.from({ length: 1 + below(random, 40) }, () => below(random, 256)),
    );
  },
  function extremeNumber(random, bytes, reader) {
    const out = bytes.slice();
    const size = pick(random, [1, 2, 4, 8]);
    const at = Math.min(place(random, reader, bytes), Math.max(0, out.length - size));
    const value = BigInt.asUintN(
      64,
      random() < 0.3 ? -BigInt(pick(random, extremes)) : BigInt(pick(random, extremes)),
    );
    for (let i = 0; i < size && at + i < out.length; i++)
      out[at + i] = Number((value >> BigInt(8 * i)) & 255n);
    return out;
  },
  function overwriteToken(random, bytes, reader) {
    const token = pick(random, tokens[reader]);
    const at = place(random, reader, bytes);
    return splice(bytes, at, Math.min(token.length, bytes.length - at), token);
  },
  function insertToken(random, bytes, reader) {
    return splice(bytes, place(random, reader, bytes), 0, pick(random, tokens[reader]));
  },
  function remove(random, bytes, reader) {
    const at = place(random, reader, bytes);
    return splice(bytes, at, stretch(random, bytes.length - at), new Uint8Array(0));
  },
  function repeat(random, bytes, reader) {
    const at = place(random, reader, bytes);
    const part = bytes.slice(at, at + stretch(random, bytes.length - at));
    return splice(bytes, at, 0, part);
  },
  function move(random, bytes, reader) {
    const from = place(random, reader, bytes);
    const part = bytes.slice(from, from + stretch(random, bytes.length - from));
    const to = Math.min(place(random, reader, bytes), Math.max(0, bytes.length - part.length));
    return splice(bytes, to, part.length, part);
  },
  function fromOther(random, bytes, reader, other) {
    const from = place(random, reader, other);
    const part = other.slice(from, from + stretch(random, other.length - from));
    const at = place(random, reader, bytes);
    return splice(bytes, at, random() < 0.5 ? Math.min(part.length, bytes.length - at) : 0, part);
  },
  function crossOver(random, bytes, _reader, other) {
    const at = below(random, Math.min(bytes.length, other.length) + 1);
    return splice(bytes, at, bytes.length - at, other.subarray(at));
  },
];

/** Input number `index` of a run: one of the files with one to four kinds of damage. */
export function mutant(
  reader: Reader,
  seed: number,
  index: number,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): { readonly name: string; readonly bytes: Uint8Array } {
  const random = seeded(seed * 1_000_003 + index);
  const { name, bytes } = pick(random, files);
  let out = bytes;
  for (let n = 1 + below(random, random() < 0.5 ? 1 : 4); n > 0; n--) {
    out = pick(random, mutations)(random, out, reader, pick(random, files).bytes);
    if (out.length === 0) break;
  }
  return { name, bytes: out };
}

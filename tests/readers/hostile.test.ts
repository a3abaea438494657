import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNetwork } from '../../src/models/zoo/index.ts';
import { fittingNetworks } from '../../src/workers/weights.ts';
import { fixture } from './fixtures.ts';
import { seeded } from './mutate.ts';
import { float, int8, int64, model, node, packed, part, tensor, type Build } from './onnxFile.ts';
import { countAllocations, judge } from './oracle.ts';

/**
 * Files that are made to do harm and not by chance: each asks for time, memory or a deep stack in the cheapest way that its
 * format has. `judge` says 'wrong' for an error that is none of the known ones, for much memory and for a long sentence.
 */

let restore = () => {};
beforeAll(async () => {
  for (const name of ['zip-small.pth', 'legacy-small.pth', 'types.safetensors', 'onnx-raw.onnx'])
    await judge(name, fixture(name));
  restore = countAllocations();
});
afterAll(() => restore());

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

/** A safetensors file with this header. */
function safetensors(header: string | Uint8Array, data = 0, announced?: bigint): Uint8Array {
  const json = typeof header === 'string' ? utf8(header) : header;
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, announced ?? BigInt(json.length), true);
  return joined(length, json, new Uint8Array(data));
}
const entry = (shape: string, end = 4, dtype = '"F32"') =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":[0,${end}]}`;
const nested = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth);

/** A legacy PyTorch file around the pickle of its object (without storages). */
const legacy = (object: string): Uint8Array =>
  latin1(
    '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.' + // the magic number
      '\x80\x02M\xe9\x03.' + // the version
      '\x80\x02}q\x00.' + // the machine
      `\x80\x02${object}.` +
      '\x80\x02]q\x00.', // no storages
  );
const dictOf = (key: string) => `}${key}K\x01s`;
const binary = (text: string) => {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, text.length, true);
  return `X${String.fromCharCode(...size)}${text}`;
};
/** A float tensor over a storage of this name and so many numbers, which the file need not have. */
const view = (shape: string, strides: string, count = 'K\x04') =>
  'ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000' +
  `X\x03\x00\x00\x00cpu${count}tQK\x00${shape}${strides}\x89}tR`;
const long = (n: bigint) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, n, true);
  return `\x8a\x08${String.fromCharCode(...bytes)}`;
};

const floats =
  (n: number): Build =>
  (w) =>
    void part(w, 9, new Uint8Array(4 * n));
const one = (name: string) => tensor(name, float, [], floats(1));
const named = (type: string, inputs: readonly string[], output: string) => node(type, inputs, [output]);

const refused: readonly (readonly [what: string, name: string, make: () => Uint8Array, code: string])[] = [
  // safetensors
  [
    'a type nested 200,000 deep',
    'a.safetensors',
    () => safetensors(`{"a":${entry('[1]', 4, nested(200_000))}}`, 4),
    'format',
  ],
  [
    'a shape nested 200,000 deep',
    'a.safetensors',
    () => safetensors(`{"a":${entry(nested(200_000))}}`, 4),
    'format',
  ],
  [
    'metadata nested 200,000 deep',
    'a.safetensors',
    () => safetensors(`{"__metadata__":{"k":${nested(200_000)}}}`),
    'format',
  ],
  [
    'a name of a megabyte',
    'a.safetensors',
    () => safetensors(`{"${'n'.repeat(1e6)}":${entry('[1]')}}`, 4),
    'corrupt',
  ],
  [
    'a type of a megabyte',
    'a.safetensors',
    () => safetensors(`{"a":${entry('[1]', 4, `"${'F'.repeat(1e6)}"`)}}`, 4),
    'format',
  ],
  [
    '51,000 tensors',
    'a.safetensors',
    () => safetensors(`{${Array.from({ length: 51_000 }, (_, i) => `"${i}":${entry('[0]', 0)}`).join()}}`),
    'format',
  ],
  ['33 axes', 'a.safetensors', () => safetensors(`{"a":${entry(`[${'1,'.repeat(32)}1]`)}}`, 4), 'format'],
  [
    'a million axes',
    'a.safetensors',
    () => safetensors(`{"a":${entry(`[${'1,'.repeat(1e6)}1]`)}}`, 4),
    'format',
  ],
  ['a size of 2^53', 'a.safetensors', () => safetensors(`{"a":${entry('[9007199254740992]')}}`, 4), 'format'],
  [
    'sizes whose product is 2^64',
    'a.safetensors',
    () => safetensors(`{"a":${entry('[4294967296,4294967296]')}}`, 4),
    'format',
  ],
  [
    'sizes whose product overflows and ends in zero',
    'a.safetensors',
    () => safetensors(`{"a":${entry('[9007199254740991,9007199254740991,0]', 0)}}`),
    'read',
  ],
  ['a negative size', 'a.safetensors', () => safetensors(`{"a":${entry('[-1]')}}`, 4), 'format'],
  ['half a size', 'a.safetensors', () => safetensors(`{"a":${entry('[0.5]')}}`, 4), 'format'],
  ['an infinite size', 'a.safetensors', () => safetensors(`{"a":${entry('[1e999]')}}`, 4), 'format'],
  ['a tensor of no values', 'a.safetensors', () => safetensors(`{"a":${entry('[0,7]', 0)}}`), 'read'],
  [
    'two tensors of one name',
    'a.safetensors',
    () => safetensors(`{"a":${entry('[1]')},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8),
    'corrupt',
  ],
  [
    'a tensor called __proto__',
    'a.safetensors',
    () => safetensors(`{"__proto__":${entry('[1]')}}`, 4),
    'read',
  ],
  [
    'a header that is not UTF-8',
    'a.safetensors',
    () => safetensors(joined(utf8('{"'), Uint8Array.of(0xff, 0xfe), utf8(`":${entry('[1]')}}`)), 4),
    'format',
  ],
  ...[0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n].map(
    (n) =>
      [
        `a header of ${n} bytes`,
        'a.safetensors',
        () => safetensors(`{"a":${entry('[1]')}}`, 4, n),
        '',
      ] as const,
  ),
  // pickles
  [
    'a key nested 300,000 deep',
    'a.pth',
    () => legacy(dictOf(']'.repeat(300_000) + 'a'.repeat(299_999))),
    'format',
  ],
  ['a key that holds itself', 'a.pth', () => legacy(dictOf(']q\x01h\x01a')), 'format'],
  [
    'a key of 2^40 times the same list',
    'a.pth',
    () => legacy(dictOf(`]q\x01${'0](h\x01h\x01eq\x01'.repeat(40)}`)),
    'format',
  ],
  ['a key of a megabyte', 'a.pth', () => legacy(dictOf(binary('k'.repeat(1e6)))), 'format'],
  ['a name of a megabyte', 'a.pth', () => legacy(`c${'m'.repeat(1e6)}\nn\n`), 'format'],
  [
    'a list that 100,000 dicts are made of',
    'a.pth',
    () =>
      legacy(
        `](${'NN\x86'.repeat(50_000)}eq\x01${'ccollections\nOrderedDict\nh\x01\x85R0'.repeat(100_000)}}`,
      ),
    'corrupt',
  ],
  [
    'strides that are read 20,000 times',
    'a.pth',
    () => legacy(`(${'K\x01'.repeat(500_000)}tq\x01${`${view('K\x01\x85', 'h\x01')}0`.repeat(20_000)}}`),
    'corrupt',
  ],
  [
    '33 axes',
    'a.pth',
    () => legacy(`}X\x01\x00\x00\x00a${view(`(${'K\x01'.repeat(33)}t`, `(${'K\x01'.repeat(33)}t`)}s`),
    'corrupt',
  ],
  [
    'a negative size',
    'a.pth',
    () => legacy(`}X\x01\x00\x00\x00a${view('J\xff\xff\xff\xff\x85', 'K\x01\x85')}s`),
    'corrupt',
  ],
  [
    'a size of 2^62',
    'a.pth',
    () => legacy(`}X\x01\x00\x00\x00a${view(`${long(2n ** 62n)}\x85`, 'K\x01\x85')}s`),
    'corrupt',
  ],
  [
    'sizes whose product is 2^64',
    'a.pth',
    () => legacy(`}X\x01\x00\x00\x00a${view(`${long(2n ** 32n)}${long(2n ** 32n)}\x86`, 'K\x00K\x00\x86')}s`),
    'corrupt',
  ],
  [
    'a view of 2^40 values over four',
    'a.pth',
    () => legacy(`}X\x01\x00\x00\x00a${view(`${long(2n ** 40n)}\x85`, 'K\x00\x85')}s`),
    'format',
  ],
  [
    'a storage of 2^50 numbers',
    'a.pth',
    () => legacy(`}X\x01\x00\x00\x00a${view('K\x04\x85', 'K\x01\x85', long(2n ** 50n))}s`),
    'corrupt',
  ],
  // ONNX
  ['a dimension of -1', 'a.onnx', () => model([tensor('t', float, [-1], floats(1))]), 'corrupt'],
  [
    'dimensions whose product is 2^64',
    'a.onnx',
    () => model([tensor('t', float, [2 ** 32, 2 ** 32], floats(1))]),
    'corrupt',
  ],
  [
    '33 dimensions',
    'a.onnx',
    () => model([tensor('t', float, new Array<number>(33).fill(1), floats(1))]),
    'corrupt',
  ],
  ['two tensors of one name', 'a.onnx', () => model([one('t'), one('t')]), 'corrupt'],
  ['a tensor of no values', 'a.onnx', () => model([tensor('t', float, [0, 3], floats(0))]), 'read'],
  [
    'a fill of 2^60 values',
    'a.onnx',
    () =>
      model([tensor('s', int64, [2], packed(7, [2 ** 30, 2 ** 30]))], [named('ConstantOfShape', ['s'], 'f')]),
    'corrupt',
  ],
  [
    'a fill of 2^40 values',
    'a.onnx',
    () =>
      model([tensor('s', int64, [2], packed(7, [2 ** 20, 2 ** 20]))], [named('ConstantOfShape', ['s'], 'f')]),
    'format',
  ],
  [
    'a fill of -1 values',
    'a.onnx',
    () => model([tensor('s', int64, [1], packed(7, [-1]))], [named('ConstantOfShape', ['s'], 'f')]),
    'corrupt',
  ],
  ['a name of half a megabyte', 'a.onnx', () => model([one('n'.repeat(5e5))]), 'corrupt'],
  ['scales of scales, 60 deep', 'a.onnx', () => scalesOfScales(60), 'read'],
  [
    'a reshape to twice the unknown size',
    'a.onnx',
    () =>
      model(
        [tensor('t', float, [4], floats(4)), tensor('s', int64, [2], packed(7, [-1, -1]))],
        [named('Reshape', ['t', 's'], 'r')],
      ),
    'corrupt',
  ],
];

/** Each link's scale and zero point are both the link before: read plainly, the last takes 2^depth readings. */
function scalesOfScales(depth: number): Uint8Array {
  const links = Array.from({ length: depth }, (_, i) =>
    named('DequantizeLinear', ['q', i === 0 ? 's' : `d${i - 1}`, i === 0 ? 'z' : `d${i - 1}`], `d${i}`),
  );
  const bytes = (name: string) => tensor(name, int8, [], (w) => void part(w, 9, new Uint8Array(1)));
  return model([bytes('q'), bytes('z'), one('s')], links);
}

describe('a file that is made to do harm', () => {
  it.each(refused)('%s (%s)', async (_what, name, make, code) => {
    const outcome = await judge(name, make(), Infinity);
    if (code === 'read') expect(outcome).toMatchObject({ kind: 'read' });
    else if (code === '') expect(outcome.kind).toBe('refused');
    else expect(outcome).toEqual({ kind: 'refused', code: `weights-${code}` });
  });
});

describe('formats that are not read', () => {
  const heads: Readonly<Record<string, Uint8Array>> = {
    'arrays.npz': fixture('arrays.npz'),
    'array.npy': fixture('array.npy'),
    'model.h5': joined(latin1('\x89HDF\r\n\x1a\n'), new Uint8Array(600)),
    'model.json': utf8(
      '{"format":"layers-model","modelTopology":{},"weightsManifest":[{"paths":["a.bin"]}]}',
    ),
    'group1-shard1of1.bin': Uint8Array.from({ length: 600 }, (_, i) => (i * 37) % 251),
    'model.tflite': joined(latin1('\x1c\0\0\0TFL3'), new Uint8Array(600)),
    'weights.caffemodel': joined(
      Uint8Array.of(10, 4),
      utf8('Name'),
      Uint8Array.of(0xa2, 6),
      new Uint8Array(600),
    ),
  };

  it.each(Object.entries(heads))(
    '%s is refused at every length, whatever a byte of it says',
    async (name, bytes) => {
      const random = seeded(23);
      for (let length = 0; length < bytes.length; length += 3) {
        const cut = bytes.slice(0, length);
        expect([length, (await judge(name, cut)).kind]).toEqual([length, 'refused']);
        const changed = bytes.slice();
        changed[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        const { kind } = await judge(name, changed);
        expect([length, kind]).toEqual([length, 'refused']);
      }
    },
  );
});

describe('a file that is compared with the networks', () => {
  const networks = ['lenet-5-modern', 'resnet-50'].map((ref) => buildNetwork(ref));
  const many = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i));

  it('may have thousands of tensors of one shape', () => {
    const tensors = new Map(many(20_000, (i) => `t${i}`).map((name) => [name, { shape: [1, 1] }]));
    const layers = [...tensors.keys()].map((weight, i) => ({
      ...{ type: 'MatMul', attributes: {} },
      ...{ inputs: [i === 0 ? 'x' : `y${i - 1}`, weight], outputs: [`y${i}`] },
    }));
    expect(fittingNetworks({ tensors, layers }, networks)).toEqual([]);
    expect(fittingNetworks({ tensors }, networks)).toEqual([]);
  });

  it('may scale and shift one normalisation thousands of times', () => {
    const names = ['weight', 'bias', 'mean', 'variance', 'scale'];
    const tensors = new Map(names.map((name) => [name, { shape: [3] }]));
    const chain = many(20_000, (i) => (i % 2 === 0 ? 'Mul' : 'Add')).map((type, i) => ({
      ...{ type, attributes: {} },
      ...{ inputs: [`y${i}`, 'scale'], outputs: [`y${i + 1}`] },
    }));
    const first = {
      ...{ type: 'BatchNormalization', attributes: {} },
      ...{ inputs: ['x', ...names.slice(0, 4)], outputs: ['y0'] },
    };
    expect(fittingNetworks({ tensors, layers: [first, ...chain] }, networks)).toEqual([]);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('may call an operation %s', (type) => {
    const layers = [{ type, attributes: {}, inputs: ['x'], outputs: ['y'] }];
    expect(fittingNetworks({ tensors: new Map(), layers }, networks)).toEqual([]);
  });
});

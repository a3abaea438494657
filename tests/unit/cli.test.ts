import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { drawMosaic } from '../../src/cli/mosaic.ts';
import { encodeNpy } from '../../src/cli/npy.ts';
import { formatTable, megabytes, pair, shape, whole } from '../../src/cli/table.ts';
import { members } from '../../src/models/zoo/index.ts';

const root = new URL('../..', import.meta.url);

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in a process of its own, as `npm run -s cli --` starts it. */
function cli(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', 'src/cli/main.ts', ...args];
    execFile(process.execPath, command, { cwd: root }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('a table', () => {
  it('aligns its columns and leaves no spaces at line ends', () => {
    const rows = [
      { name: 'a', n: 1 },
      { name: 'longer', n: 1234567 },
    ];
    const text = formatTable(rows, [
      { title: 'n', align: 'right', text: ({ n }) => whole(n) },
      { title: 'name', text: ({ name }) => name },
    ]);
    expect(text).toBe(
      ['        n  name', '---------  ------', '        1  a', '1,234,567  longer', ''].join('\n'),
    );
  });

  it('writes shapes, pairs and sizes shortly', () => {
    expect([shape([55, 55, 96]), shape([1, 1, 1000]), pair([7, 7]), pair([1, 7])]).toEqual([
      '55x55x96',
      '1,000',
      '7',
      '1x7',
    ]);
    expect([megabytes(249_430_432), megabytes(1_234_567_890), megabytes(246_824)]).toEqual([
      '249.4',
      '1,234.6',
      '0.25',
    ]);
  });
});

describe('an .npy file', () => {
  it('has the header that NumPy writes and the values after it', () => {
    const bytes = encodeNpy(Float32Array.of(0, 1, -2.5, 3, 4, 5), [1, 2, 3]);
    const view = new DataView(bytes.buffer);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    const length = view.getUint16(8, true);
    expect((10 + length) % 64).toBe(0);
    const header = Buffer.from(bytes.subarray(10, 10 + length)).toString('latin1');
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }");
    expect(header.endsWith('\n')).toBe(true);
    expect(bytes.length).toBe(10 + length + 6 * 4);
    expect(view.getFloat32(10 + length + 8, true)).toBe(-2.5);
  });

  it('of one axis has the comma of a Python tuple, and a wrong size is refused', () => {
    expect(Buffer.from(encodeNpy(Float32Array.of(1, 2), [2])).toString('latin1')).toContain("'shape': (2,)");
    expect(() => encodeNpy(Float32Array.of(1, 2), [3])).toThrow(/do not fill 3/);
  });
});

describe('a mosaic', () => {
  it('shows each channel as a tile, enlarged by a whole factor', () => {
    const volume = { shape: [2, 2, 3] as const, values: Float32Array.of(0, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0) };
    const { width, height, data } = drawMosaic(volume, 'layer');
    // Two columns of 64 px with a gap of 2, two rows.
    expect([width, height]).toEqual([130, 130]);
    const at = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
    const [zero, strongest, half] = [at(10, 10), at(5, 70), at(100, 10)];
    expect(at(50, 50)).toEqual(zero);
    expect(at(50, 70)).toEqual(zero);
    expect(at(20, 90)).toEqual(strongest);
    expect(strongest[0]! + strongest[1]!).toBeLessThan(half[0]! + half[1]!);
    expect(half[0]! + half[1]!).toBeLessThan(zero[0]! + zero[1]!);
    // Scaled by itself, the weaker map is as dark as the strongest.
    const own = drawMosaic(volume, 'map').data;
    expect([...own.subarray((10 * width + 100) * 4, (10 * width + 100) * 4 + 3)]).toEqual(strongest);
  });
});

// A process each: slow on a busy machine.
describe('zoo', { timeout: 60_000 }, () => {
  it('lists every network in an aligned table', async () => {
    const { status, out, err } = await cli('zoo');
    expect([status, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^id +year +input +classes +depth +parameters +MACs/);
    for (const { id } of members) expect(lines.some((line) => line.startsWith(`${id} `))).toBe(true);
    expect(out).toMatch(/zfnet-imagenette +2013 +224x224x3 +10 +8 +8,713,354 +1,114,396,800 .* bundled/);
    const ends = lines.slice(2, 2 + members.length).map((line) => line.search(/ +\S+$/));
    expect(new Set(ends).size).toBe(1);
  });

  it('as JSON is an array with the documented fields', async () => {
    const { out } = await cli('zoo', '--json');
    const networks = JSON.parse(out) as Record<string, unknown>[];
    expect(networks.map(({ id }) => id)).toEqual(members.map(({ id }) => id));
    expect(networks.find(({ id }) => id === 'alexnet-2012')).toMatchObject({
      year: 2012,
      input: [227, 227, 3],
      classes: 1000,
      parameters: 60_965_224,
      weightBytes: 4 * 60_965_224,
      bundledWeights: false,
    });
    const help = (await cli('zoo', '--help')).out;
    for (const field of Object.keys(networks[0]!)) expect(help).toContain(field);
  });

  it('with a network lists its layers, which add up to it', async () => {
    const { out } = await cli('zoo', 'lenet-5-modern', '--json');
    const network = JSON.parse(out) as { parameters: number; macs: number; layers: Record<string, number>[] };
    const total = (key: string) => network.layers.reduce((sum, layer) => sum + layer[key]!, 0);
    expect([total('parameters'), total('macs')]).toEqual([61_706, network.macs]);
    const help = (await cli('zoo', '--help')).out;
    for (const field of [...Object.keys(network), ...Object.keys(network.layers[0]!)])
      expect(help).toContain(field);

    const text = (await cli('zoo', 'googlenet')).out;
    expect(text).toMatch(/6,998,552 parameters/);
    expect(text).toMatch(/^softmax +softmax +1,000 /m);
  });

  it('of an unknown network fails with the ids that exist', async () => {
    const { status, out, err } = await cli('zoo', 'zf-net');
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^error: There is no network 'zf-net'\. Nearest: zfnet/);
  });
});

describe('the command line', { timeout: 60_000 }, () => {
  it('explains every command and option', async () => {
    const { status, out } = await cli('--help');
    expect(status).toBe(0);
    for (const word of ['zoo', 'classify', 'features', 'project', 'npm run -s cli --'])
      expect(out).toContain(word);
    const project = (await cli('project', '--help')).out;
    for (const option of '--model --layer --channel --unit --map --rule --lrn --out --weights --backend --json'.split(
      ' ',
    ))
      expect(project).toContain(option);
    for (const word of ['deconvnet', 'guided', 'gradient', 'vjp', 'identity', 'scale', '.npy', '.png'])
      expect(project).toContain(word);
  });

  it.each([
    [['zo'], /unknown command 'zo'[^]*Did you mean zoo/],
    [['classify', 'a.jpg'], /required option '-m, --model <id>' not specified/],
    [['classify', '-m', 'lenet-5-modern'], /missing required argument 'image'/],
    [
      ['classify', '-m', 'lenet-5-modern', '-b', 'webgpu', 'a.jpg'],
      /needs a browser; Node computes on wasm or cpu/,
    ],
    [['classify', '-m', 'lenet-5-modern', '-b', 'cuda', 'a.jpg'], /must be wasm or cpu/],
    [
      ['project', '-m', 'zfnet', '-l', 'relu5', '-c', '-1', '-r', 'guided', 'a.jpg', '-o', 'a.png'],
      /whole number/,
    ],
    [
      ['project', '-m', 'zfnet', '-l', 'relu5', '-c', '1', '-r', 'best', 'a.jpg', '-o', 'a.png'],
      /Allowed choices are/,
    ],
    [
      ['project', '-m', 'zfnet', '-l', 'relu5', '-c', '256', '-r', 'guided', 'a.jpg', '-o', 'a.png'],
      /channels are 0 to 255/,
    ],
    [
      ['project', '-m', 'zfnet', '-l', 'relu5', '-c', '1', '-u', '3', '-r', 'guided', 'a.jpg', '-o', 'a.png'],
      /row and column/,
    ],
    [
      [
        'project',
        '-m',
        'zfnet',
        '-l',
        'relu5',
        '-c',
        '1',
        '-u',
        '3,3',
        '--map',
        '-r',
        'guided',
        'a.jpg',
        '-o',
        'a.png',
      ],
      /cannot be used with/,
    ],
    [['features', '-m', 'zfnet', '-l', 'relu9', 'a.jpg', '-o', 'a.png'], /no layer 'relu9'\. Nearest: relu/],
    [['features', '-m', 'zfnet', '-l', 'relu5', 'a.jpg', '-o', 'a.jpg'], /extension \.png .* or \.npy/],
    [['features', '-m', 'zfnet', '-l', 'relu5', 'a.jpg', '-o', 'no/where/a.png'], /no folder no\/where/],
  ])('%j fails with a sentence and status 1', async (args, sentence) => {
    const { status, out, err } = await cli(...args);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n {4}at /);
  });
});

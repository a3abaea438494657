import { describe, expect, it } from 'vitest';
import { drawMosaic } from '../../src/cli/mosaic.ts';
import { encodeNpy } from '../../src/cli/npy.ts';
import { formatGroups, formatTable, megabytes, pair, shape, whole } from '../../src/cli/table.ts';
import { cli } from './cliRun.ts';

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

  it('in groups shares its columns', () => {
    const groups = [
      { title: 'First', rows: ['a', 'bbbb'] },
      { title: 'Second', rows: ['cc'] },
    ];
    const text = formatGroups(groups, [{ title: 'x', align: 'right', text: (row) => row }]);
    expect(text).toBe(['   x', '----', '', 'First', '   a', 'bbbb', '', 'Second', '  cc', ''].join('\n'));
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
    [
      ['features', '-m', 'wide-resnet?depth=29', '-l', 'conv0', 'a.jpg', '-o', 'a.png'],
      /wide-resnet has no depth=29\. Possible: 10, 16, 22, \.\.\. 100/,
    ],
    [
      ['features', '-m', 'wide-resnet?depth=16&k=2', '-l', 'conv2_x/9/conv1', 'a.jpg', '-o', 'a.png'],
      /no layer 'conv2_x\/9\/conv1'\. Nearest: conv2_x/,
    ],
    [
      [
        'project',
        '-m',
        'wide-resnet?k=2',
        '-l',
        'conv2_x/1/conv1',
        '-c',
        '32',
        '-r',
        'guided',
        'a',
        '-o',
        'a.png',
      ],
      /channels are 0 to 31/,
    ],
    [['classify', '-m', 'wide-resnet?deep=28', 'a.jpg'], /no parameter 'deep'\. Nearest: depth/],
    [['classify', '-m', 'wide-resnet?k=2', 'a.jpg'], /wide-resnet\?k=2 comes without weights/],
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

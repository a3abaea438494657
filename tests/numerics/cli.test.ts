import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeFile } from '../../src/cli/decode.ts';
import { prepare } from '../../src/models/preprocess.ts';
import { displayRgba } from '../../src/viz/display.ts';
import { goldenIndex, manifest } from './goldens.load.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'convscope-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sample = (name: string) => `public/samples/${name}.jpg`;

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function cli(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', 'src/cli/main.ts', ...args];
    execFile(process.execPath, command, { cwd: root, maxBuffer: 1e8 }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

interface Classified {
  readonly image: string;
  readonly model: string;
  readonly backend: string;
  readonly top: readonly { index: number; name: string; probability: number; logit: number }[];
}

/** Shape and values of a file that `encodeNpy` wrote, read as NumPy's format says. */
function readNpy(path: string): { readonly shape: number[]; readonly values: Float32Array } {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const shape = /'shape': \(([^)]*)\)/.exec(bytes.subarray(10, start).toString('latin1'))![1]!;
  return {
    shape: shape.split(',').filter(Boolean).map(Number),
    values: new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer),
  };
}

/** The goldens that start from sample photos, network by network. */
const photographed = goldenIndex.goldens.filter(({ network }) => network !== 'lenet-5-modern');

describe('preprocessing', () => {
  it.each(photographed)('gives $network the pixels of PIL for $name', async ({ network, name, seen }) => {
    const { preprocessing } = manifest.weights.find((entry) => entry.network === network)!;
    const prepared = prepare(await decodeFile(join(root, sample(name))), preprocessing);
    const { data } = await sharp(join(root, 'tests/goldens', seen))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Buffer.from(prepared.seen.data).equals(data)).toBe(true);
  });
});

describe('classify', () => {
  it.each(['efficientnet-lite0', 'zfnet-imagenette'])(
    '%s answers the samples as PyTorch does',
    async (model) => {
      const goldens = photographed.filter(({ network }) => network === model);
      const images = goldens.map(({ name }) => sample(name));
      const { status, out, err } = await cli('classify', '-m', model, '--json', ...images);
      expect([status, err]).toEqual([0, '']);
      const answers = JSON.parse(out) as Classified[];
      expect(answers.map(({ image }) => image)).toEqual(images);
      answers.forEach((answer, i) => {
        expect([answer.model, answer.backend]).toEqual([model, 'wasm']);
        const { indices, logits } = goldens[i]!.top;
        expect(answer.top.map(({ index }) => index)).toEqual(indices.slice(0, 5));
        answer.top.forEach(({ logit, probability }, k) => {
          expect(Math.abs(logit - logits[k]!)).toBeLessThan(1e-3);
          expect(probability).toBeGreaterThan(0);
        });
      });
    },
  );

  it('answers digits on both backends alike', async () => {
    const digits = [1, 4, 7].map((digit) => `tests/goldens/lenet-5-modern.mnist-${digit}.png`);
    const both = await Promise.all(
      ['wasm', 'cpu'].map((backend) =>
        cli('classify', '-m', 'lenet-5-modern', '-b', backend, '--json', ...digits),
      ),
    );
    const [wasm, cpu] = both.map(({ out }) => JSON.parse(out) as Classified[]);
    expect(wasm!.map(({ top }) => top[0]!.name)).toEqual(['1', '4', '7']);
    expect([wasm![0]!.backend, cpu![0]!.backend]).toEqual(['wasm', 'cpu']);
    wasm!.forEach(({ top }, i) =>
      top.forEach(({ logit }, k) => expect(Math.abs(logit - cpu![i]!.top[k]!.logit)).toBeLessThan(1e-4)),
    );
  });

  it('as text says class, index and probability, and what a network of ten classes cannot know', async () => {
    const { out } = await cli('classify', '-m', 'zfnet-imagenette', sample('dogs'));
    expect(out).toMatch(
      /^public\/samples\/dogs\.jpg\n( +\d+\.\d\d % +\d {2}\S.*\n){5}note: .* knows only 10 classes/,
    );
  });

  it('reports the pictures that fail, answers the others, and ends with status 1', async () => {
    const text = join(folder, 'text.jpg');
    const empty = join(folder, 'empty.jpg');
    writeFileSync(text, 'no photo');
    writeFileSync(empty, '');
    const images = [text, sample('cat'), empty, 'nowhere.jpg'];
    const { status, out, err } = await cli('classify', '-m', 'zfnet-imagenette', '--json', ...images);
    expect(status).toBe(1);
    expect((JSON.parse(out) as Classified[]).map(({ image }) => image)).toEqual([sample('cat')]);
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^error: text\.jpg is not a picture: it seems to be a text file/),
      expect.stringMatching(/^error: empty\.jpg is empty \(0 bytes\)/),
      expect.stringMatching(/^error: nowhere\.jpg cannot be read: there is no such file/),
    ]);
  });

  it('takes weights of one’s own that fit, and says what is wrong with others', async () => {
    const own = join(folder, 'own.safetensors');
    copyFileSync(join(root, 'public/weights/lenet-5-modern.safetensors'), own);
    const digit = 'tests/goldens/lenet-5-modern.mnist-3.png';
    const args = ['classify', '-m', 'lenet-5-modern', '--json', '-w', own, digit];
    expect((JSON.parse((await cli(...args)).out) as Classified[])[0]!.top[0]!.name).toBe('3');

    truncateSync(own, 1000);
    const cut = await cli(...args);
    expect([cut.status, cut.out]).toEqual([1, '']);
    expect(cut.err).toMatch(/^error: own\.safetensors /);
    const other = 'public/weights/zfnet-imagenette.safetensors';
    expect((await cli('classify', '-m', 'lenet-5-modern', '-w', other, digit)).err).toMatch(
      /does not fit lenet-5-modern/,
    );
    expect((await cli('classify', '-m', 'lenet-5-modern', '-w', 'no.safetensors', digit)).err).toMatch(
      /no such file/,
    );
  });

  it('takes settings: those of a member find its weights, others need a file that fits', async () => {
    const digit = 'tests/goldens/lenet-5-modern.mnist-3.png';
    const answer = async (model: string, ...more: string[]) =>
      (JSON.parse((await cli('classify', '-m', model, '--json', ...more, digit)).out) as Classified[])[0]!;
    const modern = await answer('lenet-5-modern');
    expect(await answer('lenet?form=modern&activation=tanh')).toEqual(modern);

    const file = 'public/weights/lenet-5-modern.safetensors';
    const rectified = 'lenet?form=modern&activation=relu';
    const other = await answer(rectified, '-w', file);
    expect(other.model).toMatch(/^lenet\?.*activation=relu/);
    expect(other.top[0]!.logit).not.toBeCloseTo(modern.top[0]!.logit, 2);
    const refused = await cli('classify', '-m', rectified, digit);
    expect([refused.status, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/^error: lenet\?.* comes without weights/);
  });

  it('gives no answer without weights', async () => {
    const { status, out, err } = await cli('classify', '-m', 'googlenet', sample('cat'));
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^error: googlenet comes without weights/);
  });
});

describe('features', () => {
  it('writes the whole activation as .npy and a mosaic as .png', async () => {
    const [npy, png] = [join(folder, 'maps.npy'), join(folder, 'maps.png')];
    const args = ['features', '-m', 'zfnet-imagenette', '-l', 'pool2', '--json', sample('dogs'), '-o'];
    const said = JSON.parse((await cli(...args, npy)).out) as { shape: number[]; min: number; max: number };
    const { shape, values } = readNpy(npy);
    expect(shape).toEqual([13, 13, 256]);
    expect(said).toMatchObject({ shape, layer: 'pool2', min: Math.min(...values), max: Math.max(...values) });
    const golden = goldenIndex.goldens.find((g) => g.network === 'zfnet-imagenette' && g.name === 'dogs')!;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean / golden.layers['pool2']![0]).toBeCloseTo(1, 4);
    expect(said.max / golden.layers['pool2']![2]).toBeCloseTo(1, 4);

    expect((await cli(...args, png)).status).toBe(0);
    // 16 columns and rows of 13 px maps five times enlarged, with gaps of 2 px.
    expect(await sharp(png).metadata()).toMatchObject({
      width: 16 * 67 - 2,
      height: 16 * 67 - 2,
      format: 'png',
    });
  });
});

describe('project', () => {
  const project = (out: string, ...more: string[]) =>
    cli(
      'project',
      '-m',
      'zfnet-imagenette',
      '-l',
      'relu5',
      '-c',
      '7',
      '--json',
      sample('dogs'),
      '-o',
      out,
      ...more,
    );

  it('writes raw values, and the same as a picture with zero at grey', async () => {
    const [npy, png] = [join(folder, 'p.npy'), join(folder, 'p.png')];
    const said = JSON.parse((await project(npy, '-r', 'deconvnet')).out) as Record<string, number>;
    const { shape, values } = readNpy(npy);
    expect(shape).toEqual([224, 224, 3]);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(said).toMatchObject({ seed: 'strongest', rule: 'deconvnet', switches: 2, scale: largest });
    expect(largest).toBeGreaterThan(0);
    expect((await project(png, '-r', 'deconvnet')).status).toBe(0);
    const drawn = await sharp(png).ensureAlpha().raw().toBuffer();
    expect(Buffer.from(displayRgba(values, 3, largest)).equals(drawn)).toBe(true);
  });

  it('takes one unit, a whole map, and a rule for normalisation', async () => {
    const path = join(folder, 'q.npy');
    const strongest = JSON.parse((await project(path, '-r', 'gradient')).out) as {
      unit: { y: number; x: number };
      value: number;
    };
    const { y, x } = strongest.unit;
    const vjp = readNpy(path).values;
    const unit = JSON.parse((await project(path, '-r', 'gradient', '-u', `${y},${x}`)).out) as object;
    expect(unit).toMatchObject({ seed: 'unit', unit: { y, x }, value: strongest.value });
    expect([...readNpy(path).values]).toEqual([...vjp]);

    const map = JSON.parse((await project(path, '-r', 'gradient', '--map')).out) as object;
    expect(map).toMatchObject({ seed: 'map', unit: null, value: strongest.value });
    expect([...readNpy(path).values]).not.toEqual([...vjp]);
    await project(path, '-r', 'gradient', '--lrn', 'identity');
    expect([...readNpy(path).values]).not.toEqual([...vjp]);
  });

  it('says when the picture does not depend on the image', async () => {
    const path = join(folder, 'e.png');
    const args = [
      'project',
      '-m',
      'efficientnet-lite0',
      '-l',
      'block_02/project_bn',
      '-c',
      '3',
      '-r',
      'deconvnet',
    ];
    const { status, out } = await cli(...args, sample('cat'), '-o', path);
    expect(status).toBe(0);
    expect(out).toMatch(/does not depend on the image/);
  });

  it('of a unit outside the map or a rule that is undefined fails with a sentence', async () => {
    const outside = await project(join(folder, 'x.png'), '-r', 'guided', '-u', '99,0');
    expect([outside.status, outside.out]).toEqual([1, '']);
    expect(outside.err).toMatch(/^error: .*relu5/);
    const digit = 'tests/goldens/lenet-5-modern.mnist-3.png';
    const args = [
      'project',
      '-m',
      'lenet-5-modern',
      '-l',
      'conv2',
      '-c',
      '0',
      '-r',
      'deconvnet',
      digit,
      '-o',
    ];
    const undefinedRule = await cli(...args, join(folder, 'x.png'));
    expect(undefinedRule.status).toBe(1);
    expect(undefinedRule.err).toMatch(/^error: .*tanh/);
  });
});

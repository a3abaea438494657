import { describe, expect, it } from 'vitest';
import { describeNetwork, listByFamily, listNetworks } from '../../src/cli/zoo.ts';
import { zoo } from '../../src/cli/zooCommand.ts';
import { listedNetworks } from '../../src/cli/zooFilters.ts';
import { describeParameters } from '../../src/cli/zooParameters.ts';
import { ingredients } from '../../src/models/ingredients.ts';
import { buildNetwork, families, members } from '../../src/models/zoo/index.ts';
import { notesOf } from '../../src/models/zoo/notes.ts';
import { cli } from './cliRun.ts';

type Fields = Record<string, unknown>;
const parsed = async (text: Promise<string>): Promise<Fields> => JSON.parse(await text) as Fields;
/** The keys of an object and of the objects in it, but not of what papers and settings are made of. */
const keysOf = (value: Fields): string[] => [
  ...Object.keys(value),
  ...['activationElements', 'receptiveField'].flatMap((key) => Object.keys((value[key] ?? {}) as Fields)),
];

describe('the list of networks', () => {
  it('has every figure that a test of the zoo holds to a paper', async () => {
    const networks = JSON.parse(await listNetworks(true)) as Fields[];
    expect(networks.map(({ id }) => id)).toEqual(members.map(({ id }) => id));
    for (const network of networks) {
      const { expect: published, info } = buildNetwork(String(network['id']));
      expect(network['params'], info.id).toBe(published!.params);
      if (published!.macs !== undefined) expect(network['macs'], info.id).toBe(published!.macs);
      const { family, year, depth, classes } = info;
      const { publishedErrors } = notesOf(info.id);
      expect(network).toMatchObject({ family, year, depth, classes, publishedErrors });
    }
  });

  it('counts activations by both conventions', async () => {
    const networks = JSON.parse(await listNetworks(true, { family: ['lenet'] })) as Fields[];
    // LeNet-5 as it is trained today: 28*28*6 + 10*10*16 + 120 + 84 + 10, and with pooling (and softmax) besides.
    expect(networks.find(({ id }) => id === 'lenet-5-modern')).toMatchObject({
      activationElements: {
        convolutionsAndDense: 4704 + 1600 + 214,
        allOutputs: 4704 + 1176 + 1600 + 400 + 214 + 10,
      },
    });
  });

  it('stands by family, and each network once', async () => {
    const groups = await listByFamily();
    expect(groups.map(({ family }) => family.id)).toEqual(families.map(({ id }) => id));
    const ids = groups.flatMap(({ networks }) => networks.map(({ id }) => id));
    expect([...ids].sort()).toEqual(members.map(({ id }) => id).sort());
  });
});

describe('filters', () => {
  const ids = (...args: Parameters<typeof listedNetworks>) =>
    listedNetworks(...args).map(({ info }) => info.id);

  it('take what literature calls a family and what one set of parameters draws', () => {
    expect(ids({ family: ['cifar-resnet'] })).toContain('cifar-resnet-1202');
    expect(ids({ family: ['cifar-resnet'] })).not.toContain('resnet-18');
    expect(ids({ family: ['resnet'] })).toEqual(expect.arrayContaining(['resnet-18', 'cifar-resnet-20']));
    expect(ids({ family: ['lenet', 'zfnet'] })).toEqual(expect.arrayContaining(['lenet-5', 'zfnet']));
  });

  it('take a year, years from and to, and several', () => {
    const years = (...year: string[]) => [...new Set(listedNetworks({ year }).map(({ info }) => info.year))];
    expect(years('1998')).toEqual([1998]);
    expect(years('2012-2014')).toEqual([2012, 2013, 2014]);
    expect(years('2012', '1998')).toEqual([1998, 2012]);
    expect(years('2005')).toEqual([]);
  });

  it('take sizes by parameters', () => {
    expect(ids({ size: ['tiny'] })).toContain('lenet-5');
    expect(ids({ size: ['large'], year: ['2014'] })).toContain('vgg-d');
    expect(ids({ size: ['small', 'medium'], family: ['vgg'] })).toEqual([]);
    const all = ['tiny', 'small', 'medium', 'large'].flatMap((each) => ids({ size: [each] }));
    expect(all.sort()).toEqual(members.map(({ id }) => id).sort());
  });

  it('take ingredients, all of which a network must have', () => {
    expect(ids({ ingredient: ['lrn'] })).toContain('vgg-a-lrn');
    expect(ids({ ingredient: ['LRN'] })).not.toContain('vgg-a');
    expect(ids({ ingredient: ['bn', 'depthwise'], year: ['2017'] })).toContain('mobilenet-v1-100');
    expect(ids({ ingredient: ['grouped', 'residual'], family: ['resnext'] })).toContain('resnext-50-32x4d');
    expect(ids({ ingredient: ['lrn', 'residual'] })).toEqual([]);
    expect(ids({ ingredient: ['auxiliary'] })).toEqual(['googlenet-aux']);
  });

  it.each([
    [{ family: ['resnets'] }, /no family 'resnets'\. Nearest: resnet\. All: lenet, /],
    [{ size: ['huge'] }, /no size 'huge'\. Nearest: .* All: tiny, small, medium, large\.$/],
    [{ ingredient: ['attention'] }, /no ingredient 'attention'.* All: lrn, batchNorm, 1x1, inception/],
    [{ year: ['90s'] }, /--year 90s is no year\. Possible: a year \(2015\) or .* the zoo has 1998 to 20/],
    [{ year: ['2016-2014'] }, /is no year/],
  ])('%j are refused with what is possible', (filters, sentence) => {
    expect(() => listedNetworks(filters)).toThrow(sentence);
  });

  it('do not stand beside one network or the parameters', async () => {
    await expect(zoo('zfnet', { json: false, year: ['2013'] })).rejects.toThrow(/--year filters the list/);
    await expect(zoo(undefined, { json: true, parameters: true, family: ['vgg'] })).rejects.toThrow(
      /--family filters the list; it cannot stand beside --parameters/,
    );
    await expect(zoo('vgg', { json: true, parameters: 'nin' })).rejects.toThrow(/ask for two things/);
  });

  it('that nothing matches say so', async () => {
    expect(await listNetworks(false, { year: ['2005'] })).toBe('No listed network has all of that.\n');
    expect(JSON.parse(await listNetworks(true, { year: ['2005'] }))).toEqual([]);
  });
});

describe('one network', () => {
  it('has layers that add up to it', async () => {
    for (const ref of ['lenet-5', 'googlenet', 'resnet-18', 'wide-resnet?depth=16&k=2', 'mobilenet-v1']) {
      const network = await parsed(describeNetwork(ref, true));
      const layers = network['layers'] as Record<string, number>[];
      for (const key of [
        'params',
        'weights',
        'biases',
        'normalisation',
        'macs',
        'connections',
        'weightBytes',
      ])
        expect(
          layers.reduce((sum, layer) => sum + layer[key]!, 0),
          `${ref} ${key}`,
        ).toBe(network[key]);
      const outputs = layers.filter(({ op, inPlace }) => (op as unknown) !== 'input' && !inPlace);
      expect(
        outputs.reduce((sum, layer) => sum + layer['outputElements']!, 0),
        ref,
      ).toBe((network['activationElements'] as Record<string, number>)['allOutputs']);
    }
  });

  it('may have settings, which are said in full', async () => {
    const wide = await parsed(describeNetwork('wide-resnet?depth=22&k=6&classes=100', true));
    expect(wide).toMatchObject({
      id: 'wide-resnet?depth=22&k=6&classes=100',
      drawnBy: 'wide-resnet',
      settings: { depth: 22, k: 6, dropout: false, classes: 100 },
      classes: 100,
      depth: 22,
      publishedErrors: [],
      bundledWeights: false,
    });
  });

  it('is the listed member where the settings are its own', async () => {
    const byId = await describeNetwork('wide-resnet-28-10', true);
    expect(await describeNetwork('wide-resnet?depth=28&k=10&classes=10', true)).toBe(byId);
    expect(await describeNetwork('wide-resnet', true)).toBe(byId);
  });

  it('as text has its settings, its totals and what differs from the paper', async () => {
    const text = await describeNetwork('googlenet', false);
    expect(text).toMatch(/6,998,552 parameters/);
    expect(text).toMatch(/^softmax +softmax +1,000 /m);
    expect(text).toMatch(/^googlenet: .*classes=1000/m);
    expect(text).toMatch(/^What differs from the paper:\n\* /m);
  });

  it.each([
    ['zf-net', /no network 'zf-net'\. Nearest: zfnet/],
    ['wide-resnet?depth=29', /wide-resnet has no depth=29\. Possible: 10, 16, 22, \.\.\. 100\./],
    [
      'wide-resnet?width=2',
      /no parameter 'width'.*All: depth \(10, 16, .*\); k \(a whole number from 1 to 20\)/,
    ],
    ['wide-resnet?k=2&k=3', /got k twice/],
    ['alexnet?form=2014&groups=2', /form=2014 needs groups=1, got groups=2/],
    ['resnet?shortcut=D', /has no shortcut=D\. Possible: A, B, C, none\./],
  ])('%s is refused with what is possible', async (ref, sentence) => {
    await expect(describeNetwork(ref, true)).rejects.toThrow(sentence);
  });
});

describe('the parameters of families', () => {
  it('are all there, with what is possible, for every family', () => {
    const all = JSON.parse(describeParameters(null, true)) as Fields[];
    expect(all.map(({ family }) => family)).toEqual(families.map(({ id }) => id));
    for (const [i, family] of families.entries()) {
      const parameters = all[i]!['parameters'] as { key: string; default: unknown; possible: string }[];
      expect(parameters.map(({ key }) => key)).toEqual(Object.keys(family.parameters));
      for (const { key, default: value } of parameters) expect(value).toBe(family.parameters[key]!.default);
      expect(all[i]!['members']).toEqual(family.members.map(({ info }) => info.id));
    }
  });

  it('of one family stand in a table', () => {
    const text = describeParameters('wide-resnet', false);
    expect(text).toMatch(/^ +depth +28 +10, 16, 22, \.\.\. 100 +layers$/m);
    expect(text).toMatch(/^ +dropout +false +true or false +.*\(training only\)$/m);
    expect(text).toMatch(/listed: wide-resnet-16-8, wide-resnet-28-10/);
  });

  it('say what a value is called where it does not say it itself', () => {
    const text = describeParameters('alexnet', false);
    expect(text).toMatch(/^ {2}form=caffenet: CaffeNet: pool, then normalise$/m);
    expect(text).toMatch(/^ {2}input: 224 as the paper says/m);
  });

  it('are found by a family, by what literature calls one, and by a member', () => {
    const found = (name: string) =>
      (JSON.parse(describeParameters(name, true)) as Fields[]).map(({ family }) => family);
    expect(found('cifar-resnet')).toEqual(['cifar-resnet']);
    expect(found('wide-resnet')).toEqual(['wide-resnet', 'wide-bottleneck-resnet']);
    expect(found('vgg-d-bn')).toEqual(['vgg']);
    expect(found('vgg?bn=true')).toEqual(['vgg']);
    expect(() => describeParameters('resnett', false)).toThrow(/no family 'resnett'\. Nearest: resnet, /);
  });
});

// A process each: slow on a busy machine.
describe('zoo', { timeout: 60_000 }, () => {
  it('lists every network in one aligned table by family', async () => {
    const { status, out, err } = await cli('zoo');
    expect([status, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^id +year +input +classes +depth +parameters +MACs/);
    const rows = members.map(({ id }) => lines.find((line) => line.startsWith(`${id} `)));
    expect(rows).not.toContain(undefined);
    expect(new Set(rows.map((row) => row!.search(/ +\S+$/))).size).toBe(1);
    expect(out).toMatch(/zfnet-imagenette +2013 +224x224x3 +10 +8 +8,713,354 +1,114,396,800 .* bundled/);
    expect(lines).toContain('Wide ResNet: wide-resnet?depth&k&dropout&classes');
  });

  it('filters', async () => {
    const { out } = await cli('zoo', '--json', '-f', 'resnet', '-y', '2015', '-i', '1x1', '-i', 'bn');
    const ids = (JSON.parse(out) as Fields[]).map(({ id }) => id);
    expect(ids).toContain('resnet-50');
    expect(ids).not.toContain('resnet-18');
  });

  it('documents every field that its JSON has', async () => {
    const help = (await cli('zoo', '--help')).out.replaceAll(/\s+/g, ' ');
    const { out } = await cli('zoo', 'lenet-5-modern', '--json');
    const network = JSON.parse(out) as Fields;
    const layers = network['layers'] as Fields[];
    const parameters = JSON.parse((await cli('zoo', '--parameters', 'vgg', '--json')).out) as Fields[];
    const kinds = parameters[0]!['parameters'] as Fields[];
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['choice', 'boolean', 'int']));
    for (const fields of [network, layers[0]!, parameters[0]!, ...kinds])
      for (const field of keysOf(fields)) expect(help).toMatch(new RegExp(`[ {]${field}[ ,:}]`));
    // Batch normalisation is there as papers abbreviate it.
    for (const each of ingredients)
      expect(help).toMatch(new RegExp(each === 'batchNorm' ? ' bn,' : ` ${each}[, ]`));
    for (const option of ['--family', '--year', '--ingredient', '--size', '--parameters', '--json'])
      expect(help).toContain(option);
  });

  it('takes any setting of a family, and refuses impossible ones with status 1', async () => {
    const { status, out } = await cli('zoo', 'wide-resnet?depth=16&k=3', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name: 'WRN-16-3' });
    const refused = await cli('zoo', 'wide-resnet?depth=29', '--json');
    expect([refused.status, refused.out]).toEqual([1, '']);
    expect(refused.err).toBe('error: wide-resnet has no depth=29. Possible: 10, 16, 22, ... 100.\n');
  });

  it('of an unknown network fails with the ids that exist', async () => {
    const { status, out, err } = await cli('zoo', 'zf-net');
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^error: There is no network 'zf-net'\. Nearest: zfnet/);
  });
});

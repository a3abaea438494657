import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { inputNode, logitsNode } from './lookup.ts';
import { nodeParameters, parameterSize } from './parameters.ts';
import type { PublishedWeights } from './published.ts';
import { buildNetwork } from './zoo/index.ts';

interface Figures {
  readonly top1: number | null;
  readonly top5: number | null;
}
interface Reference {
  readonly torchvision: readonly (Figures & {
    readonly name: string;
    readonly file: string;
    readonly params: number;
    readonly mebibytes: number;
    readonly crop: number;
    readonly resize: number;
  })[];
  readonly timm: readonly (Figures & {
    readonly repo: string;
    readonly crop: number;
    readonly pct: number;
    readonly filter: string;
    readonly mean: string;
    readonly millions: number;
    readonly licence: string;
  })[];
  readonly onnx: readonly (Figures & {
    readonly file: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly licence: string;
  })[];
}

const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/reference/weights.json'), 'utf8'),
) as Reference;
const of = (publisher: PublishedWeights['publisher']) =>
  catalogue.filter((each) => each.publisher === publisher);

const imagenet = [0.485, 0.456, 0.406, 0.229, 0.224, 0.225];
const halves = Array.from({ length: 6 }, () => 0.5);
const normalisation = ({ preprocessing }: PublishedWeights) => [...preprocessing.mean, ...preprocessing.std];

/** Numbers in a network's parameters, running statistics too. */
function values(ref: string): number {
  const { graph } = buildNetwork(ref);
  return graph.nodes
    .flatMap((node) => nodeParameters(graph, node))
    .reduce((sum, parameter) => sum + parameterSize(parameter), 0);
}

describe.each(catalogue.map((entry) => [entry.id, entry] as const))('%s', (_, entry) => {
  const network = buildNetwork(entry.network);

  it('is for a network of the zoo by its shortest reference, and for a source that names it', () => {
    expect(network.ref).toBe(entry.network);
    expect(logitsNode(network.graph).shape).toEqual([1, 1, 1000]);
    expect(entry.source === 'onnx' ? entry.format : Object.keys(network.names)).toContain(entry.source);
  });

  it('sees pictures of the size of the network', () => {
    const { preprocessing } = entry;
    expect(preprocessing.input).toEqual(inputNode(network.graph).shape);
    expect(preprocessing.resize).toBeGreaterThanOrEqual(preprocessing.input[0]);
    expect([preprocessing.mean.length, preprocessing.std.length]).toEqual([3, 3]);
  });

  it('has an address that ends in its file, and a page', () => {
    expect(entry.url).toMatch(/^https:\/\//);
    expect(entry.url.endsWith(`/${entry.file}`)).toBe(true);
    expect(entry.page).toMatch(/^https:\/\//);
    expect(entry.sha256 ?? 'none').toMatch(/^([0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{64}|none)$/);
  });
});

it('no two entries have one id', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
});

describe('torchvision', () => {
  const entries = of('torchvision');

  it('is complete', () => {
    expect(entries.map(({ file }) => file)).toEqual(reference.torchvision.map(({ file }) => file));
  });

  it.each(reference.torchvision)('$name', (row) => {
    const entry = entries.find(({ file }) => file === row.file)!;
    expect(entry.title).toBe(row.name);
    expect(entry.accuracy).toMatchObject({ top1: row.top1, top5: row.top5 });
    expect([entry.preprocessing.input[0], entry.preprocessing.resize]).toEqual([row.crop, row.resize]);
    expect(row.file).toContain(`-${entry.sha256}.pth`);
    expect(entry.bytes / 2 ** 20).toBeCloseTo(row.mebibytes, row.mebibytes === 319 ? 0 : 0.9);
    const aux = /^(googlenet|inception)/.test(row.file) ? '?aux=true' : '';
    expect(entry.bytes).toBe(4 * values(entry.network + aux));
    // These two turn a picture normalised for ImageNet into one for 0.5 and 0.5 before their first layer.
    expect(normalisation(entry)).toEqual(aux === '' ? imagenet : halves);
  });
});

describe('timm', () => {
  const left = ['timm/inception_resnet_v2.tf_in1k', 'timm/resnet50.tv2_in1k at 176'];
  const rows = reference.timm.map((row) => ({ ...row, key: `${row.repo} at ${row.crop}` }));
  const known = (row: (typeof rows)[number]) => !left.includes(row.repo) && !left.includes(row.key);
  const entries = of('timm');

  it('is complete but for a network that the zoo does not have, and a resolution that it does not take', () => {
    expect(rows.filter(known)).toHaveLength(rows.length - left.length);
    expect(entries).toHaveLength(rows.length - left.length);
  });

  it.each(rows.filter(known))('$key', (row) => {
    const repo = row.repo.replace('timm/', '');
    const entry = entries.find(
      ({ title, preprocessing }) => title.split(' at ')[0] === repo && preprocessing.input[0] === row.crop,
    )!;
    expect(entry.url).toContain(`/${row.repo}/resolve/`);
    expect(entry.accuracy).toMatchObject({ top1: row.top1, top5: row.top5 });
    expect(entry.preprocessing.resize).toBe(Math.floor(row.crop / row.pct));
    expect(entry.preprocessing.filter).toBe(row.filter);
    expect(normalisation(entry)).toEqual(row.mean === 'IN' ? imagenet : halves);
    expect(entry.licence).toBe(row.licence);
    // torchvision's Inception v3 still has its auxiliary classifier there: timm's has_aux_logits.
    const aux = repo === 'inception_v3.tv_in1k' ? '?aux=true' : '';
    expect(entry.bytes).toBe(4 * values(entry.network + aux));
  });
});

describe('the ONNX zoo', () => {
  /** Why a file of the zoo has no entry. */
  const left: readonly (readonly [RegExp, string])[] = [
    [/int8/, 'not compared with its float file yet'],
    [/^mnist/, 'another data set'],
    [/squeezenet1\.0/, 'pads its last convolution, it is believed'],
    [/mobilenetv2-7/, "has one convolution more in its first block: MXNet's"],
    [/resnet50-caffe2/, 'nothing tells its preprocessing'],
  ];
  const files = reference.onnx.filter(({ file }) => !left.some(([pattern]) => pattern.test(file)));
  const entries = of('onnx-zoo');

  it('is complete but for files that are left out for a reason', () => {
    expect(entries).toHaveLength(files.length);
    for (const [pattern] of left) expect(reference.onnx.some(({ file }) => pattern.test(file))).toBe(true);
  });

  it.each(files)('$file', (row) => {
    const entry = entries.find(({ url }) => url.endsWith(`/classification/${row.file}`))!;
    expect([entry.bytes, entry.bytesAre, entry.sha256]).toEqual([row.bytes, 'stated', row.sha256]);
    expect([entry.accuracy?.top1 ?? null, entry.accuracy?.top5 ?? null]).toEqual([row.top1, row.top5]);
    expect(entry.licence).toBe(row.licence);
    // Weights, and at most 3 KB of graph an operation.
    const folded = /mobilenetv2-12/.test(row.file);
    const least = 4 * values(entry.network) * (folded ? 0.98 : 1);
    expect(row.bytes).toBeGreaterThan(least * 0.999);
    expect(row.bytes).toBeLessThan(least * 1.05 + 100_000);
  });

  it("gives Caffe's files blue first and says what is believed", () => {
    for (const { preprocessing, note } of entries) {
      expect(note === undefined).toBe(preprocessing.order === undefined);
      if (preprocessing.order === 'bgr') expect(note!.en).toMatch(/believed/);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { catalogue } from '../models/catalogue.ts';
import type { PublishedWeights } from '../models/published.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import type { WeightManifest } from './contract.ts';
import { ownInfo, publishedAs } from './engine.info.ts';

const nothing: WeightManifest = { version: 1, weights: [] };
const v1 = catalogue.find(({ id }) => id === 'torchvision/resnet50-v1')!;
const v2 = catalogue.find(({ id }) => id === 'torchvision/resnet50-v2')!;
const own = (name: string, bytes = 102_500_000) => ({ name, bytes, source: 'torchvision' });
const info = (name: string) => ownInfo(buildNetwork('resnet-50'), own(name), nothing, catalogue);

describe('a published file', () => {
  it('is known by its name: two of one network want different pictures', () => {
    expect(info(v1.file)).toMatchObject({ preprocessing: v1.preprocessing, assumed: ['classes'] });
    expect(info(v2.file).preprocessing).toBe(v2.preprocessing);
    expect(v1.preprocessing.resize).not.toBe(v2.preprocessing.resize);
  });

  it('also when the browser numbered it, and by its id where it was fetched', () => {
    const numbered = v2.file.replace('.pth', ' (1).pth');
    expect(publishedAs('resnet-50', own(numbered), catalogue)).toBe(v2);
    const origin = { kind: 'published', id: v2.id, url: v2.url } as const;
    expect(publishedAs('resnet-50', { ...own('anything'), origin }, catalogue)).toBe(v2);
    const kept = { kind: 'file', name: v1.file } as const;
    expect(publishedAs('resnet-50', { ...own('file:00'), origin: kept }, catalogue)).toBe(v1);
  });

  it('is not known by the name alone: another network, another size than the stated one', () => {
    expect(publishedAs('resnet-101', own(v1.file), catalogue)).toBeNull();
    const stated: PublishedWeights[] = [{ ...v1, bytes: 1000, bytesAre: 'stated' }];
    expect(publishedAs('resnet-50', own(v1.file, 1001), stated)).toBeNull();
    expect(publishedAs('resnet-50', own(v1.file, 1000), stated)).toBe(stated[0]);
  });

  it('is not known by a name that several share, unless all are prepared for alike', () => {
    const shared = [v1, { ...v2, file: v1.file }];
    expect(publishedAs('resnet-50', own(v1.file), shared)).toBeNull();
    expect(publishedAs('resnet-50', own(v1.file), [v1, v1])).toBe(v1);
  });
});

describe('a file of nobody knows whom', () => {
  it('is prepared for as its publisher’s others are, and that is said', () => {
    expect(info('mine.pth')).toMatchObject({
      preprocessing: v1.preprocessing,
      assumed: ['classes', 'preprocessing'],
      weightsName: 'mine.pth',
    });
    expect(info('mine.pth').classes).toHaveLength(1000);
  });

  it('of a network of another input size keeps the proportion of crop and picture', () => {
    const small = buildNetwork('resnet-18');
    const published = [{ ...v1, network: small.ref, preprocessing: { ...v1.preprocessing, input: [448, 448, 3], resize: 512 } }] as const; // prettier-ignore
    const { preprocessing, assumed } = ownInfo(small, own(v1.file), nothing, published);
    expect(preprocessing).toEqual({ ...v1.preprocessing, input: [224, 224, 3], resize: 256 });
    expect(assumed).toContain('preprocessing');
  });
});

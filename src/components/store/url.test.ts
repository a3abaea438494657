import { describe, expect, it } from 'vitest';
import type { Choices } from './types.ts';
import { choicesToQuery, queryToChoices, unreadParts } from './url.ts';

const choices: Choices = {
  view: 'network',
  network: 'zfnet-imagenette',
  layer: 'conv2',
  channel: 12,
  seed: { y: 3, x: 4 },
  rule: 'guided',
  lrn: 'scale',
  galleryOpen: false,
  image: { kind: 'sample', name: 'cat.jpg' },
  language: 'ko',
  overlay: 'none',
};

describe('the address', () => {
  it('reads as the choices that it holds', () => {
    expect(choicesToQuery(choices)).toBe(
      '?net=zfnet-imagenette&layer=conv2&channel=12&unit=3,4&rule=guided&lrn=scale&image=sample:cat.jpg&lang=ko',
    );
  });

  it.each<Partial<Choices>>([
    {},
    { view: 'table' },
    { overlay: 'memory' },
    { layer: 'inception_3a/1x1', channel: 0, seed: 'map' },
    { seed: 'strongest' },
    { rule: 'gradient', lrn: null },
    { galleryOpen: true },
    { image: { kind: 'drawing' } },
    { image: { kind: 'sample', name: 'a b&c=d.jpg' } },
    { network: 'wide-resnet?depth=28&k=10' },
  ])('gives back what was written: %o', (change) => {
    const written = { ...choices, ...change };
    expect({
      ...choices,
      seed: 'strongest',
      view: 'network',
      rule: 'deconvnet',
      lrn: null,
      overlay: 'none',
      ...queryToChoices(choicesToQuery(written)),
    }).toEqual(written);
  });

  it('names a setting of a network readably, and gives it back', () => {
    const query = choicesToQuery({ ...choices, network: 'wide-resnet?depth=22&k=6' });
    expect(query).toContain('?net=wide-resnet?depth=22%26k=6&layer=conv2');
    expect(queryToChoices(query)).toMatchObject({ network: 'wide-resnet?depth=22&k=6', layer: 'conv2' });
  });

  it("holds a picture of the user's own by its hash and not by its name", () => {
    const query = choicesToQuery({
      ...choices,
      image: { kind: 'user', name: 'me at home.jpg', id: '0a1b2c3d' },
    });
    expect(query).toContain('image=own:0a1b2c3d');
    expect(query).not.toContain('home');
    expect(queryToChoices(query).image).toEqual({ kind: 'user', name: '', id: '0a1b2c3d' });
  });

  it('keeps no channel without a layer', () => {
    expect(choicesToQuery({ ...choices, layer: null })).not.toContain('channel');
    expect(queryToChoices('?channel=3').channel).toBeUndefined();
  });

  it.each([
    'unit=3',
    'unit=-1,2',
    'unit=1,2,3',
    'channel=x&layer=a',
    'rule=magic',
    'gallery=best',
    'lrn=none',
    'lang=fr',
    'overlay=flops',
    'image=nothing',
    'image=sample:',
  ])('leaves out what it says wrongly: %s', (wrong) => {
    expect(queryToChoices(`?${wrong}`)).toEqual(wrong.includes('layer=a') ? { layer: 'a' } : {});
  });

  it('names what it says wrongly, in short, and leaves words of others alone', () => {
    expect(unreadParts('?net=a&utm_source=x&layer=b&channel=x&rule=magic&lang=ko&view=network')).toEqual([
      'channel=x',
      'rule=magic',
    ]);
    expect(unreadParts(`?unit=${'9'.repeat(60)}`)).toEqual([`unit=${'9'.repeat(40)}…`]);
  });
});

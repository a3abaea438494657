import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seeded, type Random } from '../../../tests/readers/mutate.ts';
import { ConvScopeError } from '../../models/errors.ts';
import { parseManifest } from '../../models/manifest.ts';
import { buildNetwork, families } from '../../models/zoo/index.ts';
import { fakeEngine, fakePlatform, fakeShelfStore } from './fake.ts';
import { preferencesOf } from './preferences.ts';
import { createAppStore } from './store.ts';
import { choicesToQuery, queryToChoices, unreadParts } from './url.ts';

/** Addresses, lists and preferences that nobody means well with: seeded, so that each can be made again. */

const pickFrom =
  (random: Random) =>
  <T>(list: readonly T[]): T =>
    list[Math.floor(random() * list.length)]!;

// prettier-ignore
const words = [
  '', '-1', '0', '1', '1e999', 'NaN', '99999999999999999999', '0x10', '1.5', 'null', 'undefined', 'true', 'constructor',
  '__proto__', 'toString', 'hasOwnProperty', '%00', '%FF%FE', '%', '%ED%A0%80', '\ud800', '<img src=x>', 'javascript:0', '../..',
  '合成곱', 'x'.repeat(5000), '?'.repeat(50), '&', '=', ',', 'own:', 'own:../x', 'sample:', 'sample:../../x', 'drawing:x', 'map',
  '3,4', '99999,99999', '-1,0', 'strongest', 'relu3', 'conv2', 'ko', 'deconvnet', 'vjp', 'table', 'compare',
];
const keys = ['view', 'net', 'layer', 'channel', 'unit', 'gallery', 'rule', 'lrn', 'overlay', 'image', 'lang']
  .concat(['nets', 'base', 'x', 'y', 'area', 'figures', 'sort', 'cols', 'trace', 'pair'])
  .concat(['__proto__', 'constructor', '']);

/** Half a character cannot be escaped. */
const wellFormed = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text));

function reference(random: Random): string {
  const pick = pickFrom(random);
  const family = pick(families);
  const names = [...Object.keys(family.parameters), ...words.slice(0, 16)];
  const settings = Array.from({ length: Math.floor(random() * 3) }, () => `${pick(names)}=${pick(words)}`);
  const id = pick([family.id, ...family.members.map(({ info }) => info.id), ...words]);
  return settings.length > 0 ? `${id}?${settings.join('&')}` : id;
}

function query(random: Random): string {
  const pick = pickFrom(random);
  const parts = Array.from({ length: 1 + Math.floor(random() * 8) }, () => {
    const key = pick(keys);
    const list = `${pick(words)},${reference(random)},${pick(words)}`;
    const value = random() < 0.3 ? reference(random) : random() < 0.2 ? list : pick(words);
    return `${key}=${random() < 0.5 ? value : encodeURIComponent(wellFormed(value))}`;
  });
  return `?${parts.join('&')}`;
}

describe('an address', () => {
  it('gives choices that an address can hold, and short words for the rest', () => {
    const random = seeded(5);
    for (let i = 0; i < 1500; i++) {
      const text = query(random);
      const asked = queryToChoices(text);
      for (const part of unreadParts(text)) expect(part.length).toBeLessThan(60);
      const whole = { ...booted.getState(), ...asked };
      const again = queryToChoices(choicesToQuery(whole));
      expect(queryToChoices(choicesToQuery({ ...whole, ...again }))).toEqual(again);
      const { channel = 0, seed = 'map' } = asked;
      expect(Number.isSafeInteger(channel) && channel! >= 0).toBe(true);
      expect(typeof seed === 'string' || [seed.x, seed.y].every((n) => Number.isSafeInteger(n))).toBe(true);
    }
  });

  it('names a network, or is refused with a sentence', () => {
    const random = seeded(6);
    const kinds = new Set<string>();
    for (let i = 0; i < 250; i++) {
      const ref = reference(random);
      try {
        const network = buildNetwork(ref);
        expect(buildNetwork(network.ref).ref).toBe(network.ref);
        expect(network.ref).toMatch(/^[\w.-]+(\?[\w.=&-]+)?$/);
        kinds.add('built');
      } catch (error) {
        if (!(error instanceof ConvScopeError)) throw error;
        expect(['unknown-network', 'bad-parameter']).toContain(error.code);
        expect(error.message.length).toBeLessThan(4000);
        kinds.add(error.code);
      }
    }
    expect([...kinds].sort()).toEqual(['bad-parameter', 'built', 'unknown-network']);
  });

  it.each(['constructor', 'toString', '__proto__'])('has no switch %s', (value) => {
    expect(() => buildNetwork(`googlenet?aux=${value}`)).toThrow('Possible: true or false');
  });

  it('of a megabyte is refused as fast as a short one', () => {
    const long = 'n'.repeat(1e6);
    expect(() => buildNetwork(long)).toThrow('There is no network');
    expect(() => buildNetwork(`resnet?${long}=1`)).toThrow('has no parameter');
    expect(() => buildNetwork(`resnet?depth=${long}`)).toThrow('Possible');
    expect(() => buildNetwork(`resnet?${'depth=18&'.repeat(1e5)}`)).toThrow('twice');
  });

  it('opens the page, whatever it says', async () => {
    const random = seeded(7);
    for (let i = 0; i < 40; i++) {
      const text = query(random);
      const store = createAppStore(fakeEngine(), fakePlatform(text), fakeShelfStore());
      await store.boot();
      const { network, layer, channel, notice } = store.getState();
      const node = buildNetwork(network).graph.nodes.find(({ id }) => id === layer);
      expect([text, node === undefined]).toEqual([text, false]);
      expect(channel === null || channel < node!.shape[2]).toBe(true);
      expect(JSON.stringify(notice).length).toBeLessThan(10_000);
    }
  });
});
const booted = createAppStore(fakeEngine(), fakePlatform(), fakeShelfStore());

const hostile: readonly unknown[] = [
  null,
  -1,
  0,
  1.5,
  1e300,
  '',
  'x'.repeat(5000),
  [],
  {},
  [null],
  true,
  '../x.safetensors',
  { length: 3 },
];

describe('a list of weights', () => {
  const text = readFileSync(new URL('../../../public/weights/manifest.json', import.meta.url), 'utf8');

  /** The value with one of its parts replaced by something else, or left out. */
  function changed(value: unknown, random: Random): unknown {
    const pick = pickFrom(random);
    if (typeof value !== 'object' || value === null || random() < 0.15) return pick(hostile);
    const at = pick(Object.keys(value));
    if (at === undefined) return pick(hostile);
    if (Array.isArray(value))
      return value.map((each, i) => (String(i) === at ? changed(each, random) : each));
    const { [at]: part, ...rest } = value as Record<string, unknown>;
    return random() < 0.1 ? rest : { ...rest, [at]: changed(part, random) };
  }

  it('is read, or refused by the field that is wrong', () => {
    const random = seeded(8);
    const whole: unknown = JSON.parse(text);
    let refused = 0;
    for (let i = 0; i < 400; i++) refused += outcome(JSON.stringify(changed(whole, random)));
    expect(refused).toBeGreaterThan(200);
  });

  it('is refused at every length, and where it is something else', () => {
    for (let length = 0; length < text.trimEnd().length; length += 97)
      expect(outcome(text.slice(0, length))).toBe(1);
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    for (const other of [
      '<!doctype html>',
      'null',
      '[]',
      '7',
      `{"version":${deep}}`,
      `{"version":1,"weights":[${deep}]}`,
    ])
      expect(outcome(other)).toBe(1);
  });

  function outcome(json: string): 0 | 1 {
    try {
      parseManifest(json);
      return 0;
    } catch (error) {
      if (!(error instanceof ConvScopeError)) throw error;
      expect(error.code).toBe('weights-format');
      expect(error.message.length).toBeLessThan(500);
      return 1;
    }
  }
});

describe('preferences of an earlier visit', () => {
  it('are those that this page knows, and nothing else', () => {
    const known = { theme: 'dark', backendChoice: 'wasm', mapOrder: 'channel', mapScale: 'map' } as const;
    expect(preferencesOf({ ...known, network: 'x', boot: 1 })).toEqual(known);
    for (const kept of hostile) expect(preferencesOf(kept)).toEqual({});
    for (const value of hostile) expect(preferencesOf({ theme: value, backendChoice: value })).toEqual({});
  });
});

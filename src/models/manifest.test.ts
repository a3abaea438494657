import { readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ConvScopeError } from './errors.ts';
import { inputNode } from './lookup.ts';
import { buildNetwork } from './zoo/index.ts';
import { parseManifest } from './manifest.ts';

const bundled = new URL('../../public/weights/', import.meta.url);
const text = readFileSync(new URL('manifest.json', bundled), 'utf8');

/** The message for the bundled manifest after a change to its first entry. */
function messageAfter(change: (entry: Record<string, unknown>) => void): string {
  const manifest = JSON.parse(text) as { weights: Record<string, unknown>[] };
  change(manifest.weights[0]!);
  try {
    parseManifest(JSON.stringify(manifest));
  } catch (error) {
    expect((error as ConvScopeError).code).toBe('weights-format');
    return (error as ConvScopeError).message;
  }
  throw new Error('it was accepted');
}

describe('the bundled manifest', () => {
  const { weights } = parseManifest(text);

  it('lists the networks that answer', () => {
    expect(weights.map(({ network }) => network).sort()).toEqual([
      'efficientnet-lite0',
      'lenet-5-modern',
      'zfnet-imagenette',
    ]);
  });

  it.each(weights.map((entry) => [entry.network, entry] as const))(
    '%s: size and hash are its file’s',
    (_, entry) => {
      const url = new URL(entry.file, bundled);
      expect(statSync(url).size).toBe(entry.bytes);
      expect(createHash('sha256').update(readFileSync(url)).digest('hex')).toBe(entry.sha256);
    },
  );

  it.each(weights.map((entry) => [entry.network, entry] as const))(
    '%s: agrees with its network',
    (ref, entry) => {
      const network = buildNetwork(ref);
      expect(entry.preprocessing.input).toEqual(inputNode(network.graph).shape);
      expect(entry.classes).toHaveLength(network.info.classes);
      expect(Object.keys(network.names)).toContain(entry.source);
    },
  );
});

describe('a wrong manifest is refused by entry and field', () => {
  const first = parseManifest(text).weights[0]!.network;

  it.each([
    ['a path as file', 'file', '../secret.safetensors'],
    ['a hash of another length', 'sha256', 'abc'],
    ['no bytes', 'bytes', 0],
    ['an accuracy in percent', 'accuracy', { top1: 99.1, measuredOn: 'x', images: 10 }],
    ['no classes', 'classes', []],
    ['another dtype', 'dtype', 'I8'],
  ])('%s', (_name, field, value) => {
    expect(messageAfter((entry) => (entry[field] = value))).toContain(
      `the entry ${first} has no valid "${field}"`,
    );
  });

  it('but not one without a known accuracy, or for networks that read blue first', () => {
    const entries = JSON.parse(text) as { weights: Record<string, unknown>[] };
    entries.weights[0]!.accuracy = null;
    const preprocessing = { ...(entries.weights[0]!.preprocessing as object), order: 'bgr' };
    entries.weights[0]!.preprocessing = preprocessing;
    expect(parseManifest(JSON.stringify(entries)).weights[0]).toMatchObject({
      accuracy: null,
      preprocessing,
    });
    expect(messageAfter((entry) => (entry.preprocessing = { ...preprocessing, order: 'gbr' }))).toContain(
      '"preprocessing"',
    );
  });

  it('a mean for other channels than the input has', () => {
    const message = messageAfter((entry) => {
      entry.preprocessing = { ...(entry.preprocessing as object), mean: [0, 0], std: [1, 1] };
    });
    expect(message).toContain('"preprocessing"');
  });

  it.each([
    ['not JSON', '<!doctype html>', 'not valid JSON'],
    ['another version', '{"version": 2, "weights": []}', 'version is 2'],
    ['no list', '{"version": 1}', 'no list'],
    ['the same network twice', JSON.stringify(twice()), 'two entries'],
  ])('%s', (_name, json, words) => {
    expect(() => parseManifest(json)).toThrow(words);
  });
});

function twice(): unknown {
  const { weights } = JSON.parse(text) as { weights: unknown[] };
  return { version: 1, weights: [weights[0], weights[0]] };
}

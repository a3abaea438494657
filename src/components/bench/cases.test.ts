import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inputNode, logitsNode, nodeById } from '../../models/lookup.ts';
import { buildNetwork } from '../../models/zoo/index.ts';
import { isDefined } from '../store/defaults.ts';
import type { WeightManifest } from '../../workers/contract.ts';
import { benchCases, benchPhoto } from './cases.ts';

const inPublic = (path: string) => new URL(`../../../public/${path}`, import.meta.url);
const manifest = JSON.parse(readFileSync(inPublic('weights/manifest.json'), 'utf8')) as WeightManifest;

describe.each(benchCases)('$name', ({ ref, name, layer, rule, logits, picture }) => {
  const network = buildNetwork(ref);

  it('is the network of the zoo, with bundled weights', () => {
    expect(network.info.name).toBe(name);
    expect(manifest.weights.map((entry) => entry.network)).toContain(ref);
  });

  it('names its layers, and a rule that is defined there', () => {
    expect(logitsNode(network.graph).id).toBe(logits);
    expect(nodeById(network.graph, layer).shape[0]).toBeGreaterThan(1);
    expect(isDefined(rule, network.graph)).toBe(true);
  });

  it('sees the picture that it knows how to read', () => {
    expect(inputNode(network.graph).shape[2]).toBe(picture === 'digit' ? 1 : 3);
  });
});

it('all bundled weights are measured', () => {
  expect(benchCases.map(({ ref }) => ref).sort()).toEqual(
    manifest.weights.map(({ network }) => network).sort(),
  );
});

it('the photo is as large as the page says', () => {
  expect(statSync(inPublic(`samples/${benchPhoto.file}`)).size).toBe(benchPhoto.bytes);
});

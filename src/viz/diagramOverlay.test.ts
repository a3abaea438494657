import { hcl } from 'd3-color';
import { describe, expect, it } from 'vitest';
import { networkCost } from '../models/cost.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';
import type { LayerTimes } from '../workers/contract.ts';
import { diagramGeometry } from './diagram.ts';
import { graphFigures } from './diagramFigures.ts';
import { allUnfolded, firstFolding } from './diagramFolding.ts';
import { labelFaults } from './diagramInvariants.ts';
import { visibleLabels } from './diagramLabelFit.ts';
import {
  diagramOverlay,
  formatQuantity,
  formatShare,
  heatScale,
  heatShades,
  nodeValues,
  OVERLAY_QUANTITIES,
  withShares,
} from './diagramOverlay.ts';
import { diagramSvg } from './diagramSvg.ts';
import { measurePlex } from './textMeasure.ts';

const timesOf = (ref: string): LayerTimes => ({
  ref,
  weightsName: 'w',
  backend: 'wasm',
  threads: 1,
  method: 'wall-clock',
  passes: 3,
  passMilliseconds: { lower: 1, median: 1, upper: 1 },
  resolutionMilliseconds: 0.005,
  layers: buildNetwork(ref).graph.nodes.map(({ id }, i) => ({
    node: id,
    milliseconds: { lower: i, median: i + 0.25, upper: i + 1 },
  })),
});

const geometryOf = (ref: string, unfolded?: ReadonlySet<string>) => {
  const { graph } = buildNetwork(ref);
  return diagramGeometry(graph, unfolded ?? firstFolding(graph), graphFigures(graph));
};

describe('what lies over the boxes', () => {
  it.each(members.map(({ id }) => id))(
    '%s: boxes add up to the whole network, however it is folded',
    (ref) => {
      const { graph } = buildNetwork(ref);
      const cost = networkCost(graph);
      const totals = {
        macs: cost.macs,
        parameters: cost.params,
        memory: (cost.allOutputElements + cost.inputElements) * 4,
      };
      const times = timesOf(ref);
      for (const unfolded of [new Set<string>(), firstFolding(graph), allUnfolded(graph)]) {
        const geometry = geometryOf(ref, unfolded);
        for (const quantity of OVERLAY_QUANTITIES) {
          const values = nodeValues(graph, quantity, times)!;
          const { boxes, total, mostShare } = diagramOverlay(geometry, values);
          expect(boxes.size).toBe(geometry.boxes.length);
          if (quantity !== 'time') expect(total).toBe(totals[quantity]);
          const all = [...boxes.values()];
          expect(all.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(total, 3);
          expect(all.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
          expect(Math.max(...all.map(({ heat }) => heat))).toBe(1);
          expect(Math.max(...all.map(({ share }) => share))).toBe(mostShare);
        }
      }
    },
  );

  it('has no time before it is measured', () => {
    expect(nodeValues(buildNetwork('zfnet').graph, 'time', null)).toBeNull();
  });

  it('sums what a folded block holds', () => {
    const { graph } = buildNetwork('resnet-18');
    const geometry = geometryOf('resnet-18', new Set());
    const { boxes } = diagramOverlay(geometry, nodeValues(graph, 'parameters', null)!);
    const inside = graph.nodes.filter(({ group }) => group.startsWith('conv4_x'));
    const params = inside.reduce((sum, { id }) => sum + networkCost(graph).nodes.get(id)!.params, 0);
    expect(boxes.get('block:conv4_x')?.value).toBe(params);
  });

  it('writes each share under the name of its box, without pushing text over other text', () => {
    for (const ref of ['zfnet', 'googlenet', 'densenet-201', 'resnet-152']) {
      const { graph } = buildNetwork(ref);
      const geometry = geometryOf(ref);
      const overlay = diagramOverlay(geometry, nodeValues(graph, 'macs', null)!);
      const labels = withShares(geometry.labels, overlay);
      for (const zoom of [0.3, 0.75, 1, 2.5])
        expect(labelFaults({ ...geometry, labels }, zoom, measurePlex), `${ref} at ${zoom}`).toEqual([]);
      const shown = visibleLabels(labels, 12, measurePlex).filter(({ kind }) => kind === 'share');
      const named = geometry.boxes.filter(({ form }) => form !== 'node');
      expect(shown.map(({ owner, text }) => [owner, text])).toEqual(
        expect.arrayContaining(named.map(({ id }) => [id, formatShare(overlay.boxes.get(id)!.share)])),
      );
    }
  });

  it('is lighter or darker the more there is, in steps that can be told apart, in both themes', () => {
    for (const theme of ['light', 'dark'] as const) {
      const lightness = heatScale(theme, 11).map((colour) => hcl(colour).l);
      const steps = lightness.slice(1).map((l, i) => (l - lightness[i]!) * (theme === 'light' ? -1 : 1));
      expect(Math.min(...steps)).toBeGreaterThan(5);
    }
  });

  it('keeps the sign of a sum readable on its colour', () => {
    for (const theme of ['light', 'dark'] as const)
      for (let heat = 0; heat <= 1; heat += 0.05) {
        const { front, sign } = heatShades(heat, theme);
        expect(Math.abs(hcl(front).l - hcl(sign).l), `${theme} ${heat}`).toBeGreaterThan(35);
      }
  });

  it('is in the saved picture: colours, shares and scale, and no activations', () => {
    const { graph } = buildNetwork('vgg-d');
    const geometry = geometryOf('vgg-d');
    const overlay = diagramOverlay(geometry, nodeValues(graph, 'parameters', null)!);
    const groups = { conv: 'c', dense: 'd', pool: 'p', norm: 'n', activation: 'a', join: 'j', output: 'o' };
    const words = { title: 'VGG', groups, answer: [], note: '', overlay: 'parts of everything' };
    const faces = new Map(graph.nodes.map(({ id }) => [id, 'data:face']));
    const svg = diagramSvg(geometry, 'light', words, { overlay, faces });
    expect(svg).toContain('>74.3\u2009%<');
    expect(svg).toContain('>parts of everything<');
    expect(svg).toContain(`fill="${heatShades(1, 'light').front}"`);
    expect(svg).not.toContain('data:face');
    expect(diagramSvg(geometry, 'light', words, { faces })).toContain('data:face');
  });

  it('has units where the quantity’s name is none', () => {
    expect(OVERLAY_QUANTITIES.map((quantity) => formatQuantity(quantity, 2048))).toEqual([
      '2.05\u2009s',
      '2.05\u2009k',
      '2.05\u2009k',
      '2.00\u2009KiB',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Graph } from '../models/graph.ts';
import { buildNetwork, members } from '../models/zoo/index.ts';

import { diagramGeometry } from './diagram.ts';
import { graphFigures } from './diagramFigures.ts';
import { allUnfolded, firstFolding, pathsAround } from './diagramFolding.ts';
import { geometryFaults, labelFaults } from './diagramInvariants.ts';
import { visibleLabels } from './diagramLabelFit.ts';
import { SPECIMENS } from './diagramSpecimens.ts';
import { ANSWER_PX, firstView, fitZoom, MOST_TALLNESS, tallnessFor } from './diagramView.ts';
import { neighbourBox } from './diagramWalk.ts';
import { measurePlex } from './textMeasure.ts';

const graphs: readonly (readonly [string, () => Graph])[] = [
  ...members.map(({ id }) => [id, () => buildNetwork(id).graph] as const),
  ...Object.entries(SPECIMENS),
  ['resnet-50', () => buildNetwork('resnet-50').graph],
];
const geometryOf = (graph: Graph, unfolded: ReadonlySet<string>) =>
  diagramGeometry(graph, unfolded, graphFigures(graph));

function foldings(graph: Graph): readonly (readonly [string, ReadonlySet<string>])[] {
  const blocks = graph.blocks.slice(0, 12);
  return [
    ['folded', new Set()],
    ['at first sight', firstFolding(graph)],
    ['unfolded', allUnfolded(graph)],
    ...blocks.map(({ path }) => [path, new Set(prefixes(path))] as const),
  ];
}
const prefixes = (path: string): string[] =>
  path.split('/').map((_, i, segments) => segments.slice(0, i + 1).join('/'));

describe.each(graphs)('diagram of %s', (_name, build) => {
  const graph = build();
  it('keeps boxes apart, ends every line on its boxes, and draws every node and connection', () => {
    for (const [name, unfolded] of foldings(graph))
      expect(geometryFaults(graph, geometryOf(graph, unfolded)), name).toEqual([]);
  });
  it('keeps text at 11 px or more, in its room, off the boxes and off other text at every zoom', () => {
    for (const [name, unfolded] of foldings(graph)) {
      const geometry = geometryOf(graph, unfolded);
      for (const zoom of [0.1, 0.3, 0.5, 0.75, 1, 1.4, 2.5, 6])
        expect(labelFaults(geometry, zoom, measurePlex), `${name} at ${zoom}`).toEqual([]);
    }
  });
  it('shows more text the closer one is, and in the end all of it', () => {
    const geometry = geometryOf(graph, firstFolding(graph));
    // Rows, not lines: a shape that is broken in two says no more than one that is not.
    const counts = [0.2, 0.5, 1, 2, 5].map((zoom) => {
      const labels = visibleLabels(geometry.labels, zoom, measurePlex);
      return new Set(labels.map(({ owner, kind }) => `${kind} of ${owner}`)).size;
    });
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    const rows = geometry.labels.flatMap((stack) => stack.rows.map((row) => `${stack.id}:${row.kind}`));
    const shown = visibleLabels(geometry.labels, 12, measurePlex).map(({ id }) => id.replace(/:\d+$/, ''));
    expect(rows.filter((row) => !shown.includes(row))).toEqual([]);
  });
  it('is the same every time', () => {
    expect(geometryOf(graph, firstFolding(graph))).toEqual(geometryOf(graph, firstFolding(graph)));
  });
});

describe('folding', () => {
  const resnet = buildNetwork('resnet-152').graph;
  it('folds equal neighbours into one box that says how many', () => {
    const { boxes } = geometryOf(resnet, firstFolding(resnet));
    const runs = boxes.filter((box) => box.count > 1).map((box) => [box.path, box.count]);
    expect(runs).toEqual([
      ['conv2_x/2', 2],
      ['conv3_x/2', 7],
      ['conv4_x/2', 35],
      ['conv5_x/2', 2],
    ]);
  });
  it('takes one block out of a run when it is opened', () => {
    const { boxes, frames } = geometryOf(resnet, new Set([...firstFolding(resnet), 'conv4_x/5']));
    expect(frames.map((frame) => frame.path)).toContain('conv4_x/5');
    const counts = boxes.filter((box) => box.path.startsWith('conv4_x')).map((box) => [box.path, box.count]);
    expect(counts).toEqual([
      ['conv4_x/1', 1],
      ['conv4_x/2', 3],
      ['conv4_x/6', 31],
    ]);
  });
  it('gives a node its own box once the paths around it are open', () => {
    const node = 'conv4_x/7/conv2';
    const folded = geometryOf(resnet, new Set());
    expect(folded.boxOf.get(node)).toBe('block:conv4_x');
    expect(geometryOf(resnet, new Set(pathsAround(resnet, node))).boxOf.get(node)).toBe(node);
  });
  it('puts in-place ops on the tensor that they work on', () => {
    const { boxOf } = geometryOf(buildNetwork('alexnet-2012').graph, new Set());
    const { graph } = buildNetwork('alexnet-2012');
    const bands = graph.nodes.filter(({ op }) => ['relu', 'lrn', 'dropout', 'softmax'].includes(op.kind));
    expect(bands.length).toBeGreaterThan(8);
    for (const node of bands) expect(boxOf.get(node.id)).not.toBe(node.id);
  });
  it('puts pre-activation ops before the convolution that reads them, their sum staying free for the shortcut', () => {
    const graph = SPECIMENS.preactivation!();
    const { boxOf, joints } = geometryOf(graph, allUnfolded(graph));
    expect([boxOf.get('0/bn1'), boxOf.get('0/relu1')]).toEqual(['0/conv1', '0/conv1']);
    const ofConv = joints.filter((joint) => joint.box === '0/conv1').sort((a, b) => a.x - b.x);
    expect(ofConv.slice(0, 3).map((joint) => joint.node)).toEqual(['0/bn1', '0/relu1', '0/conv1']);
  });
});

describe('shapes of the picture', () => {
  it('arches shortcuts over what they skip', () => {
    const { graph } = buildNetwork('resnet-18');
    const { edges, boxOf } = geometryOf(graph, allUnfolded(graph));
    const from = boxOf.get('conv2_x/1/relu2');
    const skip = edges.find((edge) => edge.from === from && edge.to === 'conv2_x/2/add');
    expect(skip?.kind).toBe('skip');
    expect(Math.min(...skip!.points.map((point) => point.y))).toBeLessThan(-40);
  });
  it('puts the branches of an inception module on four lanes', () => {
    const { graph } = buildNetwork('googlenet');
    const { boxes } = geometryOf(graph, new Set(['inception_3a']));
    const last = ['1x1', '3x3', '5x5', 'pool_proj'].map((name) => `inception_3a/${name}`);
    const middles = last
      .map((id) => boxes.find((box) => box.id === id)!)
      .map((box) => box.y + box.height / 2);
    expect(new Set(middles).size).toBe(4);
    expect([...middles].sort((a, b) => a - b)).toEqual(middles);
  });
  it('draws a dense block of concats as tracks that climb like stairs', () => {
    const graph = SPECIMENS.denseBlockOfAll!();
    const { edges } = geometryOf(graph, new Set(['dense1']));
    const tops = edges
      .filter((edge) => edge.kind === 'skip')
      .map((edge) => Math.min(...edge.points.map((point) => point.y)));
    expect(new Set(tops).size).toBeGreaterThanOrEqual(5);
  });
  it('hangs an auxiliary classifier below the line', () => {
    const graph = SPECIMENS.auxiliary!();
    const { boxes } = geometryOf(graph, allUnfolded(graph));
    const aux = boxes.find((box) => box.head === 'aux1/fc')!;
    expect(aux.y).toBeGreaterThan(40);
  });
  it.each(members.map(({ id }) => id))('%s is readable in 1000x420 when folded', (id) => {
    const { graph } = buildNetwork(id);
    const geometry = geometryOf(graph, firstFolding(graph));
    const { k } = firstView(geometry, { width: 1000, height: 420 });
    expect(k).toBe(fitZoom(geometry, 1000, 420, ANSWER_PX));
    const named = new Set(
      visibleLabels(geometry.labels, k, measurePlex)
        .filter((label) => label.kind === 'name')
        .map((label) => label.owner),
    );
    const boxes = geometry.boxes.filter((box) => box.form !== 'node');
    expect(named.size / boxes.length).toBeGreaterThan(0.8);
  });
});

describe('at first sight on a page of 1440x900', () => {
  /** What the page leaves for the diagram beside its panels. */
  const room = { width: 872, height: 342 };
  function seen(id: string) {
    const { graph } = buildNetwork(id);
    const layouts = [1, MOST_TALLNESS].map((tallness) =>
      diagramGeometry(graph, firstFolding(graph), graphFigures(graph), tallness),
    );
    const tallness = tallnessFor(layouts[0]!, layouts[1]!, room);
    const geometry = diagramGeometry(graph, firstFolding(graph), graphFigures(graph), tallness);
    const view = firstView(geometry, room);
    const labels = visibleLabels(geometry.labels, view.k, measurePlex);
    return { geometry, view, labels, boxes: geometry.boxes.filter((box) => box.form !== 'node') };
  }
  it.each(members.map(({ id }) => id))('%s names all of its boxes and blocks', (id) => {
    const { geometry, labels, boxes } = seen(id);
    const named = new Set(labels.filter(({ kind }) => kind === 'name').map(({ owner }) => owner));
    expect(boxes.filter((box) => !named.has(box.id)).map((box) => box.id)).toEqual([]);
    const framed = new Set(labels.filter(({ kind }) => kind === 'frame').map(({ owner }) => owner));
    expect(geometry.frames.filter(({ path }) => !framed.has(`block:${path}`))).toEqual([]);
  });
  it.each(members.map(({ id }) => id))('%s has each name under its box, and all text in the room', (id) => {
    const { geometry, view, labels, boxes } = seen(id);
    expect(labelFaults(geometry, view.k, measurePlex)).toEqual([]);
    const names = labels.filter(({ kind }) => kind === 'name');
    const astray = names.filter(({ owner, anchor, shift }) => {
      const box = boxes.find((candidate) => candidate.id === owner);
      if (box === undefined) return true;
      // A name of two lines is as wide as the wider one.
      const lines = names.filter((label) => label.owner === owner);
      const half = Math.max(...lines.map((line) => measurePlex(line.text, line.font, line.sizePx))) / 2;
      const own = box.room.width / 2;
      const middle = anchor.x + shift / view.k - box.room.x - own;
      // Its box's middle is above it, or it lies within its box's width; a few pixels do not count.
      return Math.abs(middle) * view.k > Math.max(half, own * view.k - half, 5) + 0.01;
    });
    expect(astray).toEqual([]);
    for (const label of labels) {
      const baseline = view.y + label.anchor.y * view.k + label.offset;
      expect(baseline, label.id).toBeGreaterThan(8);
      expect(baseline, label.id).toBeLessThan(room.height);
    }
  });
  it('gives most boxes their shape', () => {
    const shapeless = members.flatMap(({ id }) => {
      const { labels, boxes } = seen(id);
      const shaped = new Set(labels.filter(({ kind }) => kind === 'shape').map(({ owner }) => owner));
      return boxes.filter((box) => !shaped.has(box.id)).map((box) => `${id}: ${box.id}`);
    });
    expect(shapeless.length).toBeLessThanOrEqual(8);
  });
  it('gives most boxes of an unfolded ResNet their shape, with little room for each', () => {
    const { graph } = buildNetwork('resnet-50');
    const geometry = geometryOf(graph, allUnfolded(graph));
    const zoom = 0.36;
    const labels = visibleLabels(geometry.labels, zoom, measurePlex);
    const shaped = new Set(labels.filter(({ kind }) => kind === 'shape').map(({ owner }) => owner));
    expect(shaped.size).toBeGreaterThan(0.7 * geometry.boxes.filter((box) => box.form !== 'node').length);
    expect(labels.filter(({ owner }) => owner === 'conv3_x/2/conv3').map(({ text }) => text)).toEqual([
      'conv3',
      '28²',
      '×512',
    ]);
    expect(labelFaults(geometry, zoom, measurePlex)).toEqual([]);
  });
  it('puts equal figures on one line: the memory of a pooling, which has no parameters, beside its neighbours’', () => {
    const { labels } = seen('zfnet');
    const offset = (owner: string, kind: string) =>
      labels.find((label) => label.owner === owner && label.kind === kind)?.offset;
    expect(offset('pool1', 'parameters')).toBeUndefined();
    expect(offset('pool1', 'memory')).toBe(offset('conv1', 'memory'));
    expect(offset('fc6', 'parameters')).toBe(offset('conv5', 'parameters'));
  });
});

describe('height', () => {
  const tall = (graph: Graph, tallness: number) =>
    diagramGeometry(graph, firstFolding(graph), graphFigures(graph), tallness);
  const LABELS = 60;
  it.each(['zfnet', 'resnet-18', 'resnet-152', 'googlenet', 'lenet-5'])(
    '%s fills a high room, never leaves it, and is as it was in a low one',
    (id) => {
      const { graph } = buildNetwork(id);
      const [own, tallest] = [tall(graph, 1), tall(graph, MOST_TALLNESS)];
      expect(tallnessFor(own, tallest, { width: 870, height: 120 })).toBe(1);
      for (const room of [
        { width: 870, height: 340 },
        { width: 390, height: 240 },
        { width: 1400, height: 700 },
      ]) {
        const tallness = tallnessFor(own, tallest, room);
        const drawn = tall(graph, tallness);
        const { k } = firstView(drawn, room);
        const height = drawn.bounds.height * k + LABELS;
        expect(height).toBeLessThanOrEqual(room.height);
        expect(height > 0.8 * room.height || tallness === MOST_TALLNESS, `${height} of ${room.height}`).toBe(
          true,
        );
        expect(geometryFaults(graph, drawn)).toEqual([]);
        expect(labelFaults(drawn, k, measurePlex)).toEqual([]);
      }
    },
  );
});

describe('the invariants themselves', () => {
  const { graph } = buildNetwork('resnet-18');
  const geometry = geometryOf(graph, allUnfolded(graph));
  const moved = (id: string, dx: number, dy: number) => ({
    ...geometry,
    boxes: geometry.boxes.map((box) =>
      box.id === id ? { ...box, room: { ...box.room, x: box.room.x + dx, y: box.room.y + dy } } : box,
    ),
  });
  it('notice a box on another, a line that misses its box, a line through a box, and a missing line', () => {
    expect(geometryFaults(graph, moved('conv1', 110, 0)).join()).toContain('pool1 overlaps conv1');
    expect(geometryFaults(graph, moved('conv1', 0, 300)).join()).toContain('conv1>pool1 does not start');
    const arch = geometryFaults(graph, moved('conv2_x/1/conv1', 0, -90)).join();
    expect(arch).toContain('runs through conv2_x/1/conv1');
    const cut = { ...geometry, edges: geometry.edges.filter((edge) => edge.to !== 'pool1') };
    expect(geometryFaults(graph, cut)).toContain('no line from conv1 to pool1');
  });
  it('notice text that overlaps', () => {
    const wide = (text: string, _font: string, sizePx: number): number => text.length * sizePx;
    const crowded = {
      ...geometry,
      labels: geometry.labels.map((stack) => ({ ...stack, anchor: geometry.labels[0]!.anchor })),
    };
    expect(labelFaults(crowded, 1, wide).join()).toContain('overlaps');
  });
});

describe('walking', () => {
  const { graph } = buildNetwork('googlenet');
  const geometry = geometryOf(graph, new Set(['inception_3a']));
  it('follows the edges to the right and to the left', () => {
    expect(neighbourBox(geometry, 'input', 'right')).toBe('conv1');
    expect(neighbourBox(geometry, 'conv1', 'left')).toBe('input');
    expect(neighbourBox(geometry, 'input', 'left')).toBeNull();
  });
  it('changes lanes up and down', () => {
    expect(neighbourBox(geometry, 'inception_3a/3x3', 'down')).toBe('inception_3a/5x5');
    expect(neighbourBox(geometry, 'inception_3a/3x3', 'up')).toBe('inception_3a/1x1');
  });
});

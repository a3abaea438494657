import { describe, expect, it } from 'vitest';
import { graphDifference } from '../models/difference.ts';
import type { Graph } from '../models/graph.ts';
import { buildNetwork } from '../models/zoo/index.ts';
import { diagramGeometry } from './diagram.ts';
import { graphFigures } from './diagramFigures.ts';
import { allUnfolded, firstFolding } from './diagramFolding.ts';
import { fitView, firstView } from './diagramView.ts';
import { differenceMark, figuresChange, nodeMarks } from './differenceMarks.ts';
import type { MarkWords } from './differenceMarks.ts';
import { anchorsOf, counterpart, followingView, sharedHome, sharedTallness } from './differenceView.ts';

const pairs = [
  ['resnet-34', 'plain-34'],
  ['alexnet-2012', 'zfnet'],
  ['googlenet-naive', 'googlenet'],
  ['resnet-50', 'preact-resnet-50'],
  ['resnet-50', 'resnext-50-32x4d'],
  ['lenet-5', 'densenet-121'],
] as const;
const graph = (ref: string): Graph => buildNetwork(ref).graph;
function drawn(refs: readonly [string, string], folding: (of: Graph) => ReadonlySet<string>, tallness = 1) {
  const graphs = [graph(refs[0]), graph(refs[1])] as const;
  const draw = (of: Graph) => diagramGeometry(of, folding(of), graphFigures(of), tallness, graphs);
  return {
    graphs,
    first: draw(graphs[0]),
    second: draw(graphs[1]),
    difference: graphDifference(graphs[0], graphs[1]),
  };
}
const room = { width: 1100, height: 300 };

describe.each(pairs)('%s and %s side by side', (...refs) => {
  it.each([
    ['folded', firstFolding],
    ['unfolded', allUnfolded],
  ])('have places that stand for each other in rising order, %s', (_, folding) => {
    const { first, second, difference } = drawn(refs, folding);
    const anchors = anchorsOf(first, second, difference);
    expect(anchors.length).toBeGreaterThan(1);
    for (const [i, [x, y]] of anchors.entries()) {
      if (i > 0) expect([x > anchors[i - 1]![0], y > anchors[i - 1]![1]]).toEqual([true, true]);
      expect(counterpart(anchors, x, 'forwards')).toBeCloseTo(y, 6);
      expect(counterpart(anchors, y, 'backwards')).toBeCloseTo(x, 6);
    }
    // There and back is the same place, also between and beyond the anchors.
    for (let x = first.bounds.x - 50; x < first.bounds.width + 50; x += 37)
      expect(counterpart(anchors, counterpart(anchors, x, 'forwards'), 'backwards')).toBeCloseTo(x, 4);
  });

  it('have boxes of equal height for equal maps', () => {
    const { first, second, difference } = drawn(refs, allUnfolded);
    const boxOf = (of: typeof first, node: string) => of.boxes.find(({ id }) => id === of.boxOf.get(node))!;
    for (const pair of difference.pairs) {
      const [a, b] = [boxOf(first, pair.first), boxOf(second, pair.second)];
      if (a.form === b.form && a.shape[0] === b.shape[0] && a.shape[2] === b.shape[2])
        expect(b.height).toBeCloseTo(a.height, 6);
    }
  });

  it('are seen whole at one scale, the other following the one', () => {
    const { first, second, difference } = drawn(refs, firstFolding);
    const anchors = anchorsOf(first, second, difference);
    const place = (x: number) => counterpart(anchors, x, 'forwards');
    const home = sharedHome({ geometry: first, room }, { geometry: second, room }, place, fitView);
    const other = followingView(home, room, place, room);
    expect(other.k).toBe(home.k);
    expect(home.k).toBeLessThanOrEqual(Math.min(fitView(first, room).k, fitView(second, room).k) + 1e-9);
    for (const [{ bounds }, view] of [
      [first, home],
      [second, other],
    ] as const) {
      expect(bounds.x * view.k + view.x).toBeGreaterThanOrEqual(11);
      expect((bounds.x + bounds.width) * view.k + view.x).toBeLessThanOrEqual(room.width - 11);
      expect(bounds.y * view.k + view.y).toBeGreaterThanOrEqual(0);
    }
  });

  it('begin at the input where a phone shows no more', () => {
    const phone = { width: 366, height: 260 };
    const { first, second, difference } = drawn(refs, firstFolding);
    const anchors = anchorsOf(first, second, difference);
    const place = (x: number) => counterpart(anchors, x, 'forwards');
    const home = sharedHome(
      { geometry: first, room: phone },
      { geometry: second, room: phone },
      place,
      firstView,
    );
    const other = followingView(home, phone, place, phone);
    for (const [{ bounds }, view] of [
      [first, home],
      [second, other],
    ] as const) {
      const left = bounds.x * view.k + view.x;
      expect(left).toBeGreaterThanOrEqual(11);
      expect(left).toBeLessThan(phone.width / 2);
    }
  });

  it('are drawn as tall as both rooms allow', () => {
    const [own, tallest] = [drawn(refs, firstFolding, 1), drawn(refs, firstFolding, 2.2)];
    const drawings = [
      [own.first.bounds, tallest.first.bounds],
      [own.second.bounds, tallest.second.bounds],
    ] as const;
    const tallness = sharedTallness(drawings, room);
    expect(tallness).toBeGreaterThanOrEqual(1);
    expect(tallness).toBeLessThanOrEqual(2.2);
    expect(sharedTallness(drawings, { width: 0, height: 0 })).toBe(1);
    expect(sharedTallness(drawings, { ...room, height: 2000 })).toBe(2.2);
  });
});

describe('marks', () => {
  const words: MarkWords = {
    counts: ({ changed, only }) => `${changed} changed, ${only} only`,
    whole: 'only here',
    short: ({ changed, only }) => [`≠ ${changed + only}`],
    spoken: ({ changed, only, follows }, figures, whole) =>
      [changed, only, follows, figures ?? '-', whole].join(' '),
  };
  function marked(refs: readonly [string, string], folding: (of: Graph) => ReadonlySet<string>) {
    const { graphs, first, difference } = drawn(refs, folding);
    const marks = nodeMarks(difference, 'first');
    return new Map(first.boxes.map((box) => [box.id, differenceMark(box, marks, graphs, words)]));
  }
  it('say how a layer changes as papers write it', () => {
    const { graphs, difference } = drawn(['alexnet-2012', 'zfnet'], firstFolding);
    const figures = (id: string) =>
      figuresChange(
        difference.pairs.find(({ first }) => first === id)!,
        graphs,
      );
    expect(figures('conv1')).toBe('11×11 /4 → 7×7 /2');
    expect(figures('conv2')).toBe('5×5 g2 → 5×5 /2');
    expect(figures('conv3')).toBeNull();
    const next = drawn(['resnet-50', 'resnext-50-32x4d'], firstFolding);
    const [widened] = next.difference.pairs.filter(({ first }) => first === 'conv2_x/1/conv1');
    expect(figuresChange(widened!, next.graphs)).toBe('64 → 128');
  });
  it('are a sum over what a folded box stands for', () => {
    const marks = marked(['resnet-34', 'plain-34'], firstFolding);
    expect(marks.get('block:conv2_x/1')).toMatchObject({ kind: 'changed', words: '0 3 0 - false' });
    expect(marks.get('conv1')).toBeNull();
  });
  it('tell what only one network has from what is changed and what follows', () => {
    const plain = marked(['resnet-34', 'plain-34'], allUnfolded);
    expect(plain.get('conv3_x/1/add')).toMatchObject({ kind: 'only', texts: ['only here'] });
    expect(plain.get('conv3_x/1/shortcut_conv')).toMatchObject({ kind: 'only' });
    expect(plain.get('conv3_x/1/conv1')).toBeNull();
    const alex = marked(['alexnet-2012', 'zfnet'], firstFolding);
    expect(alex.get('conv1')).toMatchObject({ kind: 'changed' });
    expect(alex.get('conv1')!.texts[0]).toBe('11×11 /4 → 7×7 /2');
    expect(alex.get('input')).toMatchObject({ kind: 'follows', texts: [] });
    expect(alex.get('fc7')).toBeNull();
  });
});

import type { GraphDifference, NodePair } from '../models/difference.ts';
import { changeOf } from '../models/differenceGroups.ts';
import type { Graph, Node } from '../models/graph.ts';
import { inputShapes, nodesById } from '../models/lookup.ts';
import type { BoxMark, DiagramBox } from './diagramTypes.ts';
import { opFigures } from './opStyle.ts';

/** Which of the two networks: the first or the second. */
export type Side = 'first' | 'second';

/** What the difference says of one node; nothing of those that are the same. */
export type NodeMark =
  | { readonly kind: 'changed'; readonly pair: NodePair }
  | { readonly kind: 'follows'; readonly pair: NodePair }
  | { readonly kind: 'only' };

/** The marks of one network's nodes, by id. */
export function nodeMarks(difference: GraphDifference, side: Side): ReadonlyMap<string, NodeMark> {
  const marks = new Map<string, NodeMark>();
  for (const pair of difference.pairs) {
    const change = changeOf(pair);
    if (change !== null) marks.set(pair[side], { kind: change === 'changed' ? 'changed' : 'follows', pair });
  }
  for (const id of side === 'first' ? difference.onlyFirst : difference.onlySecond)
    marks.set(id, { kind: 'only' });
  return marks;
}

export interface MarkCounts {
  readonly changed: number;
  readonly only: number;
  readonly follows: number;
}

/** Words of the marks, in the reader's language. */
export interface MarkWords {
  /** On a box of several nodes: `3 changed, 2 only here`. */
  readonly counts: (counts: MarkCounts) => string;
  /** On a box all of which only this network has. */
  readonly whole: string;
  /** The same in a few signs, then fewer: `≠ 5`, `≠`. */
  readonly short: (counts: MarkCounts) => readonly string[];
  /** For a screen reader. */
  readonly spoken: (counts: MarkCounts, figures: string | null, whole: boolean) => string;
}

/** What a box of one of the two diagrams is marked with: the sum over all nodes that it stands for; null for equal ones. */
export function differenceMark(
  box: DiagramBox,
  marks: ReadonlyMap<string, NodeMark>,
  graphs: readonly [Graph, Graph],
  words: MarkWords,
): BoxMark | null {
  const found = box.nodes.flatMap((id) => marks.get(id) ?? []);
  if (found.length === 0) return null;
  const of = (kind: NodeMark['kind']): number => found.filter((mark) => mark.kind === kind).length;
  const counts = { changed: of('changed'), only: of('only'), follows: of('follows') };
  if (counts.changed + counts.only === 0)
    return { kind: 'follows', texts: [], words: words.spoken(counts, null, false) };
  const head = marks.get(box.head);
  // A sum that only one network has is that, although the ReLU on it works on something else in the other.
  const whole = counts.only === box.nodes.length || (box.form !== 'block' && head?.kind === 'only');
  if (whole) return { kind: 'only', texts: [words.whole], words: words.spoken(counts, null, true) };
  const figures = box.form !== 'block' && head?.kind === 'changed' ? figuresChange(head.pair, graphs) : null;
  return {
    kind: 'changed',
    texts: [
      ...(figures === null ? [] : [figures]),
      // One layer that is changed is a box with a sign; a number counts what is folded or bound together.
      ...(counts.changed + counts.only > 1 ? [words.counts(counts)] : []),
      ...words.short(counts),
    ],
    words: words.spoken(counts, figures, false),
  };
}

/** How papers would write a layer's change: `11×11 /4 → 7×7 /2`, or `64 → 128` maps; null where neither says it. */
export function figuresChange(pair: NodePair, [first, second]: readonly [Graph, Graph]): string | null {
  const [before, after] = [nodesById(first).get(pair.first)!, nodesById(second).get(pair.second)!];
  const [a, b] = [figuresOf(first, before), figuresOf(second, after)];
  if (a !== '' && b !== '' && a !== b) return `${a} → ${b}`;
  const maps = pair.aspects.find(({ key }) => key === 'filters' || key === 'units');
  return maps ? `${maps.before} → ${maps.after}` : null;
}

function figuresOf(graph: Graph, node: Node): string {
  return opFigures(node.op, inputShapes(graph, node)[0]?.[2] ?? 0);
}

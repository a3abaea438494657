import type { Graph } from '../models/graph.ts';
import { labelStacks } from './diagramLabels.ts';
import type { FiguresOf } from './diagramLabels.ts';
import { measureSeq, placeSeq } from './diagramLayout.ts';
import { drawWays, planWays } from './diagramRoute.ts';
import { foldGraph } from './diagramScope.ts';
import type { Folding } from './diagramScope.ts';
import { boxesAtFirst } from './diagramFolding.ts';
import { drawLeaf, heightsFor, SIZE } from './diagramSizes.ts';
import type { Heights } from './diagramSizes.ts';
import { buildTree, leavesOf } from './diagramTree.ts';
import type { Leaf, Seq } from './diagramTree.ts';
import { append } from './diagramUnits.ts';
import type { DiagramBox, DiagramFrame, DiagramGeometry, DiagramJoint, Rect } from './diagramTypes.ts';
import { OP_GROUPS, opGroup } from './opStyle.ts';

export type * from './diagramTypes.ts';

/**
 * The geometry of a network's diagram with these block paths unfolded: horizontal, left to right, in diagram units
 * (CSS pixels at 100 %). Pure: the same graph, folding and tallness (see `tallnessFor`) give the same picture everywhere.
 * `scaleOf`: the graphs whose pictures have one scale, so that equal maps are equally high in all of them.
 */
export function diagramGeometry(
  graph: Graph,
  unfolded: ReadonlySet<string>,
  figuresOf: FiguresOf,
  tallness = 1,
  scaleOf: readonly Graph[] = [graph],
): DiagramGeometry {
  const scale = heightsOf(scaleOf, tallness);
  const { root, leaves, ways } = measured(graph, unfolded, scale);
  placeSeq(root, 0, 0);

  const boxes = new Map<string, DiagramBox>();
  const joints = new Map<string, DiagramJoint[]>();
  for (const leaf of leaves) {
    const drawn = drawLeaf(leaf, leaf.seq.y, scale);
    boxes.set(drawn.box.id, drawn.box);
    joints.set(drawn.box.id, drawn.joints);
  }
  const frames = framesOf(root, 0);
  const boxOf = new Map<string, string>();
  for (const box of boxes.values()) for (const node of box.nodes) boxOf.set(node, box.id);
  const used = new Set(graph.nodes.map((node) => opGroup(node.op)));
  return {
    boxes: [...boxes.values()],
    joints: [...joints.values()].flat(),
    edges: drawWays(ways, boxes, joints),
    frames,
    labels: labelStacks(root, boxes, frames, scale, figuresOf),
    bounds: boundsOf(root),
    answer: { x: root.width + SIZE.gap / 2, y: 0 },
    boxOf,
    groups: OP_GROUPS.filter((group) => used.has(group)),
  };
}

/** How large a diagram is, without drawing it; see `diagramGeometry`. */
export function diagramBounds(
  graph: Graph,
  unfolded: ReadonlySet<string>,
  tallness = 1,
  scaleOf: readonly Graph[] = [graph],
): Rect {
  return boundsOf(measured(graph, unfolded, heightsOf(scaleOf, tallness)).root);
}

function boundsOf(root: Seq): Rect {
  return { x: -14, y: -root.up, width: root.width + 14, height: root.up + root.down };
}

function measured(graph: Graph, unfolded: ReadonlySet<string>, scale: Heights) {
  const folding = foldGraph(graph, unfolded);
  const root = buildTree(folding.root);
  const leaves = leavesOf(root);
  const ways = planWays(leafPairs(folding, leavesByUnit(leaves)));
  measureSeq(root, scale);
  return { root, leaves, ways };
}

const sides = new WeakMap<Graph, number>();

/** The same heights however much of the networks is unfolded. */
function heightsOf(graphs: readonly Graph[], tallness: number): Heights {
  return heightsFor(Math.max(...graphs.map(sideOf)), Math.max(...graphs.map(boxesAtFirst)), tallness);
}

/** The side of a graph's largest map, px. */
function sideOf(graph: Graph): number {
  let side = sides.get(graph);
  if (side === undefined) {
    side = graph.nodes.reduce((most, { shape }) => Math.max(most, shape[0], shape[1]), 1);
    sides.set(graph, side);
  }
  return side;
}

function leavesByUnit(leaves: readonly Leaf[]): ReadonlyMap<string, Leaf> {
  const leafOf = new Map<string, Leaf>();
  for (const leaf of leaves) {
    const units = leaf.item.kind === 'folded' ? leaf.item.units : [leaf.item.unit];
    for (const unit of units) leafOf.set(unit.id, leaf);
  }
  return leafOf;
}

/** Every pair of boxes with an edge between them, once. */
function leafPairs(folding: Folding, leafOf: ReadonlyMap<string, Leaf>): (readonly [Leaf, Leaf])[] {
  const pairs: (readonly [Leaf, Leaf])[] = [];
  const seen = new Map<string, Leaf[]>();
  for (const unit of folding.units)
    for (const id of folding.reads.get(unit.id) ?? []) {
      const from = leafOf.get(id);
      const to = leafOf.get(unit.id);
      if (!from || !to || from === to || seen.get(to.item.id)?.includes(from)) continue;
      append(seen, to.item.id, from);
      pairs.push([from, to]);
    }
  return pairs;
}

function framesOf(seq: Seq, depth: number): DiagramFrame[] {
  const inside = seq.elements.flatMap((element): DiagramFrame[] => {
    if (element.kind === 'parallel') return element.branches.flatMap((branch) => framesOf(branch, depth));
    if (element.kind === 'leaf') return [];
    const { path, x, width, up, down } = element;
    const frame = { path, depth, x, y: seq.y - up, width, height: up + down };
    return [frame, ...framesOf(element.content, depth + 1)];
  });
  return [...inside, ...seq.hangs.flatMap((hang) => framesOf(hang.content, depth))];
}

import type { Graph } from '../models/graph.ts';
import { foldGraph } from './diagramScope.ts';
import { buildTree, leavesOf } from './diagramTree.ts';

/** The block paths that must be unfolded for a node to have a box of its own. */
export function pathsAround(graph: Graph, nodeId: string): readonly string[] {
  const group = graph.nodes.find((node) => node.id === nodeId)?.group ?? '';
  const segments = group === '' ? [] : group.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'));
}

/** More boxes than this in a line have no room for their names on a page's width. */
const MOST_BOXES = 20;
const atFirst = new WeakMap<Graph, { readonly folding: ReadonlySet<string>; readonly boxes: number }>();

/**
 * What a diagram shows at first sight: stages open (a stage is a heading, its blocks are the content), blocks folded.
 * Where that is more than a page shows, the stages are folded too.
 */
export function firstFolding(graph: Graph): ReadonlySet<string> {
  return firstSight(graph).folding;
}

/** How many boxes that is. */
export function boxesAtFirst(graph: Graph): number {
  return firstSight(graph).boxes;
}

function firstSight(graph: Graph) {
  const known = atFirst.get(graph);
  if (known !== undefined) return known;
  const count = (folding: ReadonlySet<string>): number =>
    leavesOf(buildTree(foldGraph(graph, folding).root)).length;
  const stages = graph.blocks.filter((block) => block.kind === 'stage').map((block) => block.path);
  let folding: ReadonlySet<string> = new Set(stages);
  let boxes = count(folding);
  if (boxes > MOST_BOXES) {
    folding = new Set();
    boxes = count(folding);
  }
  const sight = { folding, boxes };
  atFirst.set(graph, sight);
  return sight;
}

/** Every block open. */
export function allUnfolded(graph: Graph): ReadonlySet<string> {
  return new Set(graph.blocks.map((block) => block.path));
}

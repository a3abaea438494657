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
const firstFoldings = new WeakMap<Graph, ReadonlySet<string>>();

/**
 * What a diagram shows at first sight: stages open (a stage is a heading, its blocks are the content), blocks folded.
 * Where that is more than a page shows, the stages are folded too.
 */
export function firstFolding(graph: Graph): ReadonlySet<string> {
  let folding = firstFoldings.get(graph);
  if (folding === undefined) {
    const stages = graph.blocks.filter((block) => block.kind === 'stage').map((block) => block.path);
    const open = new Set(stages);
    const boxes = leavesOf(buildTree(foldGraph(graph, open).root)).length;
    folding = boxes > MOST_BOXES ? new Set() : open;
    firstFoldings.set(graph, folding);
  }
  return folding;
}

/** Every block open. */
export function allUnfolded(graph: Graph): ReadonlySet<string> {
  return new Set(graph.blocks.map((block) => block.path));
}

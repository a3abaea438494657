import type { Graph } from '../models/graph.ts';

/** The block paths that must be unfolded for a node to have a box of its own. */
export function pathsAround(graph: Graph, nodeId: string): readonly string[] {
  const group = graph.nodes.find((node) => node.id === nodeId)?.group ?? '';
  const segments = group === '' ? [] : group.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'));
}

/** What a diagram shows at first sight: stages open (a stage is a heading, its blocks are the content), blocks folded. */
export function firstFolding(graph: Graph): ReadonlySet<string> {
  return new Set(graph.blocks.filter((block) => block.kind === 'stage').map((block) => block.path));
}

/** Every block open. */
export function allUnfolded(graph: Graph): ReadonlySet<string> {
  return new Set(graph.blocks.map((block) => block.path));
}

import { useMemo } from 'react';
import type { Graph } from '../../models/graph.ts';
import { tallnessIn } from '../../viz/diagramFill.ts';
import type { Room } from '../../viz/diagramView.ts';

/** How tall the boxes are drawn in this room; see `tallnessIn`. */
export function useTallness(graph: Graph, room: Room): number {
  return useMemo(() => tallnessIn(graph, room), [graph, room]);
}

import { useMemo } from 'react';
import type { Graph } from '../../models/graph.ts';
import { diagramBounds } from '../../viz/diagram.ts';
import { firstFolding } from '../../viz/diagramFolding.ts';
import { MOST_TALLNESS, tallnessFor } from '../../viz/diagramView.ts';
import type { Room } from '../../viz/diagramView.ts';

/** How tall the boxes are drawn, so that the folded network fills the height of its room; see `tallnessFor`. */
export function useTallness(graph: Graph, room: Room): number {
  const [own, tallest] = useMemo(() => {
    const bounds = (tallness: number) => ({ bounds: diagramBounds(graph, firstFolding(graph), tallness) });
    return [bounds(1), bounds(MOST_TALLNESS)] as const;
  }, [graph]);
  return tallnessFor(own, tallest, room);
}

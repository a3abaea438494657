import type { Graph } from '../models/graph.ts';
import { diagramBounds } from './diagram.ts';
import { firstFolding } from './diagramFolding.ts';
import { MOST_TALLNESS, tallnessFor } from './diagramView.ts';
import type { Room } from './diagramView.ts';
import type { Rect } from './diagramTypes.ts';

interface Bounded {
  readonly bounds: Rect;
}
const laidOut = new WeakMap<Graph, readonly [own: Bounded, tallest: Bounded]>();

/** How tall the boxes of a graph are drawn, so that the folded network fills the height of its room; see `tallnessFor`. */
export function tallnessIn(graph: Graph, room: Room): number {
  // Before there is a room nothing needs to be laid out for it.
  if (room.width === 0) return 1;
  let bounds = laidOut.get(graph);
  if (bounds === undefined) {
    const at = (tallness: number): Bounded => ({
      bounds: diagramBounds(graph, firstFolding(graph), tallness),
    });
    bounds = [at(1), at(MOST_TALLNESS)];
    laidOut.set(graph, bounds);
  }
  return tallnessFor(...bounds, room);
}

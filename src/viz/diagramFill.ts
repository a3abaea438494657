import type { Graph } from '../models/graph.ts';
import { diagramBounds } from './diagram.ts';
import { firstFolding } from './diagramFolding.ts';
import { MOST_TALLNESS, tallnessFor } from './diagramView.ts';
import type { Room } from './diagramView.ts';
import type { Rect } from './diagramTypes.ts';

interface Bounded {
  readonly bounds: Rect;
}
/** How large a network is as it is, and with the tallest boxes: all that its tallness depends on. */
export type Heights = readonly [own: Bounded, tallest: Bounded];

const laidOut = new WeakMap<Graph, Heights>();

/** How tall the boxes of a graph are drawn, so that the folded network fills the height of its room; see `tallnessFor`. */
export function tallnessIn(graph: Graph, room: Room): number {
  // Before there is a room nothing needs to be laid out for it.
  if (room.width === 0) return 1;
  return tallnessFor(...heightsAtFirst(graph), room);
}

/** The folded network laid out at both ends of what tallness may be. */
export function heightsAtFirst(graph: Graph): Heights {
  let heights = laidOut.get(graph);
  if (heights === undefined) {
    const at = (tallness: number): Bounded => ({
      bounds: diagramBounds(graph, firstFolding(graph), tallness),
    });
    heights = [at(1), at(MOST_TALLNESS)];
    laidOut.set(graph, heights);
  }
  return heights;
}

import type { DiagramBox, DiagramGeometry } from './diagramTypes.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The box that an arrow key leads to: right and left follow the graph's edges (the first one where they fan out), up and
 * down go to the nearest lane. Null where there is nothing that way.
 */
export function neighbourBox(geometry: DiagramGeometry, id: string, direction: Direction): string | null {
  if (direction === 'right' || direction === 'left') {
    const along = geometry.edges.filter((edge) => (direction === 'right' ? edge.from : edge.to) === id);
    const near = along.find((edge) => edge.kind === 'flow') ?? along[0];
    return near === undefined ? null : direction === 'right' ? near.to : near.from;
  }
  const here = geometry.boxes.find((box) => box.id === id);
  if (here === undefined) return null;
  const sign = direction === 'up' ? -1 : 1;
  const from = middle(here);
  let best: string | null = null;
  let least = Infinity;
  for (const box of geometry.boxes) {
    const to = middle(box);
    const away = (to.y - from.y) * sign;
    const aside = Math.abs(to.x - from.x);
    // Only what lies more up or down than sideways counts as above or below.
    if (away < 4 || aside > away * 1.5) continue;
    if (away + aside * 2 < least) {
      least = away + aside * 2;
      best = box.id;
    }
  }
  return best;
}

/** A box, what it reads and what reads it. */
export function withNeighbours(geometry: DiagramGeometry, id: string): ReadonlySet<string> {
  const near = new Set([id]);
  for (const edge of geometry.edges) {
    if (edge.from === id) near.add(edge.to);
    if (edge.to === id) near.add(edge.from);
  }
  return near;
}

function middle(box: DiagramBox): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

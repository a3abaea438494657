import type { DiagramGeometry } from '../../viz/diagram.ts';
import type { Room } from '../../viz/diagramView.ts';
import type { View } from './useZoom.ts';

/** A diagram as those see it that move with it. */
export interface LinkedView {
  readonly current: () => View;
  readonly geometry: () => DiagramGeometry;
  readonly room: () => Room;
  /** Moves at once, as somebody else has moved. */
  readonly follow: (view: View) => void;
  /** Zooms about the middle, as the diagram's own keys do. */
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
}

/** What holds diagrams together that zoom and pan as one. */
export interface ViewLink {
  readonly join: (member: LinkedView) => () => void;
  /** The member has moved: the others follow. Called for every frame of a motion. */
  readonly moved: (member: LinkedView) => void;
  /** The member's drawing has changed: whoever follows finds its place anew. */
  readonly redrawn: (member: LinkedView) => void;
  /** Somebody works in this member: it keeps its place when the drawings change, and the others follow it. */
  readonly lead: (member: LinkedView) => void;
  readonly leads: (member: LinkedView) => boolean;
  /** Where the member stands when all members show their whole drawing, or its beginning. */
  readonly home: (member: LinkedView, own: (geometry: DiagramGeometry, room: Room) => View) => View;
}

import { startTransition, useCallback, useRef, useState } from 'react';
import type { DiagramGeometry, Rect } from '../../viz/diagram.ts';
import { firstView } from '../../viz/diagramView.ts';
import type { DrawingView, Room } from '../../viz/diagramView.ts';
import { holdsView, isLarge, meets, regionAround, visibleRect } from '../../viz/diagramWindow.ts';

interface Drawn {
  readonly geometry: DiagramGeometry;
  readonly region: Rect;
}

/**
 * Which part of a large drawing is in the page; null: all of it, for it is small. A pan within the part renders nothing; one
 * that leaves it asks for the next part, which may come a moment later.
 */
export function useRegion(geometry: DiagramGeometry, room: Room) {
  const [state, setState] = useState<Drawn | null>(null);
  const kept = useRef<Drawn | null>(null);

  /** Says where the drawing stands, or will after a motion from one view to another. */
  const look = useCallback(
    (of: DiagramGeometry, size: Room, views: readonly [DrawingView, ...DrawingView[]], now: boolean) => {
      if (!isLarge(of) || size.width === 0) return;
      const before = kept.current;
      if (before?.geometry === of && views.every((view) => holdsView(before.region, view, size))) return;
      const next = { geometry: of, region: regionAround(views, size) };
      kept.current = next;
      if (now) setState(next);
      else startTransition(() => setState(next));
    },
    [],
  );
  /** Whether a motion to a view crosses only what is drawn; else it would show emptiness on its way. */
  const isNear = useCallback((of: DiagramGeometry, size: Room, view: DrawingView): boolean => {
    const before = kept.current;
    return !isLarge(of) || (before?.geometry === of && meets(before.region, visibleRect(view, size)));
  }, []);

  let region: Rect | null = null;
  if (isLarge(geometry))
    region =
      state?.geometry === geometry
        ? state.region
        : room.width === 0
          ? { x: 0, y: 0, width: 0, height: 0 }
          : regionAround([firstView(geometry, room)], room);
  return { region, look, isNear };
}

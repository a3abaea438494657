import { select, zoom, zoomIdentity } from 'd3';
import type { ZoomBehavior, ZoomTransform } from 'd3';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { Room } from '../../viz/diagramView.ts';

/** Where the drawing stands on the screen: `screen = drawing * k + (x, y)`. */
export interface View {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export interface ZoomHandle {
  readonly current: () => View;
  /** Moves to a view, in `milliseconds` (0: at once). */
  readonly moveTo: (view: View, milliseconds: number) => void;
  /** Zooms about the middle of the picture. */
  readonly zoomBy: (factor: number, milliseconds: number) => void;
}

/**
 * Pan and zoom by mouse, wheel, touch and pinch: the one user of d3-selection and d3-zoom. A pan sets one transform
 * and calls `onView`; React renders nothing for it. `byUser` tells a gesture from `moveTo`.
 */
export function useZoom(
  svg: RefObject<SVGSVGElement | null>,
  layer: RefObject<SVGGElement | null>,
  room: RefObject<Room>,
  onView: (view: View, byUser: boolean) => void,
): ZoomHandle {
  const behaviour = useRef<ZoomBehavior<SVGSVGElement, unknown> | null>(null);
  const view = useRef<View>({ k: 1, x: 0, y: 0 });
  const listener = useRef(onView);
  useEffect(() => {
    listener.current = onView;
  });

  // In the layout phase, so that the first view is set before the first paint.
  useLayoutEffect(() => {
    const element = svg.current;
    if (element === null) return;
    // d3 does not know that our own pan is a gesture.
    let wheeling = false;
    const made = zoom<SVGSVGElement, unknown>()
      // From the room that is known: to ask the element would lay the whole page out at every move.
      .extent(() => [
        [0, 0],
        [room.current.width, room.current.height],
      ])
      .scaleExtent([0.02, 10])
      .clickDistance(5)
      .filter(
        (event: MouseEvent | WheelEvent) => !pansByWheel(event) && event.button !== 2 && event.button !== 1,
      )
      .on('zoom', ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: unknown }) => {
        const { k, x, y } = transform;
        if (k !== view.current.k) element.style.setProperty('--zoom', String(k));
        view.current = { k, x, y };
        layer.current?.setAttribute('transform', `translate(${x} ${y}) scale(${k})`);
        listener.current(view.current, wheeling || (sourceEvent !== null && sourceEvent !== undefined));
      });
    behaviour.current = made;
    const selection = select(element);
    selection.call(made).on('dblclick.zoom', null);
    const pan = (event: WheelEvent): void => {
      if (!pansByWheel(event)) return;
      event.preventDefault();
      const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      wheeling = true;
      made.translateBy(selection, -across / view.current.k, 0);
      wheeling = false;
    };
    element.addEventListener('wheel', pan, { passive: false });
    return () => {
      element.removeEventListener('wheel', pan);
      selection.on('.zoom', null);
      behaviour.current = null;
    };
  }, [svg, layer, room]);

  const moveTo = useCallback(
    ({ k, x, y }: View, milliseconds: number) => {
      const element = svg.current;
      if (element === null || behaviour.current === null) return;
      const to = zoomIdentity.translate(x, y).scale(k);
      const selection = select(element);
      if (milliseconds <= 0) selection.interrupt().call(behaviour.current.transform, to);
      else selection.transition().duration(milliseconds).call(behaviour.current.transform, to);
    },
    [svg],
  );
  const zoomBy = useCallback(
    (factor: number, milliseconds: number) => {
      const element = svg.current;
      if (element === null || behaviour.current === null) return;
      const selection = select(element);
      if (milliseconds <= 0) behaviour.current.scaleBy(selection, factor);
      else behaviour.current.scaleBy(selection.transition().duration(milliseconds), factor);
    },
    [svg],
  );
  const current = useCallback(() => view.current, []);
  return { current, moveTo, zoomBy };
}

/** A sideways wheel (or shift) pans along the network; an upright one, and a pinch, zoom. */
function pansByWheel(event: Event): boolean {
  if (!(event instanceof WheelEvent) || event.ctrlKey || event.metaKey) return false;
  return event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
}

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { DiagramGeometry } from '../../viz/diagram.ts';
import { firstView, fitView, frameView, holdView, openedBlock, revealView } from '../../viz/diagramView.ts';
import type { Room } from '../../viz/diagramView.ts';
import type { MinimapHandle } from './Minimap.tsx';
import { useRegion } from './useRegion.ts';
import { useZoom } from './useZoom.ts';
import type { View } from './useZoom.ts';
import type { LinkedView, ViewLink } from './viewLink.ts';

interface ViewOptions {
  /** The stage's size. */
  readonly size: Room;
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly layer: RefObject<SVGGElement | null>;
  readonly minimap: RefObject<MinimapHandle | null>;
  readonly geometry: DiagramGeometry;
  readonly network: string;
  /** Other diagrams that move with this one. */
  readonly link: ViewLink | undefined;
}

/** Where the drawing stands in its room: fits at first, stays where it was put, holds its place while blocks unfold. */
export function useView({ size, svg, layer, minimap, geometry, network, link }: ViewOptions) {
  const [labelZoom, setLabelZoom] = useState(() =>
    size.width === 0 ? 1 : shownZoom(firstView(geometry, size).k),
  );
  const [overflows, setOverflows] = useState(() => size.width > 0 && exceeds(geometry, labelZoom, size));
  const room = useRef(size);
  const drawn = useRef(geometry);
  const fitted = useRef(true);
  const held = useRef<{ readonly id: string; readonly x: number } | null>(null);
  const frame = useRef(0);
  const self = useRef<LinkedView | null>(null);
  /** Somebody works here: whatever is linked follows. */
  const lead = useCallback(() => {
    if (self.current !== null) link?.lead(self.current);
  }, [link]);

  const { region, look, isNear } = useRegion(geometry, size);

  const zoom = useZoom(svg, layer, room, (view, byUser) => {
    minimap.current?.follow(view, room.current.width, room.current.height);
    look(drawn.current, room.current, [view], false);
    if (byUser) {
      lead();
      fitted.current = false;
      showSoon(view.k);
    }
    if (self.current !== null) link?.moved(self.current);
  });
  const { current } = zoom;
  const show = useCallback((k: number) => {
    setLabelZoom((before) => (Math.abs(before / k - 1) < 0.005 ? before : k));
    setOverflows(exceeds(drawn.current, k, room.current));
  }, []);
  // Text is chosen anew once a frame at most, and only where the zoom has changed: a pan changes no state.
  const showSoon = useCallback(
    (k: number) => {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => show(k));
    },
    [show],
  );
  // A move of our own has a known end: its text is chosen once, before the motion.
  const { moveTo: glide, zoomBy: glideBy } = zoom;
  const moveTo = useCallback(
    (view: View, milliseconds: number) => {
      show(view.k);
      const moves = milliseconds > 0 && isNear(drawn.current, room.current, view);
      look(drawn.current, room.current, moves ? [view, current()] : [view], true);
      glide(view, moves ? milliseconds : 0);
    },
    [glide, show, look, isNear, current],
  );
  const zoomBy = useCallback(
    (factor: number, milliseconds: number) => {
      show(current().k * factor);
      look(drawn.current, room.current, [zoomedBy(current(), factor, room.current), current()], true);
      glideBy(factor, milliseconds);
    },
    [glideBy, show, look, current],
  );

  /** To the whole drawing or its beginning; linked diagrams stand so that each of them does. */
  const goHome = useCallback(
    (own: typeof firstView, milliseconds: number) => {
      const linked = self.current !== null ? link?.home(self.current, own) : undefined;
      moveTo(linked ?? own(drawn.current, room.current), milliseconds);
    },
    [link, moveTo],
  );

  useLayoutEffect(() => {
    if (link === undefined) return;
    const member: LinkedView = {
      current,
      geometry: () => drawn.current,
      room: () => room.current,
      follow: (view) => {
        fitted.current = false;
        glide(view, 0);
        showSoon(view.k);
      },
      zoomBy: (factor) => {
        fitted.current = false;
        zoomBy(factor, motion());
      },
      fit: () => {
        fitted.current = true;
        goHome(fitView, motion());
      },
    };
    self.current = member;
    const leave = link.join(member);
    return () => {
      self.current = null;
      leave();
    };
  }, [link, current, glide, showSoon, zoomBy, goHome]);

  useLayoutEffect(() => {
    room.current = size;
    if (size.width === 0) return;
    if (fitted.current) goHome(firstView, 0);
    else look(drawn.current, size, [current()], true);
  }, [size, goHome, look, current]);

  const shown = useRef(network);
  const fewest = useRef(geometry.frames.length);
  useLayoutEffect(() => {
    const before = drawn.current;
    drawn.current = geometry;
    if (shown.current !== network) fewest.current = geometry.frames.length;
    if (room.current.width === 0) return;
    if (shown.current !== network) {
      shown.current = network;
      fitted.current = true;
      goHome(firstView, 0);
    } else if (before !== geometry && sameBoxes(before, geometry)) {
      // Only its heights have changed: the room has another shape.
      if (fitted.current) goHome(firstView, 0);
    } else if (
      before !== geometry &&
      link !== undefined &&
      self.current !== null &&
      !link.leads(self.current)
    ) {
      // What is linked unfolds together; the one that somebody works in says where all stand then.
      link.redrawn(self.current);
    } else if (before !== geometry) {
      const anchor = held.current;
      const kept = anchor === null ? current() : holdView(geometry, anchor.id, anchor.x, current());
      moveTo(kept, 0);
      const path = openedBlock(before, geometry);
      const close = path === null ? null : frameView(geometry, path, kept.k, room.current);
      // Unfolding leads to what has been unfolded, folding everything back to the whole.
      if (close !== null) {
        fitted.current = false;
        moveTo(close, motion());
      } else if (anchor === null || geometry.frames.length <= fewest.current) {
        fitted.current = true;
        goHome(firstView, motion());
      }
    }
    held.current = null;
    minimap.current?.follow(current(), room.current.width, room.current.height);
  }, [geometry, network, link, moveTo, goHome, current, minimap]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  useEffect(() => {
    if (overflows) minimap.current?.follow(current(), room.current.width, room.current.height);
  }, [overflows, minimap, current, geometry]);

  const reveal = useCallback(
    (id: string, milliseconds = motion()) => {
      const to = revealView(drawn.current, id, current(), room.current);
      if (to !== null) {
        lead();
        fitted.current = false;
        moveTo(to, milliseconds);
      }
    },
    [moveTo, current, lead],
  );
  const fit = useCallback(() => {
    lead();
    fitted.current = true;
    goHome(fitView, motion());
  }, [goHome, lead]);
  const by = useCallback(
    (factor: number) => {
      lead();
      fitted.current = false;
      zoomBy(factor, motion());
    },
    [zoomBy, lead],
  );
  return {
    region,
    labelZoom,
    overflows,
    fit,
    reveal,
    zoomBy: by,
    actualSize: useCallback(() => by(1 / current().k), [by, current]),
    /** Keeps a block's left edge where it is on screen through the next change of folding. */
    hold: useCallback(
      (id: string) => {
        lead();
        const rect = placeOf(drawn.current, id);
        const { k, x } = current();
        held.current = rect === null ? null : { id, x: rect.x * k + x };
      },
      [current, lead],
    ),
    centre: useCallback(
      (x: number, y: number) => {
        lead();
        const { k } = current();
        fitted.current = false;
        moveTo({ k, x: room.current.width / 2 - x * k, y: room.current.height / 2 - y * k }, 0);
      },
      [moveTo, current, lead],
    ),
    onScreen: (id: string) => {
      const rect = placeOf(drawn.current, id);
      const { k, x, y } = current();
      return rect === null
        ? null
        : {
            x: (rect.x + rect.width / 2) * k + x,
            top: rect.y * k + y,
            bottom: (rect.y + rect.height) * k + y,
          };
    },
  };
}

/** The zoom for which text is chosen: that of 100 % for all that look like it. */
export function shownZoom(k: number): number {
  return Math.abs(1 / k - 1) < 0.005 ? 1 : k;
}

/** A view zoomed about the middle of its room. */
function zoomedBy({ k, x, y }: View, factor: number, { width, height }: Room): View {
  const about = (at: number, middle: number): number => middle - (middle - at) * factor;
  return { k: k * factor, x: about(x, width / 2), y: about(y, height / 2) };
}

function sameBoxes(a: DiagramGeometry, b: DiagramGeometry): boolean {
  return a.boxes.length === b.boxes.length && a.boxes.every((box, i) => box.id === b.boxes[i]?.id);
}

function placeOf(geometry: DiagramGeometry, id: string) {
  const frame = geometry.frames.find(({ path }) => `block:${path}` === id);
  return frame ?? geometry.boxes.find((box) => box.id === id)?.room ?? null;
}

function exceeds({ bounds }: DiagramGeometry, k: number, { width, height }: Room): boolean {
  return bounds.width * k > width || bounds.height * k > height;
}

function motion(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200;
}

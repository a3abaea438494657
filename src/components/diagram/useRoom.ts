import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Room } from '../../viz/diagramView.ts';

const unknown: Room = { width: 0, height: 0 };
let expected = unknown;

/** Says how large the diagram's room will be, where it is drawn before there is a window (src/first/prerender.tsx). */
export function expectRoom(room: Room | null): void {
  expected = room ?? unknown;
}

/**
 * The size of an element in CSS px, kept up to date; zero before the first layout. Of the page's own diagram, of this network,
 * it is known from elsewhere how large it will be: then it is not asked for before the browser has laid out the page anyway.
 */
export function useRoom(element: RefObject<HTMLElement | null>, network: string | null): Room {
  const [room, setRoom] = useState<Room>(() =>
    network === null ? unknown : (roomLeft(network) ?? roomOfPicture()),
  );
  const known = useRef(room);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    const measure = (): void =>
      setRoom((before) =>
        before.width === watched.clientWidth && before.height === watched.clientHeight
          ? before
          : { width: watched.clientWidth, height: watched.clientHeight },
      );
    if (known.current.width === 0) measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  useEffect(() => {
    if (network !== null) left = { room, place: placeOf(network) };
  }, [network, room]);
  return room;
}

/**
 * A room that is drawn for in a task of its own, which the next size interrupts: while somebody drags an edge, the drawing
 * follows as fast as it can, and the page goes on. The first room is drawn for at once.
 */
export function useSettledRoom(room: Room): Room {
  const settled = useDeferredValue(room);
  return settled.width === 0 ? room : settled;
}

/** Another window, or a network that shows other things beside its diagram, is another place. */
const placeOf = (network: string): string => `${globalThis.innerWidth} ${globalThis.innerHeight} ${network}`;
let left: { readonly room: Room; readonly place: string } | null = null;

/** The room that the diagram had when it was left: it comes back to the same place. */
const roomLeft = (network: string): Room | null => (left?.place === placeOf(network) ? left.room : null);

/**
 * The room of the picture that stands where the page's first diagram will be (src/first): that diagram is then drawn once,
 * and not first for no room and again for this one. Zero where there is no such picture.
 */
function roomOfPicture(): Room {
  // There is no document where the picture itself is made.
  if (globalThis.document === undefined) return expected;
  const picture = document.querySelector('#root > [inert] [data-picture]');
  return picture === null ? unknown : { width: picture.clientWidth, height: picture.clientHeight };
}

import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';
import type { Room } from '../../viz/diagramView.ts';

/** The size of an element in CSS px, kept up to date; zero before the first layout. */
export function useRoom(element: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState<Room>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    const measure = (): void =>
      setRoom((before) =>
        before.width === watched.clientWidth && before.height === watched.clientHeight
          ? before
          : { width: watched.clientWidth, height: watched.clientHeight },
      );
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return room;
}

import { startTransition, useEffect, useRef, useState, type RefObject } from 'react';

/** An element and its width in CSS px: charts are laid out for the room that they have. */
export function useWidth<T extends HTMLElement>(): readonly [RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return;
    // A chart out of sight is not observed, and is there for those who do not look; each is drawn in a slice of its own.
    const { clientWidth } = element.current;
    startTransition(() => setWidth(clientWidth));
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}

import { useSyncExternalStore } from 'react';

/** Whether a media query holds now; re-renders when that changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
  );
}

/** One column under 700 px, the right panel as a drawer under 1200 px, all three columns from there on. */
export type Frame = 'narrow' | 'medium' | 'wide';

export function useFrame(): Frame {
  const wide = useMedia('(min-width: 1200px)');
  const medium = useMedia('(min-width: 700px)');
  return wide ? 'wide' : medium ? 'medium' : 'narrow';
}

import { useSyncExternalStore } from 'react';

/** Whether a media query holds now; re-renders when that changes. */
export function useMedia(query: string): boolean {
  const holds = (): boolean => matchMedia(query).matches;
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    holds,
    // Drawn before there is a browser (src/first), the page asks the one that is imagined there.
    holds,
  );
}

/** One column under 700 px, the right panel as a drawer under 1200 px, all three columns from there on. */
export type Frame = 'narrow' | 'medium' | 'wide';

export function useFrame(): Frame {
  const wide = useMedia('(min-width: 1200px)');
  const medium = useMedia('(min-width: 700px)');
  return wide ? 'wide' : medium ? 'medium' : 'narrow';
}

import { useEffect } from 'react';
import { useStore } from '../store/store.ts';
import { inSlices } from '../ui/inSlices.ts';
import { useMedia } from '../ui/useMedia.ts';

/** The colours that are in force now: the user's choice, or the system's. Keeps the root element in step. */
export function useTheme(): 'light' | 'dark' {
  const choice = useStore((s) => s.theme);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const theme = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (dataset.theme !== theme) inSlices(() => (dataset.theme = theme));
  }, [theme]);
  return theme;
}

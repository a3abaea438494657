import { Info, Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import type { Language, Theme } from '../store/types.ts';
import { Segments } from '../ui/Segments.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import { Tip } from '../ui/Tip.tsx';
import ui from '../ui/ui.module.css';
import styles from './App.module.css';

const About = lazy(async () => ({ default: (await import('./About.tsx')).About }));
const Keys = lazy(async () => ({ default: (await import('./Keys.tsx')).Keys }));

const themes: readonly { readonly value: Theme; readonly Icon: typeof Sun }[] = [
  { value: 'system', Icon: Monitor },
  { value: 'light', Icon: Sun },
  { value: 'dark', Icon: Moon },
];
const languages: readonly { readonly value: Language; readonly text: string; readonly name: string }[] = [
  { value: 'en', text: 'EN', name: 'English' },
  { value: 'ko', text: 'KO', name: '한국어' },
];

/** Language, colours, keys and about: what concerns the page and not a network. */
export function Tools() {
  const { t } = useTranslation('app');
  const language = useStore((s) => s.language);
  const chooseLanguage = useStore((s) => s.chooseLanguage);
  const theme = useStore((s) => s.theme);
  const setPreferences = useStore((s) => s.setPreferences);
  const [open, setOpen] = useState<'about' | 'keys' | null>(null);

  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key === '?' && !typing) setOpen('keys');
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);

  const next = themes[(themes.findIndex(({ value }) => value === theme) + 1) % themes.length];
  const Current = themes.find(({ value }) => value === theme)?.Icon ?? Monitor;
  return (
    <div className={styles.footRow}>
      <Segments label={t('language')} value={language} options={languages} onChange={chooseLanguage} />
      <Tip text={t(`theme.${theme}`)} side="right">
        <button
          type="button"
          className={ui.iconButton}
          aria-label={`${t('theme.label')}: ${t(`theme.${theme}`)}`}
          onClick={() => next && setPreferences({ theme: next.value })}
        >
          <Current size={16} aria-hidden />
        </button>
      </Tip>
      <Tip text={t('keys.title')} side="right">
        <button
          type="button"
          className={ui.iconButton}
          aria-label={t('keys.title')}
          onClick={() => setOpen('keys')}
        >
          <Keyboard size={16} aria-hidden />
        </button>
      </Tip>
      <Tip text={t('about.title')} side="right">
        <button
          type="button"
          className={ui.iconButton}
          aria-label={t('about.title')}
          onClick={() => setOpen('about')}
        >
          <Info size={16} aria-hidden />
        </button>
      </Tip>
      <Sheet
        kind="dialog"
        padded
        open={open !== null}
        onOpenChange={() => setOpen(null)}
        title={t(open === 'keys' ? 'keys.title' : 'about.title')}
      >
        <Suspense fallback={null}>{open === 'keys' ? <Keys /> : <About />}</Suspense>
      </Sheet>
    </div>
  );
}

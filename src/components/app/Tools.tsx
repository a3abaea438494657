import { Info, Keyboard } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import { LanguageSwitch } from '../ui/LanguageSwitch.tsx';
import { part, PartPlace } from '../ui/part.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import { ThemeButton } from '../ui/ThemeButton.tsx';
import { Tip } from '../ui/Tip.tsx';
import ui from '../ui/ui.module.css';
import styles from './App.module.css';

const About = part(async () => (await import('./About.tsx')).About);
const Keys = part(async () => (await import('./Keys.tsx')).Keys);

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

  return (
    <div className={styles.footRow}>
      <LanguageSwitch language={language} onChange={chooseLanguage} />
      <ThemeButton theme={theme} onChange={(next) => setPreferences({ theme: next })} />
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
        <PartPlace>{open === 'keys' ? <Keys /> : <About />}</PartPlace>
      </Sheet>
    </div>
  );
}

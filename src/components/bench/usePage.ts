import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage } from '../i18n/index.ts';
import { firstPreferences, languageFor } from '../store/defaults.ts';
import { browserPlatform } from '../store/platform.ts';
import type { Language, Theme } from '../store/types.ts';
import { useMedia } from '../ui/useMedia.ts';

/** The language that the address asks for, as the main page writes it there, else the browser's. */
export function askedLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  return asked === 'en' || asked === 'ko' ? asked : languageFor(navigator.languages);
}

/** Language and colours of this page; both pages share the kept choice of colours. */
export function usePage() {
  const { t, i18n } = useTranslation('bench');
  const page = browserPlatform();
  const [theme, setTheme] = useState<Theme>(() => page.readPreferences().theme ?? firstPreferences.theme);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const dark = theme === 'dark' || (theme === 'system' && systemDark);
  const title = t('pageTitle');
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return {
    theme,
    chooseTheme(next: Theme) {
      setTheme(next);
      page.writePreferences({ ...firstPreferences, ...page.readPreferences(), theme: next });
    },
    language: i18n.language as Language,
    chooseLanguage(next: Language) {
      history.replaceState(null, '', `?lang=${next}`);
      void changeLanguage(next);
    },
  };
}

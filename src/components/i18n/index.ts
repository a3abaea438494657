import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../store/types.ts';

type Catalogue = Readonly<Record<string, unknown>>;

/** English is always there; Korean comes with the first Korean page, so that others do not carry it. */
const english = import.meta.glob<Catalogue>('./en/*.json', { eager: true, import: 'default' });
const korean = import.meta.glob<Catalogue>('./ko/*.json', { import: 'default' });

function namespaceOf(path: string): string {
  return path.replace(/^.*\/([^/]+)\.json$/, '$1');
}

/** Starts the library in this language; resolves when its catalogues are there. */
export async function startI18n(language: Language): Promise<i18n> {
  const namespaces = Object.keys(english).map(namespaceOf);
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    supportedLngs: ['en', 'ko'],
    ns: namespaces,
    defaultNS: 'app',
    resources: {
      en: Object.fromEntries(
        Object.entries(english).map(([path, catalogue]) => [namespaceOf(path), catalogue]),
      ),
    },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await changeLanguage(language);
  return i18next;
}

/** Switches the page's language without a reload, and tells assistive technology through `lang`. */
export async function changeLanguage(language: Language): Promise<void> {
  if (language === 'ko') {
    // Cut into slices of which the browser fetches those that the page's syllables need.
    void import('./korean.ts');
    await Promise.all(
      Object.entries(korean).map(async ([path, load]) => {
        if (!i18next.hasResourceBundle('ko', namespaceOf(path))) {
          i18next.addResourceBundle('ko', namespaceOf(path), await load());
        }
      }),
    );
  }
  await i18next.changeLanguage(language);
  if (typeof document !== 'undefined') document.documentElement.lang = language;
}

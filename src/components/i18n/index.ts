import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../store/types.ts';
import { inSlices } from '../ui/inSlices.ts';

/** Catalogues by the paths of their files. */
export type Catalogues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A page carries the language that it speaks; the other comes when it is asked for. */
const load: Readonly<Record<Language, () => Promise<{ readonly catalogues: Catalogues }>>> = {
  en: () => import('./en.ts'),
  ko: () => import('./ko.ts'),
};

const namespaceOf = (path: string): string => path.replace(/^.*\/([^/]+)\.json$/, '$1');

/** Lets the catalogues of a language travel before they are waited for. */
export const preloadLanguage = (language: Language): void => void load[language]();

/** Starts the library in this language; resolves when its catalogues are there. */
export async function startI18n(language: Language): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: ['en', 'ko'],
    defaultNS: 'app',
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await changeLanguage(language);
  return i18next;
}

/** Switches the page's language without a reload, and tells assistive technology through `lang`. */
export async function changeLanguage(language: Language): Promise<void> {
  // Cut into slices of which the browser fetches those that the page's syllables need.
  if (language === 'ko') void import('./korean.ts');
  const { catalogues } = await load[language]();
  for (const [path, catalogue] of Object.entries(catalogues)) {
    const namespace = namespaceOf(path);
    if (!i18next.hasResourceBundle(language, namespace))
      i18next.addResourceBundle(language, namespace, catalogue);
  }
  const change = () => i18next.changeLanguage(language);
  if (typeof document === 'undefined') return void (await change());
  await inSlices(change);
  document.documentElement.lang = language;
}

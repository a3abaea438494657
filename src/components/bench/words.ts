import i18next from 'i18next';
import en from './text/en.json';
import ko from './text/ko.json';

/** The words of this page travel with it, not with the main one. */
export function addBenchWords(): void {
  i18next.addResourceBundle('en', 'bench', en, true, true);
  i18next.addResourceBundle('ko', 'bench', ko, true, true);
}

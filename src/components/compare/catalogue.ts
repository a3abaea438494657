import i18next from 'i18next';
import en from './text/en.json';
import ko from './text/ko.json';
import pairEn from './pair/text/en.json';
import pairKo from './pair/text/ko.json';

/** The words of the comparison travel with it, not with the first page. */
export function addCatalogue(): void {
  i18next.addResourceBundle('en', 'compare', en, true, true);
  i18next.addResourceBundle('ko', 'compare', ko, true, true);
  i18next.addResourceBundle('en', 'pair', pairEn, true, true);
  i18next.addResourceBundle('ko', 'pair', pairKo, true, true);
}

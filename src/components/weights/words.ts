import i18next from 'i18next';
import en from './text/en.json';
import ko from './text/ko.json';

/** The words of the weights' dialog travel with it, not with the first page. */
export function addWords(): void {
  i18next.addResourceBundle('en', 'weights', en, true, true);
  i18next.addResourceBundle('ko', 'weights', ko, true, true);
}

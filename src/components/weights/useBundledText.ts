import { useTranslation } from 'react-i18next';
import type { WeightEntry } from '../../workers/contract.ts';

export type BundledField = 'measuredOn' | 'licence' | 'origin' | 'note';

/**
 * What the manifest says of weights in prose, in the page's language: its own words in English, else those of the catalogue,
 * which a test holds against it. Names of licences and what has no translation stay.
 */
export function useBundledText(): (entry: WeightEntry, field: BundledField) => string {
  const { t, i18n } = useTranslation('app');
  return (entry, field) => {
    const own = bundledText(entry, field);
    return i18n.language === 'en' ? own : t(`bundled.${entry.network}.${field}`, { defaultValue: own });
  };
}

/** In the manifest's own English; empty where it says nothing. */
export const bundledText = (entry: WeightEntry, field: BundledField): string =>
  (field === 'measuredOn' ? entry.accuracy?.measuredOn : entry[field]) ?? '';

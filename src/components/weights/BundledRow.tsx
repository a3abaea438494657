import { useTranslation } from 'react-i18next';
import { formatBytes, formatPercent, formatShape } from '../../viz/numbers.ts';
import type { WeightEntry } from '../../workers/contract.ts';
import { useBundledText } from './useBundledText.ts';
import { Row, type Choosable } from './Row.tsx';

/** The weights that come with the page. */
export function BundledRow({ entry, ...choice }: { readonly entry: WeightEntry } & Choosable) {
  const { t } = useTranslation('weights');
  const bundled = useBundledText();
  return (
    <Row
      title={t('bundled')}
      {...choice}
      facts={[
        { name: t('facts.size'), value: formatBytes(entry.bytes) },
        ...(entry.accuracy
          ? [
              {
                name: t('facts.accuracy'),
                value: formatPercent(entry.accuracy.top1),
                title: bundled(entry, 'measuredOn'),
              },
            ]
          : []),
        { name: t('facts.input'), value: formatShape(entry.preprocessing.input) },
        { name: t('facts.licence'), value: bundled(entry, 'licence') },
        { name: t('facts.source'), value: t('bundledSource', { file: entry.file }) },
      ]}
      note={entry.note && bundled(entry, 'note')}
    />
  );
}

import { useTranslation } from 'react-i18next';
import { part, PartPlace } from '../ui/part.tsx';

const CompareView = part(async () => (await import('./CompareView.tsx')).CompareView);

/** The comparison, which travels only once it is opened. */
export function Comparing() {
  const { t } = useTranslation('app');
  return (
    <PartPlace fallback={<main id="diagram" tabIndex={-1} aria-busy aria-label={t('rail.compare')} />}>
      <CompareView />
    </PartPlace>
  );
}

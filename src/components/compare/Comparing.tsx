import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

const CompareView = lazy(async () => ({ default: (await import('./CompareView.tsx')).CompareView }));

/** The comparison, which travels only once it is opened. */
export function Comparing() {
  const { t } = useTranslation('app');
  return (
    <Suspense fallback={<main id="diagram" tabIndex={-1} aria-busy aria-label={t('rail.compare')} />}>
      <CompareView />
    </Suspense>
  );
}

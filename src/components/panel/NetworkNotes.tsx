import { Suspense } from 'react';
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../store/requests.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { askAgain, part } from '../ui/part.tsx';
import { useSettled } from '../ui/useSettled.ts';
import styles from './panel.module.css';

const Texts = part(async () => (await import('./NetworkTexts.tsx')).NetworkTexts);

/** What the network is about. Its texts come after the first drawing; until then lines hold their place. */
export function NetworkNotes() {
  const { t } = useTranslation('app');
  const settled = useSettled();
  return (
    <section className={styles.section} aria-label={t('notes.title')}>
      <h2 className={styles.heading}>{t('notes.title')}</h2>
      <ErrorBoundary FallbackComponent={Missing} onReset={askAgain}>
        <Suspense fallback={<Coming />}>{settled ? <Texts /> : <Coming />}</Suspense>
      </ErrorBoundary>
    </section>
  );
}

function Coming() {
  return (
    <div className={styles.coming} aria-busy="true">
      <span />
      <span />
      <span />
      <span />
    </div>
  );
}

function Missing({ error, resetErrorBoundary }: FallbackProps) {
  return <FailureNote failure={toFailure(error)} onRetry={resetErrorBoundary} />;
}

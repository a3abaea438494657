import { lazy, Suspense, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { useSettled } from '../ui/useSettled.ts';
import ui from '../ui/ui.module.css';
import styles from './panel.module.css';

/** The zoo's texts are a chunk of their own; what failed to load once is asked for anew. */
const ask = () => lazy(async () => ({ default: (await import('./NetworkTexts.tsx')).NetworkTexts }));
const first = ask();

/** What the network is about. Its texts come after the first drawing; until then lines hold their place. */
export function NetworkNotes() {
  const { t } = useTranslation('app');
  const settled = useSettled();
  const [Texts, setTexts] = useState(() => first);
  return (
    <section className={styles.section} aria-label={t('notes.title')}>
      <h2 className={styles.heading}>{t('notes.title')}</h2>
      <ErrorBoundary FallbackComponent={Missing} onReset={() => setTexts(ask)}>
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

function Missing({ resetErrorBoundary }: { readonly resetErrorBoundary: () => void }) {
  const { t } = useTranslation('app');
  return (
    <div role="alert">
      <p className={styles.hint}>{t('notes.missing')}</p>
      <button type="button" className={ui.textButton} onClick={resetErrorBoundary}>
        {t('broken.again')}
      </button>
    </div>
  );
}

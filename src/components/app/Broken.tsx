import type { FallbackProps } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import ui from '../ui/ui.module.css';
import styles from './App.module.css';

/** What stands in for a part of the page that broke: the fact, and two ways back. */
export function Broken({ error, resetErrorBoundary }: FallbackProps) {
  const { t } = useTranslation('app');
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div className={styles.broken} role="alert">
      <p>{t('broken.sentence')}</p>
      <pre>{message}</pre>
      <div className={ui.actions}>
        <button type="button" className={`${ui.button} ${ui.primary}`} onClick={resetErrorBoundary}>
          {t('broken.again')}
        </button>
        <a className={ui.button} href={location.pathname}>
          {t('broken.start')}
        </a>
      </div>
    </div>
  );
}

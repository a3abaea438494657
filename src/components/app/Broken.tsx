import type { FallbackProps } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { ConvScopeError } from '../../models/errors.ts';
import { toFailure } from '../store/requests.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { askAgain } from '../ui/part.tsx';
import ui from '../ui/ui.module.css';
import styles from './App.module.css';

/** What stands in for a part of the page that broke or did not come: the fact, and the ways back. */
export function Broken({ error, resetErrorBoundary }: FallbackProps) {
  const { t } = useTranslation('app');
  const again = () => {
    askAgain();
    resetErrorBoundary();
  };
  if (error instanceof ConvScopeError && error.code.startsWith('page-')) {
    return (
      <div className={styles.broken}>
        <FailureNote failure={toFailure(error)} onRetry={again} />
      </div>
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div className={styles.broken} role="alert">
      <p>{t('broken.sentence')}</p>
      <pre>{message}</pre>
      <div className={ui.actions}>
        <button type="button" className={`${ui.button} ${ui.primary}`} onClick={again}>
          {t('broken.again')}
        </button>
        <a className={ui.button} href={location.pathname}>
          {t('broken.start')}
        </a>
      </div>
    </div>
  );
}

import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import { failureText, ReloadButton } from '../ui/FailureNote.tsx';
import ui from '../ui/ui.module.css';
import styles from './App.module.css';

/** A thing that happened and that the user should know: stays until it is dismissed. */
export function Notice() {
  const { t } = useTranslation(['errors', 'app']);
  const notice = useStore((s) => s.notice);
  const language = useStore((s) => s.language);
  const dismiss = useStore((s) => s.dismissNotice);
  if (!notice) return null;
  const { key, details } = notice;
  return (
    <div className={styles.notice} role="status">
      <span>
        {key === 'page-updated' || key === 'page-offline' || key === 'page-incomplete'
          ? failureText(t, { code: key, message: '', details })
          : t(`app:notice.${key}`, { ...details, sentence: details[language] })}
      </span>
      {key === 'page-updated' && <ReloadButton />}
      <button type="button" className={ui.iconButton} aria-label={t('app:dismiss')} onClick={dismiss}>
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}

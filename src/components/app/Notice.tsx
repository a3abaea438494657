import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import styles from './App.module.css';

/** A thing that happened and that the user should know: stays until it is dismissed. */
export function Notice() {
  const { t } = useTranslation('app');
  const notice = useStore((s) => s.notice);
  const language = useStore((s) => s.language);
  const dismiss = useStore((s) => s.dismissNotice);
  if (!notice) return null;
  return (
    <div className={styles.notice} role="status">
      <span>{t(`notice.${notice.key}`, { ...notice.details, sentence: notice.details[language] })}</span>
      <button type="button" className={ui.iconButton} aria-label={t('dismiss')} onClick={dismiss}>
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}

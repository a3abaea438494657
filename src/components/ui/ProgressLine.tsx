import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../viz/numbers.ts';
import type { Request } from '../store/types.ts';
import styles from './ui.module.css';

const patienceMs = 200;

interface ProgressLineProps {
  readonly request: Request<unknown>;
  /** What is being waited for while the engine has not said so itself. */
  readonly label: string;
  readonly onCancel: () => void;
}

/** What is happening, how far it is, and a way to stop it; nothing for waits that are over before one notices. */
export function ProgressLine({ request, label, onCancel }: ProgressLineProps) {
  const busy = request.state === 'busy';
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setWaited(true), patienceMs);
    return () => {
      clearTimeout(timer);
      setWaited(false);
    };
  }, [busy]);
  const { t } = useTranslation('app');
  if (!busy || !waited) return null;

  const progress = request.progress;
  const text = progress ? t(`phase.${progress.phase}`) : label;
  const bytes =
    progress?.loadedBytes !== undefined && progress.totalBytes !== undefined
      ? t('bytesOf', { loaded: formatBytes(progress.loadedBytes), total: formatBytes(progress.totalBytes) })
      : '';
  return (
    <div className={styles.progress}>
      <span>
        {text} {bytes}
      </span>
      <button type="button" className={styles.textButton} onClick={onCancel}>
        {t('cancel')}
      </button>
      <progress max={1} value={progress ? progress.fraction : undefined} aria-label={text} />
    </div>
  );
}

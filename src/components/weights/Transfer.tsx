import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../viz/numbers.ts';
import type { ShelfProgress } from '../../workers/shelf.contract.ts';
import { useShelf } from '../store/shelf.ts';
import ui from '../ui/ui.module.css';

interface TransferProps {
  /** Given where it can be paused: a file from the disk is too quick for that. */
  readonly id?: string;
  readonly title: string;
  readonly progress: ShelfProgress | null;
}

/** A file on its way: what is being done, how far it is, and how to interrupt it without losing what has arrived. */
export function Transfer({ id, title, progress }: TransferProps) {
  const { t } = useTranslation('weights');
  const pause = useShelf((s) => s.pause);
  const phase = t(`phase.${progress?.phase ?? 'connect'}`);
  const known = progress !== null && progress.totalBytes > 0;
  return (
    <div className={ui.progress}>
      <span>
        {phase} {progress?.restarted && `${t(`restarted.${progress.restarted}`)} `}
        {known &&
          t('of', { loaded: formatBytes(progress.loadedBytes), total: formatBytes(progress.totalBytes) })}
      </span>
      {id !== undefined && (
        <button
          type="button"
          className={ui.textButton}
          aria-label={t('pauseOf', { title })}
          onClick={() => void pause(id)}
        >
          {t('pause')}
        </button>
      )}
      <progress
        max={1}
        value={known ? progress.loadedBytes / progress.totalBytes : undefined}
        aria-label={`${title}: ${phase}`}
      />
    </div>
  );
}

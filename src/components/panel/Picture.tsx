import { useTranslation } from 'react-i18next';
import { SeenImageView } from '../maps/SeenImageView.tsx';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import { part, PartPlace } from '../ui/part.tsx';
import styles from './panel.module.css';

const DigitCanvas = part(async () => (await import('../maps/DigitCanvas.tsx')).DigitCanvas);

/** A canvas to draw on, for a network that reads digits. */
export function Drawing() {
  const { t } = useTranslation('app');
  return (
    <div className={styles.digit}>
      <p className={styles.hint}>{t('digit.hint')}</p>
      <PartPlace fallback={<div className={styles.digitPlace} />}>
        <DigitCanvas />
      </PartPlace>
    </div>
  );
}

/** The picture as the network sees it, with the field of the selection. */
export function Picture({ small = false }: { readonly small?: boolean }) {
  const { t } = useTranslation('app');
  const seen = useStore((s) => s.seen);
  // An empty canvas says for itself that nothing is drawn on it.
  const wiped = useStore((s) => s.image.kind === 'drawing');
  const told = wiped && seen.state === 'failed' && seen.failure.code === 'no-ink';
  const cancel = useStore((s) => s.cancel);
  const retry = useStore((s) => s.retry);
  const dismiss = useStore((s) => s.dismissFailure);
  return (
    <div className={styles.picture}>
      {!told && (
        <div className={small ? styles.seenSmall : styles.seen}>
          <SeenImageView />
        </div>
      )}
      <div className={small ? undefined : styles.overCaption}>
        <ProgressLine request={seen} label={t('phase.decode')} onCancel={cancel} />
      </div>
      {seen.state === 'failed' && !told && (
        <FailureNote
          failure={seen.failure}
          onRetry={retry}
          {...(seen.previous ? { onDismiss: () => dismiss('seen') } : {})}
        />
      )}
    </div>
  );
}

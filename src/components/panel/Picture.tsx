import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buildNetwork } from '../../models/index.ts';
import { SeenImageView } from '../maps/SeenImageView.tsx';
import { readsDigits } from '../store/defaults.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import styles from './panel.module.css';

const DigitCanvas = lazy(async () => ({
  default: (await import('../maps/DigitCanvas.tsx')).DigitCanvas,
}));

/** The picture as the network sees it, with the field of the selection; a canvas where it reads digits. */
export function Picture() {
  const { t } = useTranslation('app');
  const ref = useStore((s) => s.network);
  const digits = useMemo(() => readsDigits(buildNetwork(ref)), [ref]);
  const seen = useStore((s) => s.seen);
  const cancel = useStore((s) => s.cancel);
  const retry = useStore((s) => s.retry);
  return (
    <div className={styles.picture}>
      {digits && (
        <div className={styles.digit}>
          <p className={styles.hint}>{t('digit.hint')}</p>
          <Suspense fallback={null}>
            <DigitCanvas />
          </Suspense>
        </div>
      )}
      <div className={digits ? styles.seenDigit : styles.seen}>
        <SeenImageView />
      </div>
      <ProgressLine request={seen} label={t('phase.decode')} onCancel={cancel} />
      {seen.state === 'failed' && <FailureNote failure={seen.failure} onRetry={retry} />}
    </div>
  );
}

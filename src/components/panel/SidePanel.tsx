import { useMemo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { Broken } from '../app/Broken.tsx';
import { buildNetwork } from '../zoo.ts';
import { readsDigits } from '../store/defaults.ts';
import { useStore } from '../store/store.ts';
import { useHasWeights } from '../store/useHasWeights.ts';
import { ImageSources } from '../input/ImageSources.tsx';
import { AnswerPanel, TenClasses } from './AnswerPanel.tsx';
import { LayerSection } from './LayerSection.tsx';
import { NetworkNotes } from './NetworkNotes.tsx';
import { NoWeights } from './NoWeights.tsx';
import { Drawing, Picture } from './Picture.tsx';
import styles from './panel.module.css';

/** What the network saw and said, then the selected layer's label, then the network's own story. */
export function SidePanel() {
  const ref = useStore((s) => s.network);
  return (
    <div className={styles.side}>
      <ErrorBoundary FallbackComponent={Broken} resetKeys={[ref]}>
        <ImageAndAnswer />
        <LayerSection />
        <NetworkNotes />
      </ErrorBoundary>
    </div>
  );
}

/** Picture and answer; where a network has no weights, that instead, and the ways to an answer. */
export function ImageAndAnswer() {
  const { t } = useTranslation('app');
  const network = useStore((s) => s.network);
  const digits = useMemo(() => readsDigits(buildNetwork(network)), [network]);
  const without = !useHasWeights();
  return (
    <section className={styles.section} aria-label={t('side.picture')}>
      {without ? (
        <NoWeights />
      ) : (
        <>
          <div className={styles.pair}>
            {digits ? <Drawing /> : <Picture />}
            {!digits && <ImageSources />}
            <AnswerPanel />
          </div>
          <TenClasses />
          {digits && <Picture small />}
          {digits && <ImageSources />}
        </>
      )}
    </section>
  );
}

import { useEffect } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useTranslation } from 'react-i18next';
import { buildNetwork } from '../zoo.ts';
import { changeLanguage } from '../i18n/index.ts';
import { DropZone } from '../input/DropZone.tsx';
import { partMissing } from '../store/absence.ts';
import { showChanges, useStore } from '../store/store.ts';
import { useFrame } from '../ui/useMedia.ts';
import { WeightsDialog } from '../weights/WeightsDialog.tsx';
import { Announcer } from './Announcer.tsx';
import { Broken } from './Broken.tsx';
import { NarrowFrame } from './NarrowFrame.tsx';
import { Notice } from './Notice.tsx';
import { useTheme } from './useTheme.ts';
import { WideFrame } from './WideFrame.tsx';
import styles from './App.module.css';

/** The page: its frame by width, and what lies over every frame. */
export function App() {
  const { t, i18n } = useTranslation('app');
  const language = useStore((s) => s.language);
  const view = useStore((s) => s.view);
  const frame = useFrame();
  const network = useStore((s) => s.network);
  useTheme();
  useTakeOver();
  useEffect(() => {
    document.title = `${buildNetwork(network).info.name} · ConvScope`;
  }, [network]);
  useEffect(() => {
    if (i18n.language === language) return;
    changeLanguage(language).catch(async (error: unknown) => {
      const { code, details } = await useStore.getState().explain(partMissing(error));
      useStore.getState().tell(code, details);
      // What is chosen is what is spoken.
      if (i18n.language === 'en' || i18n.language === 'ko') useStore.getState().chooseLanguage(i18n.language);
    });
  }, [i18n, language]);

  return (
    <ErrorBoundary FallbackComponent={Broken}>
      <>
        <a className={styles.skip} href="#diagram">
          {t('skip.diagram')}
        </a>
        {view === 'network' && (
          <a className={styles.skip} href="#layer">
            {t('skip.layer')}
          </a>
        )}
        <DropZone>
          {frame === 'narrow' ? <NarrowFrame /> : <WideFrame frame={frame} />}
          <Notice />
          <WeightsDialog />
        </DropZone>
        <Announcer />
      </>
    </ErrorBoundary>
  );
}

/**
 * The picture of the page that stood here until now (src/first) has been replaced once this is painted; what happened while
 * it was drawn is shown from here on.
 */
function useTakeOver(): void {
  useEffect(() => {
    setTimeout(showChanges, 0);
    const painted = requestAnimationFrame(() =>
      requestAnimationFrame(() => delete document.documentElement.dataset.first),
    );
    return () => cancelAnimationFrame(painted);
  }, []);
}

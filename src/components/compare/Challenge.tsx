import { useMemo, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { timelineChart } from '../../viz/chartTimeline.ts';
import { useStore } from '../store/store.ts';
import { useFrame } from '../ui/useMedia.ts';
import { challengePicture, challengeRecords, challengeText } from './challengeRecords.ts';
import { ChartView } from './ChartView.tsx';
import { useWidth } from './useWidth.ts';
import page from './compare.module.css';

const find = (id: string) => challengeRecords.find((record) => record.id === id)!;

/** ILSVRC year by year: who won, with how deep a network, and where a trained human stands. */
export function Challenge() {
  const { t } = useTranslation(['compare', 'app']);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const frame = useFrame();
  const [box, width] = useWidth<HTMLDivElement>();
  const language = useStore((s) => s.language);
  const picture = useMemo(
    () => timelineChart(challengePicture(t, width, frame === 'narrow' ? 640 : 600, language)),
    [t, frame, width, language],
  );
  const describe = useCallback((id: string) => challengeText(t, find(id), language), [t, language]);
  const open = (id: string) => {
    const { network } = find(id);
    if (network !== undefined) chooseNetwork(network);
  };
  return (
    <section aria-labelledby="compare-challenge" data-follows>
      <div className={page.bar}>
        <h2 id="compare-challenge">{t('challenge.heading')}</h2>
      </div>
      <div ref={box} className={page.chart}>
        {width > 0 && <ChartView picture={picture} fileName="ilsvrc" describe={describe} onOpen={open} />}
      </div>
    </section>
  );
}

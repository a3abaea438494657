import { useMemo, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { timelineChart, type Event } from '../../viz/chartTimeline.ts';
import { useStore } from '../store/store.ts';
import { useFrame } from '../ui/useMedia.ts';
import { challengeRecords, challengeText, human, secondHuman } from './challengeRecords.ts';
import { ChartView } from './ChartView.tsx';
import { useWidth } from './useWidth.ts';
import page from './compare.module.css';

const events = challengeRecords.map(({ id, year, top5Error, name, kind, depth }): Event => ({
  id,
  year,
  value: top5Error,
  name,
  kind,
  ...(depth === undefined ? {} : { depth }),
}));
const find = (id: string) => challengeRecords.find((record) => record.id === id)!;

/** ILSVRC year by year: who won, with how deep a network, and where a trained human stands. */
export function Challenge() {
  const { t } = useTranslation(['compare', 'app']);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const frame = useFrame();
  const [box, width] = useWidth<HTMLDivElement>();
  const picture = useMemo(
    () =>
      timelineChart({
        width,
        height: frame === 'narrow' ? 640 : 600,
        title: t('challenge.title'),
        yLabel: t('challenge.y'),
        depthLabel: t('challenge.depth'),
        noDepth: t('challenge.noDepth'),
        events,
        level: { value: human.top5Error, name: t('challenge.human', { error: human.top5Error }) },
        legend: {
          winner: t('challenge.kind.winner'),
          entry: t('challenge.kind.entry'),
          paper: t('challenge.kind.paper'),
        },
        notes: [
          t('challenge.note'),
          t('challenge.humanNote', {
            source: human.source,
            images: human.images,
            second: secondHuman.top5Error,
            secondImages: secondHuman.images,
          }),
        ],
      }),
    [t, frame, width],
  );
  const describe = useCallback((id: string) => challengeText(t, find(id)), [t]);
  const open = (id: string) => {
    const { network } = find(id);
    if (network !== undefined) chooseNetwork(network);
  };
  return (
    <section aria-labelledby="compare-challenge">
      <div className={page.bar}>
        <h2 id="compare-challenge">{t('challenge.heading')}</h2>
      </div>
      <div ref={box}>
        {width > 0 && <ChartView picture={picture} fileName="ilsvrc" describe={describe} onOpen={open} />}
      </div>
    </section>
  );
}

import { memo, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { firstComparison, visitedAfter } from '../../models/compare.ts';
import { BackendChip } from '../app/BackendChip.tsx';
import { useStore } from '../store/store.ts';
import { useFrame } from '../ui/useMedia.ts';
import { addCatalogue } from './catalogue.ts';
import { Bubbles } from './Bubbles.tsx';
import { Challenge } from './Challenge.tsx';
import { CompareTable } from './CompareTable.tsx';
import { NetworkSet } from './NetworkSet.tsx';
import { OneImage } from './OneImage.tsx';
import { Stages } from './Stages.tsx';
import { OwnSize } from './OwnSize.tsx';
import { PairSection } from './pair/PairSection.tsx';
import { useCompared, type Compared } from './useCompared.ts';
import styles from './compare.module.css';

addCatalogue();

// What does not depend on an axis is not drawn anew with it.
const Table = memo(CompareTable);
const Own = memo(OwnSize);
const Diagrams = memo(PairSection);
const Bars = memo(Stages);
const Picture = memo(OneImage);
const Timeline = memo(Challenge);

/** Which of these, and why: up to eight networks by their numbers, on charts, and before one picture. */
export function CompareView() {
  const { t } = useTranslation(['compare', 'app']);
  const frame = useFrame();
  const { comparison, networks, trace, unknown } = useCompared();
  const change = useStore((s) => s.changeComparison);
  const visit = useCallback(
    ({ ref }: Compared) => {
      const before = useStore.getState().compare ?? firstComparison;
      // A slider passes many settings: going back leads to the page before it was touched.
      change({ trace: visitedAfter(before.trace, ref) }, 'replace');
    },
    [change],
  );
  const forget = useCallback(() => change({ trace: [] }), [change]);
  const { base, sort, columns } = comparison;
  return (
    <main className={styles.view} id="diagram" tabIndex={-1}>
      {/* A phone's own bar has the title and the backend already. */}
      {frame !== 'narrow' && (
        <header className={styles.head}>
          <h1>{t('app:rail.compare')}</h1>
          <BackendChip />
        </header>
      )}
      <NetworkSet comparison={comparison} networks={networks} unknown={unknown} />
      {networks.length > 0 && <Table networks={networks} base={base} sort={sort} columns={columns} />}
      <Bubbles comparison={comparison} networks={networks} trace={trace} />
      <Own nets={comparison.nets} visited={trace.length} onVisit={visit} onForget={forget} />
      <Diagrams networks={networks} pair={comparison.pair} />
      {networks.length > 0 && <Bars networks={networks} />}
      {networks.length > 0 && <Picture networks={networks} />}
      <Timeline />
    </main>
  );
}

import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BackendChip } from '../app/BackendChip.tsx';
import { useFrame } from '../ui/useMedia.ts';
import { addCatalogue } from './catalogue.ts';
import { Bubbles } from './Bubbles.tsx';
import { Challenge } from './Challenge.tsx';
import { CompareTable } from './CompareTable.tsx';
import { NetworkSet } from './NetworkSet.tsx';
import { OneImage } from './OneImage.tsx';
import { Stages } from './Stages.tsx';
import { OwnSize } from './OwnSize.tsx';
import { useCompared, type Compared } from './useCompared.ts';
import styles from './compare.module.css';

addCatalogue();

/** A longer walk would cover the axis. */
const mostVisited = 24;

/** Which of these, and why: up to eight networks by their numbers, on charts, and before one picture. */
export function CompareView() {
  const { t } = useTranslation(['compare', 'app']);
  const frame = useFrame();
  const { comparison, networks, unknown } = useCompared();
  const [trace, setTrace] = useState<readonly Compared[]>([]);
  const visit = useCallback(
    (own: Compared) =>
      setTrace((before) => [...before.filter(({ ref }) => ref !== own.ref), own].slice(-mostVisited)),
    [],
  );
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
      {networks.length > 0 && <CompareTable comparison={comparison} networks={networks} />}
      <Bubbles comparison={comparison} networks={networks} trace={trace} />
      <OwnSize nets={comparison.nets} visited={trace.length} onVisit={visit} onForget={() => setTrace([])} />
      {networks.length > 0 && <Stages networks={networks} />}
      {networks.length > 0 && <OneImage networks={networks} />}
      <Challenge />
    </main>
  );
}

import { useTranslation } from 'react-i18next';
import { BackendChip } from '../app/BackendChip.tsx';
import { NetworkFilter } from '../networks/NetworkFilter.tsx';
import { useFrame } from '../ui/useMedia.ts';
import { part, PartPlace } from '../ui/part.tsx';
import styles from './table.module.css';

const NetworkTable = part(async () => (await import('./NetworkTable.tsx')).NetworkTable);

/** All networks in one sortable table: comparing sizes starts here. */
export function TableView() {
  const { t } = useTranslation('app');
  const frame = useFrame();
  return (
    <main className={styles.view} id="diagram" tabIndex={-1}>
      {/* A phone's own bar has the title and the backend already. */}
      {frame !== 'narrow' && (
        <header className={styles.viewHead}>
          <h1>{t('rail.table')}</h1>
          <BackendChip />
        </header>
      )}
      <NetworkFilter wide={frame !== 'narrow'} />
      <PartPlace>
        <NetworkTable />
      </PartPlace>
    </main>
  );
}

import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { BackendChip } from '../app/BackendChip.tsx';
import styles from './table.module.css';

const NetworkTable = lazy(async () => ({ default: (await import('./NetworkTable.tsx')).NetworkTable }));

/** All networks in one sortable table: comparing sizes starts here. */
export function TableView() {
  const { t } = useTranslation('app');
  return (
    <main className={styles.view} id="diagram" tabIndex={-1}>
      <header className={styles.viewHead}>
        <h1>{t('rail.table')}</h1>
        <BackendChip />
      </header>
      <Suspense fallback={null}>
        <NetworkTable />
      </Suspense>
    </main>
  );
}

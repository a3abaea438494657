import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Bench } from './bench.ts';
import { benchCases } from './cases.ts';
import { CopyFigures } from './CopyFigures.tsx';
import { textsOf } from './forms.ts';
import { NetworkFigures } from './NetworkFigures.tsx';
import { reportOf } from './report.ts';
import type { Row } from './types.ts';
import { program } from './version.ts';
import styles from './bench.module.css';

/** A small table a network, side by side where there is room; the copy buttons once there is something to copy. */
export function Figures({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation('bench');
  const state = useStore(bench);
  const { rows, machine } = state;
  if (rows.length === 0) return null;
  const alone = new Set(rows.map(({ backend }) => backend)).size === 1;
  return (
    <section className={styles.figures} aria-labelledby="figures">
      <div className={styles.figuresHead}>
        <div>
          <h2 id="figures">{t('results.title')}</h2>
          <p>{t('results.unit')}</p>
        </div>
        {machine && (
          <CopyFigures
            date={state.startedAt ?? ''}
            texts={() => textsOf(reportOf(state, machine, program))}
          />
        )}
      </div>
      <div className={styles.networks}>
        {benchCases
          .filter((each) => rows.some((row) => row.bench === each))
          .map((each) => (
            <NetworkFigures key={each.ref} bench={each} rows={rows.filter((row) => row.bench === each)} />
          ))}
      </div>
      {alone && <p>{t('note.alone')}</p>}
      <p role="status" className="visually-hidden">
        {announced(rows, t)}
      </p>
    </section>
  );
}

/** The row that ended last. */
function announced(rows: readonly Row[], t: ReturnType<typeof useTranslation>['t']): string {
  const last = rows.findLast(({ state }) => state === 'done' || state === 'failed');
  if (!last) return '';
  const key = last.state === 'done' ? 'run.rowDone' : 'run.rowFailed';
  return t(key, { network: last.bench.name, backend: last.backend });
}

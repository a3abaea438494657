import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { formatBytes } from '../../viz/numbers.ts';
import { Segments } from '../ui/Segments.tsx';
import ui from '../ui/ui.module.css';
import { plannedPairs, type Bench, type BenchState } from './bench.ts';
import { backendNames, benchCases, benchPhoto, runChoices } from './cases.ts';
import styles from './bench.module.css';

/** How often, what it costs to fetch, and the start; while it runs, what is happening and a way to end it. */
export function RunBar({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation('bench');
  const state = useStore(bench);
  const pairs = plannedPairs(state).length;
  // A backend that is being tried would share the processor with what is measured.
  const looking = backendNames.some((name) => state.backends[name].state === 'looking');
  const options = runChoices.map((runs) => ({ value: String(runs), text: String(runs) }));
  if (state.phase !== 'idle') return <Running bench={bench} state={state} />;
  return (
    <div className={styles.run}>
      <span className={styles.rounds}>
        {t('run.rounds')}
        <Segments
          label={t('run.rounds')}
          value={String(state.runs)}
          options={options}
          onChange={(runs) => bench.setRuns(Number(runs))}
        />
      </span>
      <button
        type="button"
        className={`${ui.button} ${ui.primary}`}
        disabled={looking || pairs === 0}
        onClick={() => void bench.start()}
      >
        {t(state.rows.length > 0 ? 'run.again' : 'run.start')}
      </button>
      <p>{looking ? t('run.looking') : planText(t, state)}</p>
    </div>
  );
}

type Words = ReturnType<typeof useTranslation>['t'];

/** How much is ticked, and what the host of the page may have to send for it: weights, and the photo. */
function planText(t: Words, state: BenchState): string {
  const pairs = plannedPairs(state);
  if (pairs.length === 0) return t('run.nothing');
  const count = t('run.pairs', { count: pairs.length });
  const wanted = new Set(pairs.map(([, { ref }]) => ref));
  const photo = benchCases.some(({ ref, picture }) => wanted.has(ref) && picture === 'photo');
  const weights = state.manifest?.weights.filter(({ network }) => wanted.has(network));
  if (!weights) return count;
  const bytes = weights.reduce((sum, entry) => sum + entry.bytes, photo ? benchPhoto.bytes : 0);
  return [count, t('run.download', { bytes: formatBytes(bytes) }), t('run.keepOpen')].join(' ');
}

function Running({ bench, state }: { readonly bench: Bench; readonly state: BenchState }) {
  const { t } = useTranslation(['bench', 'app']);
  const { rows, step, phase } = state;
  const ended = rows.filter((row) => row.state !== 'waiting' && row.state !== 'busy').length;
  const row = rows.find((each) => each.state === 'busy');
  const stopping = phase === 'stopping';
  const text = stopping
    ? t('run.stopping')
    : row && step
      ? t('run.now', {
          network: row.bench.name,
          backend: row.backend,
          step: t(`run.step.${step.name}`, { round: step.round, runs: row.runs }),
        })
      : t('run.preparing');
  const { progress } = step ?? {};
  const bytes =
    progress?.loadedBytes !== undefined && progress.totalBytes !== undefined
      ? t('app:bytesOf', {
          loaded: formatBytes(progress.loadedBytes),
          total: formatBytes(progress.totalBytes),
        })
      : '';
  return (
    <div className={styles.run} data-running>
      <div className={`${ui.progress} ${styles.progress}`}>
        <span>
          {text} {stopping ? '' : bytes}
        </span>
        <span className={styles.count}>
          {ended} / {rows.length}
        </span>
        <progress max={rows.length} value={ended + (row && step ? step.fraction : 0)} aria-label={text} />
      </div>
      <button type="button" className={ui.button} disabled={stopping} onClick={() => bench.cancel()}>
        {t('run.cancel')}
      </button>
    </div>
  );
}

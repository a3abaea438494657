import { Timer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatMilliseconds } from '../../viz/numbers.ts';
import type { LayerTimes } from '../../workers/contract.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import ui from '../ui/ui.module.css';
import styles from './timing.module.css';
import { useIsStale, useLayerTimes, useTiming } from './useTiming.ts';

interface TimingStatusProps {
  /** Beside the diagram there is no room for the result: it is the button's title, as the method is elsewhere. */
  readonly short?: boolean;
}

/** Where the layers' times come from: the button that measures them, how far that is, and what was measured how. */
export function TimingStatus({ short = false }: TimingStatusProps) {
  const { t } = useTranslation('timing');
  const request = useStore((s) => s.layerTimes);
  const ready = useStore((s) => s.weights.state === 'done' && s.weights.value.ref === s.network);
  const measureTimes = useStore((s) => s.measureTimes);
  const cancel = useStore((s) => s.cancel);
  const times = useLayerTimes();
  const words = useWords();
  const busy = request.state === 'busy';
  // One that was cancelled has only gone back to its button.
  const failure = request.state === 'failed' && request.failure.code !== 'cancelled' ? request.failure : null;
  const said = times ? words(times) : null;
  // A table of a network without weights has nothing to say; who asks for the time learns what it takes.
  if (!short && !ready && !busy && !times) return null;
  return (
    <div className={styles.status}>
      <span role="status" className={short ? 'visually-hidden' : undefined} title={said?.method}>
        {busy || !said ? '' : said.result}
      </span>
      {busy ? (
        <ProgressLine request={request} label={t('measuring')} onCancel={cancel} />
      ) : ready ? (
        <button
          type="button"
          className={times ? ui.textButton : ui.button}
          title={short && said ? `${said.result} ${said.method}` : undefined}
          onClick={measureTimes}
        >
          {!times && <Timer size={14} aria-hidden />}
          {t(times ? 'again' : 'measure')}
        </button>
      ) : (
        <span>{t('needsWeights')}</span>
      )}
      {failure && <FailureNote failure={failure} onRetry={measureTimes} />}
    </div>
  );
}

/** A measurement in a sentence, and how it was done; what makes it doubtful is in the sentence. */
function useWords(): (times: LayerTimes) => { readonly result: string; readonly method: string } {
  const { t } = useTranslation('timing');
  const stale = useIsStale();
  const timing = useTiming();
  return ({ backend, threads, passes, passMilliseconds, method, weightsName, layers }) => {
    const where = threads > 0 ? t('withThreads', { backend, count: threads }) : backend;
    const sum = formatMilliseconds(timing?.totalMilliseconds ?? 0);
    const pass = formatMilliseconds(passMilliseconds.median);
    const sentences = [
      stale ? t('stale', { where, weights: weightsName }) : '',
      t('result', { count: passes, where, sum, pass }),
      method === 'round-trip' ? t('method.round-trip') : '',
    ];
    const joined = layers.some(({ joinedWith }) => joinedWith !== undefined);
    const how = [
      method === 'round-trip' ? '' : t(`method.${method}`),
      t('passNote'),
      joined ? t('joinedNote') : '',
    ];
    return { result: sentences.filter(Boolean).join(' '), method: how.filter(Boolean).join(' ') };
  };
}

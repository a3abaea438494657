import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublishedError } from '../../models/network.ts';
import { noteText, sourceText, variantText } from '../../models/zoo/figureTexts.ts';
import { notesOf } from '../../models/zoo/notes.ts';
import { formatBytes, formatExact, formatPercent } from '../../viz/numbers.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import { buildNetwork, weightsFor } from '../zoo.ts';
import { useBundledText } from '../weights/useBundledText.ts';
import ui from '../ui/ui.module.css';
import { Survival } from './Survival.tsx';
import styles from './panel.module.css';

/** The texts of the chosen network: its idea, where this graph departs from the paper, its training, errors and weights. */
export function NetworkTexts() {
  const { t } = useTranslation('app');
  const chosen = useStore((s) => s.network);
  const ref = useDeferredValue(chosen);
  const language = useStore((s) => s.language);
  const entry = useStore((s) => weightsFor(lastValue(s.manifest)?.weights ?? [], s.network));
  const bundled = useBundledText();
  const { info, graph } = useMemo(() => buildNetwork(ref), [ref]);
  const { paper, idea, deviations, training, trainingSource, publishedErrors } = notesOf(ref);
  return (
    <>
      <p>{idea[language]}</p>
      <p>
        <a href={paper.url} target="_blank" rel="noreferrer">
          {paper.title}
        </a>
        , {info.authors}, {info.year}
      </p>
      {deviations.length > 0 && (
        <details className={styles.details}>
          <summary>{t('notes.deviations', { count: deviations.length })}</summary>
          <ul>
            {deviations.map((text) => (
              <li key={text.en}>{text[language]}</li>
            ))}
          </ul>
        </details>
      )}
      <details className={styles.details}>
        <summary>{t('notes.training')}</summary>
        <p>{training[language]}</p>
        <small>{trainingSource}</small>
      </details>
      <Survival graph={graph} />
      {publishedErrors.length > 0 && <PublishedErrors key={ref} errors={publishedErrors} />}
      {entry && (
        <details className={styles.details}>
          <summary>{t('notes.weights')}</summary>
          <dl className={styles.facts}>
            {entry.accuracy && (
              <>
                <Line term={t('notes.accuracy')} value={formatPercent(entry.accuracy.top1, 2)} />
                <Line term={t('notes.measuredOn')} value={bundled(entry, 'measuredOn')} />
                <Line term={t('notes.images')} value={formatExact(entry.accuracy.images)} />
              </>
            )}
            <Line term={t('notes.size')} value={`${formatBytes(entry.bytes)}, ${entry.dtype}`} />
            <Line term={t('notes.licence')} value={bundled(entry, 'licence')} />
            <Line term={t('notes.origin')} value={bundled(entry, 'origin')} />
            {entry.note && <Line term={t('notes.note')} value={bundled(entry, 'note')} />}
          </dl>
        </details>
      )}
    </>
  );
}

/** More than these are asked for: VGG's paper alone has a dozen. */
const firstErrors = 6;

/** What was published, and under which protocol: the one that compares with other networks first. */
function PublishedErrors({ errors }: { readonly errors: readonly PublishedError[] }) {
  const { t } = useTranslation('app');
  const language = useStore((s) => s.language);
  const [all, setAll] = useState(false);
  const sorted = useMemo(
    () => [...errors].sort((a, b) => Number(b.comparable ?? false) - Number(a.comparable ?? false)),
    [errors],
  );
  return (
    <details className={styles.details}>
      <summary>{t('notes.errorsCount', { count: errors.length })}</summary>
      <ul>
        {sorted.slice(0, all ? undefined : firstErrors).map((error, i) => (
          <li key={i}>
            <b>{errorText(error)}</b>, {error.dataset}
            {error.split ? ` (${error.split})` : ''}, {t(`protocol.${error.protocol}`, error.protocol)}
            {error.models ? `, ${t('notes.models', { count: error.models })}` : ''}
            {error.cropPx ? `, ${error.cropPx} px` : ''}
            <small>
              {sourceText(error.source, language)}
              {error.variant ? `; ${variantText(error.variant, language)}` : ''}
              {error.note ? `; ${noteText(error.note, language)}` : ''}
            </small>
            {error.comparable && <small>{t('notes.comparable')}</small>}
            {error.believed && <small>{t('notes.believed')}</small>}
          </li>
        ))}
      </ul>
      {!all && sorted.length > firstErrors && (
        <button type="button" className={ui.textButton} onClick={() => setAll(true)}>
          {t('notes.moreErrors', { count: sorted.length - firstErrors })}
        </button>
      )}
    </details>
  );
}

/** `top-1 38.4 %, top-5 16.5 %`: errors are given in percent, as the papers print them. */
export function errorText({ top1, top5, bound }: PublishedError): string {
  const most = bound === 'upper' ? '≤ ' : '';
  return [
    ...(top1 === undefined ? [] : [`top-1 ${most}${top1} %`]),
    ...(top5 === undefined ? [] : [`top-5 ${most}${top5} %`]),
  ].join(', ');
}

function Line({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

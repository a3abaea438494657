import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buildNetwork, type PublishedError } from '../../models/index.ts';
import { formatBytes, formatExact, formatPercent } from '../../viz/numbers.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import styles from './panel.module.css';

/** What the network is about: its idea, where this graph departs from the paper, its errors, and its weights. */
export function NetworkNotes() {
  const { t } = useTranslation('app');
  const ref = useStore((s) => s.network);
  const language = useStore((s) => s.language);
  const entry = useStore((s) => lastValue(s.manifest)?.weights.find((each) => each.network === s.network));
  const { info, deviations } = useMemo(() => buildNetwork(ref), [ref]);
  return (
    <section className={styles.section} aria-label={t('notes.title')}>
      <h2 className={styles.heading}>{t('notes.title')}</h2>
      <p>{info.idea[language]}</p>
      <p>
        <a href={info.paper.url} target="_blank" rel="noreferrer">
          {info.paper.title}
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
      {info.publishedErrors.length > 0 && (
        <details className={styles.details}>
          <summary>{t('notes.errors')}</summary>
          <ul>
            {info.publishedErrors.map((error) => (
              <li key={`${error.source} ${error.protocol}`}>
                <b>{errorText(error)}</b>, {error.dataset}, {t(`protocol.${error.protocol}`, error.protocol)}
                <small>{error.source}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
      {entry && (
        <details className={styles.details}>
          <summary>{t('notes.weights')}</summary>
          <dl className={styles.facts}>
            <Line term={t('notes.accuracy')} value={formatPercent(entry.accuracy.top1, 2)} />
            <Line term={t('notes.measuredOn')} value={entry.accuracy.measuredOn} />
            <Line term={t('notes.images')} value={formatExact(entry.accuracy.images)} />
            <Line term={t('notes.size')} value={`${formatBytes(entry.bytes)}, ${entry.dtype}`} />
            <Line term={t('notes.licence')} value={entry.licence} />
            <Line term={t('notes.origin')} value={entry.origin} />
          </dl>
        </details>
      )}
    </section>
  );
}

/** `top-1 38.4 %, top-5 16.5 %`: errors are given in percent, as the papers print them. */
export function errorText({ top1, top5 }: PublishedError): string {
  return [
    ...(top1 === undefined ? [] : [`top-1 ${top1} %`]),
    ...(top5 === undefined ? [] : [`top-5 ${top5} %`]),
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

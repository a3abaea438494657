import { useTranslation } from 'react-i18next';
import type { PublishedWeights } from '../../models/published.ts';
import { formatBytes, formatPercent, formatShape } from '../../viz/numbers.ts';
import type { ShelfItem } from '../../workers/shelf.contract.ts';
import { useShelf } from '../store/shelf.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import ui from '../ui/ui.module.css';
import { Kept } from './Kept.tsx';
import { Row, type Choosable } from './Row.tsx';
import { Transfer } from './Transfer.tsx';
import styles from './weights.module.css';

interface PublishedRowProps extends Choosable {
  readonly entry: PublishedWeights;
  /** What of it is on this device. */
  readonly item: ShelfItem | null;
}

/** A published file: size, accuracy, licence and source before a byte moves; then how it comes, and that it is here. */
export function PublishedRow({ entry, item, ...choice }: PublishedRowProps) {
  const { t, i18n } = useTranslation('weights');
  const job = useShelf((s) => s.jobs[entry.id]);
  const fetchIt = useShelf((s) => s.fetch);
  const remove = useShelf((s) => s.remove);
  const dismiss = useShelf((s) => s.dismiss);
  const language = i18n.language === 'ko' ? 'ko' : 'en';
  const get = () => void fetchIt(entry.id, entry.network);
  const partial = item?.state === 'partial' ? item : null;
  const here = item?.state === 'whole' ? item : null;
  const size = formatBytes(entry.bytes);
  const action = !here && !job && (
    <button
      type="button"
      className={ui.button}
      aria-label={t(partial ? 'goOnOf' : 'getOf', { title: entry.title, size })}
      onClick={get}
    >
      {partial ? t('goOn') : t('get', { size })}
    </button>
  );
  return (
    <Row
      title={entry.title}
      {...choice}
      facts={useFacts(entry)}
      note={entry.note?.[language]}
      action={action}
    >
      {here && <Kept item={here} title={entry.title} />}
      {job?.state === 'busy' && <Transfer id={entry.id} title={entry.title} progress={job.progress} />}
      {job?.state === 'failed' && (
        <FailureNote failure={job.failure} onRetry={get} onDismiss={() => dismiss(entry.id)} />
      )}
      {partial && !job && (
        <div className={styles.actions}>
          <span className={styles.kept}>
            {t('partial', {
              loaded: formatBytes(partial.loadedBytes),
              total: formatBytes(partial.totalBytes),
            })}
          </span>
          <button
            type="button"
            className={ui.textButton}
            aria-label={t('deleteOf', { title: entry.title })}
            onClick={() => void remove(entry.id)}
          >
            {t('delete')}
          </button>
        </div>
      )}
    </Row>
  );
}

function useFacts(entry: PublishedWeights) {
  const { t } = useTranslation('weights');
  const { accuracy, sha256 } = entry;
  const checked =
    sha256 === null
      ? t('facts.unchecked')
      : sha256.length === 64
        ? t('facts.whole')
        : t('facts.prefix', { digits: sha256.length });
  const size = entry.bytesAre === 'computed' ? t('facts.computed') : '';
  const percent = (value: number) => formatPercent(value / 100, 2);
  return [
    {
      name: t('facts.size'),
      value: formatBytes(entry.bytes),
      title: [size, checked].filter(Boolean).join(' '),
    },
    ...(accuracy
      ? [
          {
            name: t('facts.accuracy'),
            value: [accuracy.top1, accuracy.top5]
              .flatMap((v) => (v === null ? [] : [percent(v)]))
              .join(' / '),
            title: `${t('facts.measured')}: ${accuracy.source}`,
          },
        ]
      : []),
    { name: t('facts.input'), value: formatShape(entry.preprocessing.input) },
    { name: t('facts.licence'), value: entry.licence },
    {
      name: t('facts.source'),
      value: (
        <a href={entry.page} target="_blank" rel="noreferrer">
          {entry.publisher}, {entry.file}
        </a>
      ),
    },
  ];
}

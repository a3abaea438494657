import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublishedWeights } from '../../models/published.ts';
import { formatBytes, formatPercent } from '../../viz/numbers.ts';
import type { ShelfItem } from '../../workers/shelf.contract.ts';
import { useShelf } from '../store/shelf.ts';
import ui from '../ui/ui.module.css';
import { buildNetwork } from '../zoo.ts';
import { nameOf } from './KeptRow.tsx';
import styles from './weights.module.css';

/** Everything that is kept on this device: how large it is, how long it may stay, and how to delete it. */
export function KeptShelf({ catalogue }: { readonly catalogue: readonly PublishedWeights[] }) {
  const { t } = useTranslation('weights');
  const items = useShelf((s) => s.items) ?? [];
  const remove = useShelf((s) => s.remove);
  const title = (item: ShelfItem) => catalogue.find(({ id }) => id === item.id)?.title ?? nameOf(item);
  return (
    <section aria-labelledby="weights-kept" className={styles.part}>
      <h3 id="weights-kept">{t('shelf.title')}</h3>
      {items.length === 0 ? (
        <p className={styles.note}>{t('shelf.empty')}</p>
      ) : (
        <table className={styles.shelf}>
          <thead>
            <tr>
              <th scope="col">{t('shelf.file')}</th>
              <th scope="col">{t('shelf.size')}</th>
              <th scope="col">{t('shelf.date')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <KeptLine key={item.id} item={item} title={title(item)} onDelete={() => void remove(item.id)} />
            ))}
          </tbody>
        </table>
      )}
      <Room />
      {items.length > 1 && (
        <button
          type="button"
          className={ui.textButton}
          onClick={() =>
            void items.reduce((before, { id }) => before.then(() => remove(id)), Promise.resolve())
          }
        >
          {t('shelf.all')}
        </button>
      )}
    </section>
  );
}

interface KeptLineProps {
  readonly item: ShelfItem;
  readonly title: string;
  readonly onDelete: () => void;
}

function KeptLine({ item, title, onDelete }: KeptLineProps) {
  const { t, i18n } = useTranslation('weights');
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' });
  return (
    <tr>
      <th scope="row">
        {title}
        <small>{buildNetwork(item.network).info.name}</small>
      </th>
      <td className={styles.number}>
        {formatBytes(item.keptBytes)}
        {item.state === 'partial' && (
          <small>
            {t('shelf.paused', {
              percent: formatPercent(item.loadedBytes / Math.max(1, item.totalBytes), 0),
            })}
          </small>
        )}
      </td>
      <td>{date.format(item.keptAt)}</td>
      <td>
        <button
          type="button"
          className={ui.textButton}
          aria-label={t('deleteOf', { title })}
          onClick={onDelete}
        >
          {t('delete')}
        </button>
      </td>
    </tr>
  );
}

/** How much of what the browser grants is used, and whether it may be cleared without asking. */
function Room() {
  const { t } = useTranslation('weights');
  const room = useShelf((s) => s.room);
  const persist = useShelf((s) => s.persist);
  const kept = useShelf((s) => s.items?.length ?? 0);
  const [asked, setAsked] = useState(false);
  if (!room) return null;
  const used = formatBytes(room.usedBytes);
  return (
    <div className={styles.room}>
      {room.quotaBytes !== null && (
        <meter min={0} max={room.quotaBytes} value={room.usedBytes} aria-label={t('shelf.title')} />
      )}
      <p className={styles.note}>
        {room.quotaBytes === null
          ? t('shelf.roomUnknown', { used })
          : t('shelf.room', { used, quota: formatBytes(room.quotaBytes) })}{' '}
        {kept > 0 && t(room.persisted ? 'shelf.persisted' : asked ? 'shelf.refused' : 'shelf.evictable')}
      </p>
      {kept > 0 && !room.persisted && !asked && (
        <button
          type="button"
          className={ui.textButton}
          onClick={() => void persist().then(() => setAsked(true))}
        >
          {t('shelf.persist')}
        </button>
      )}
    </div>
  );
}

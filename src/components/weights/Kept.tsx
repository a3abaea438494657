import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../viz/numbers.ts';
import type { ShelfItem } from '../../workers/shelf.contract.ts';
import { useShelf } from '../store/shelf.ts';
import ui from '../ui/ui.module.css';
import styles from './weights.module.css';

/** What a whole file takes on this device, and how to be rid of it. */
export function Kept({ item, title }: { readonly item: ShelfItem; readonly title: string }) {
  const { t } = useTranslation('weights');
  const remove = useShelf((s) => s.remove);
  return (
    <div className={styles.actions}>
      <span className={styles.kept}>
        {t(`keptAs.${item.dtype}`, { size: formatBytes(item.keptBytes) })}
        {item.wideTensors && (
          <small title={item.wideTensors.join(', ')}>{t('wide', { count: item.wideTensors.length })}</small>
        )}
        {item.differs?.map((sentence) => (
          <small key={sentence}>{sentence}</small>
        ))}
        {item.place === 'memory' && <small>{t('inMemory')}</small>}
      </span>
      <button
        type="button"
        className={ui.textButton}
        aria-label={t('deleteOf', { title })}
        onClick={() => void remove(item.id)}
      >
        {t('delete')}
      </button>
    </div>
  );
}

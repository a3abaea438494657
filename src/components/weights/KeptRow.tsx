import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../viz/numbers.ts';
import type { ShelfItem } from '../../workers/shelf.contract.ts';
import { Kept } from './Kept.tsx';
import { Row, type Choosable } from './Row.tsx';

/** The name that a user knows a kept file by. */
export const nameOf = ({ origin, id }: ShelfItem): string => (origin.kind === 'file' ? origin.name : id);

/** A file of the user's own that is kept on this device. */
export function KeptRow({ item, ...choice }: { readonly item: ShelfItem } & Choosable) {
  const { t } = useTranslation('weights');
  const title = nameOf(item);
  return (
    <Row
      title={title}
      {...choice}
      facts={[
        { name: t('facts.size'), value: formatBytes(item.totalBytes) },
        { name: t('facts.source'), value: t('ownFile') },
      ]}
    >
      <Kept item={item} title={title} />
    </Row>
  );
}

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../viz/numbers.ts';
import type { Capacity } from '../../workers/contract.ts';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import { buildNetwork } from '../zoo.ts';
import styles from './weights.module.css';

interface FitsProps {
  readonly network: string;
  readonly onLeave: () => void;
}

/** Whether the network will run on this device, said before a byte of it is fetched. */
export function Fits({ network, onLeave }: FitsProps) {
  const { t } = useTranslation('weights');
  const capacityOf = useStore((s) => s.capacityOf);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const [capacity, setCapacity] = useState<Capacity | null>(null);
  useEffect(() => {
    let here = true;
    capacityOf(network).then(
      (found) => here && setCapacity(found),
      // A backend that does not start says so where it is shown; nothing is known of its memory then.
      () => here && setCapacity(null),
    );
    return () => {
      here = false;
    };
  }, [capacityOf, network]);
  if (!capacity) return null;
  return (
    <p className={styles.fits} data-fits={capacity.fits}>
      {t(`fits.${capacity.fits}`, {
        needed: formatBytes(capacity.neededBytes),
        available: formatBytes(capacity.availableBytes ?? 0),
      })}{' '}
      {capacity.smaller && (
        <button
          type="button"
          className={ui.textButton}
          onClick={() => {
            chooseNetwork(capacity.smaller!);
            onLeave();
          }}
        >
          {t('smaller', { name: buildNetwork(capacity.smaller).info.name })}
        </button>
      )}
    </p>
  );
}

import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { mostNetworks, type Comparison } from '../../models/compare.ts';
import { useStore } from '../store/store.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import ui from '../ui/ui.module.css';
import { AddNetwork } from './AddNetwork.tsx';
import type { Compared, Unknown } from './useCompared.ts';
import styles from './compare.module.css';

interface NetworkSetProps {
  readonly comparison: Comparison;
  readonly networks: readonly Compared[];
  readonly unknown: readonly Unknown[];
}

/** The networks of the comparison in their order: added, moved and taken away here. */
export function NetworkSet({ comparison, networks, unknown }: NetworkSetProps) {
  const { t } = useTranslation('compare');
  const compare = useStore((s) => s.changeComparison);
  const { nets } = comparison;
  const without = (ref: string) => nets.filter((each) => each !== ref);
  const remove = (ref: string) =>
    compare({ nets: without(ref), ...(comparison.base === ref ? { base: null } : {}) });
  const forget = (ref: string) =>
    nets.includes(ref)
      ? remove(ref)
      : compare({ trace: comparison.trace.filter((each) => each !== ref) }, 'replace');
  const move = (ref: string, step: -1 | 1) => {
    const place = nets.indexOf(ref);
    const rest = without(ref);
    compare({ nets: [...rest.slice(0, place + step), ref, ...rest.slice(place + step)] });
  };
  return (
    <section className={styles.set} aria-label={t('set.label')} data-follows>
      <ol className={styles.chips}>
        {networks.map(({ ref, network }) => {
          const { name } = network.info;
          const place = nets.indexOf(ref);
          return (
            <li key={ref}>
              <button
                type="button"
                className={ui.iconButton}
                aria-label={t('set.earlier', { name })}
                disabled={place === 0}
                onClick={() => move(ref, -1)}
              >
                <ChevronLeft size={14} aria-hidden />
              </button>
              <span title={ref}>{name}</span>
              <button
                type="button"
                className={ui.iconButton}
                aria-label={t('set.later', { name })}
                disabled={place === nets.length - 1}
                onClick={() => move(ref, 1)}
              >
                <ChevronRight size={14} aria-hidden />
              </button>
              <button
                type="button"
                className={ui.iconButton}
                aria-label={t('set.remove', { name })}
                onClick={() => remove(ref)}
              >
                <X size={14} aria-hidden />
              </button>
            </li>
          );
        })}
      </ol>
      {nets.length < mostNetworks ? (
        <AddNetwork taken={nets} onAdd={(ref) => compare({ nets: [...nets, ref] })} />
      ) : (
        <p className={styles.note}>{t('set.full', { count: mostNetworks })}</p>
      )}
      {unknown.map(({ ref, failure }) => (
        <FailureNote key={ref} failure={failure} onDismiss={() => forget(ref)} />
      ))}
    </section>
  );
}

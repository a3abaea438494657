import { ArrowLeftRight } from 'lucide-react';
import { useDeferredValue, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comparison } from '../../../models/compare.ts';
import type { Network } from '../../../models/network.ts';
import { buildNetwork } from '../../../models/zoo/index.ts';
import { toFailure } from '../../store/requests.ts';
import { useStore } from '../../store/store.ts';
import type { Failure } from '../../store/types.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import ui from '../../ui/ui.module.css';
import type { Compared } from '../useCompared.ts';
import page from '../compare.module.css';
import { PairDiagrams } from './PairDiagrams.tsx';
import { nameOf, readyPairs } from './readyPairs.ts';
import { useNear } from './useNear.ts';
import styles from './pair.module.css';

interface PairSectionProps {
  readonly networks: readonly Compared[];
  readonly pair: Comparison['pair'];
}

/** Any two networks with their diagrams side by side: two of the set, or a pair that lectures show. */
export function PairSection({ networks, pair }: PairSectionProps) {
  const { t } = useTranslation('pair');
  const changeComparison = useStore((s) => s.changeComparison);
  const section = useRef<HTMLElement>(null);
  const near = useNear(section);
  const refs = useMemo(() => pair ?? firstTwo(networks), [pair, networks]);
  // What was pressed answers at once; networks are built and drawn after it.
  const wanted = useDeferredValue(refs);
  const built = useMemo(() => (wanted === null ? [] : wanted.map(build)), [wanted]);
  const [first, second] = built;
  const failures = built.flatMap((each) => ('failure' in each ? [each.failure] : []));
  const choose = (next: readonly [string, string]) => changeComparison({ pair: next });
  const options = useMemo(() => {
    const names = new Map(networks.map(({ ref, network }) => [ref, network.info.name]));
    for (const ref of refs ?? []) if (!names.has(ref)) names.set(ref, nameOf(ref));
    return [...names];
  }, [networks, refs]);
  const select = (place: 0 | 1) => (
    <label>
      {t(place === 0 ? 'first' : 'second')}{' '}
      <select
        className={page.select}
        value={refs?.[place] ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (refs === null) return;
          // One that is already shown changes places with the other.
          const other = refs[place === 0 ? 1 : 0];
          const rest = value === other ? refs[place] : other;
          choose(place === 0 ? [value, rest] : [rest, value]);
        }}
      >
        {options.map(([ref, name]) => (
          <option key={ref} value={ref}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section aria-labelledby="compare-pair" ref={section} data-follows>
      <div className={page.bar}>
        <h2 id="compare-pair">{t('heading')}</h2>
        {refs !== null && (
          <>
            {select(0)}
            <button type="button" className={ui.button} onClick={() => choose([refs[1], refs[0]])}>
              <ArrowLeftRight size={14} aria-hidden />
              {t('swap')}
            </button>
            {select(1)}
          </>
        )}
      </div>
      <div className={styles.ready} role="group" aria-label={t('ready')}>
        <span aria-hidden>{t('ready')}</span>
        {readyPairs.map(({ pair: each, name }) => (
          <button
            key={name}
            type="button"
            className={styles.chip}
            aria-pressed={refs !== null && each[0] === refs[0] && each[1] === refs[1]}
            onClick={() => choose(each)}
          >
            {name}
          </button>
        ))}
      </div>
      {refs === null && <p className={page.note}>{t('empty')}</p>}
      {failures.map((failure, place) => (
        <FailureNote
          key={place}
          failure={failure}
          {...(pair === null ? {} : { onDismiss: () => changeComparison({ pair: null }) })}
        />
      ))}
      {/* The diagrams are drawn once somebody comes near them; until then their room is kept. */}
      {first && second && 'network' in first && 'network' in second && (
        <div className={styles.body}>
          {near && (
            <PairDiagrams key={`${first.ref} ${second.ref}`} first={first.network} second={second.network} />
          )}
        </div>
      )}
    </section>
  );
}

function firstTwo(networks: readonly Compared[]): readonly [string, string] | null {
  const [first, second] = networks;
  return first && second ? [first.ref, second.ref] : null;
}

type Built = { readonly ref: string } & ({ readonly network: Network } | { readonly failure: Failure });

function build(ref: string): Built {
  try {
    return { ref, network: buildNetwork(ref) };
  } catch (error) {
    return { ref, failure: toFailure(error) };
  }
}

import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkInfo } from '../../models/network.ts';
import { formatSi } from '../../viz/numbers.ts';
import type { Silhouette } from '../../viz/silhouette.ts';
import { lastValue } from '../store/requests.ts';
import { useShelf } from '../store/shelf.ts';
import { useStore } from '../store/store.ts';
import ui from '../ui/ui.module.css';
import { parseReference } from '../zoo.ts';
import { representative, useNetworks, type FamilyGroup, type Networks } from './useNetworks.ts';
import { useFacts, useWantedFacts } from './useFacts.ts';
import styles from './networks.module.css';

interface NetworkListProps {
  readonly collapsed: boolean;
  readonly onChosen?: () => void;
}

/**
 * Every family by year with its silhouette; the chosen one, and what a search found, shows its members. It follows what is
 * typed in a task of its own, which the next letter interrupts.
 */
export function NetworkList(props: NetworkListProps) {
  return <Listed {...props} networks={useDeferredValue(useNetworks())} />;
}

const Listed = memo(function Listed({
  collapsed,
  onChosen,
  networks,
}: NetworkListProps & { readonly networks: Networks }) {
  const { t } = useTranslation('networks');
  const ref = useStore((s) => s.network);
  const current = useStore((s) => (s.view === 'network' ? s.network : null));
  const manifest = useStore((s) => lastValue(s.manifest));
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const { groups, filtering } = networks;
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const chosen = useMemo(() => parseReference(ref).family.id, [ref]);
  const kept = useShelf((s) => s.items);
  const bundledIds = useMemo(
    () =>
      new Set([
        ...(manifest?.weights ?? []).map(({ network }) => network),
        ...(kept ?? []).filter(({ state }) => state === 'whole').map(({ network }) => network),
      ]),
    [manifest, kept],
  );
  const bundled = (id: string) => bundledIds.has(id);
  const isOpen = (id: string) => !collapsed && (filtering || (toggled.get(id) ?? id === chosen));
  useWantedFacts([
    ...groups.map(({ family }) => representative(family, bundled).id),
    ...groups.flatMap(({ family, found }) => (isOpen(family.id) ? found.map(({ id }) => id) : [])),
  ]);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // The network may have been chosen elsewhere, or by a link: its entry is brought into view.
    list.current?.querySelector('[aria-current=true]')?.scrollIntoView?.({ block: 'nearest' });
  }, [current]);

  const choose = (id: string) => {
    chooseNetwork(id);
    onChosen?.();
  };
  if (groups.length === 0) return <p className={styles.none}>{t('none')}</p>;
  return (
    <ul ref={list} className={styles.list} data-collapsed={collapsed || undefined}>
      {groups.map((group) => {
        const { family } = group;
        const open = isOpen(family.id);
        return (
          <li key={family.id} data-follows>
            <FamilyEntry
              group={group}
              first={representative(family, bundled)}
              weights={family.members.some(({ info }) => bundled(info.id))}
              current={current !== null && family.id === chosen}
              unlisted={!family.members.some(({ info }) => info.id === current)}
              collapsed={collapsed}
              open={open}
              onChoose={choose}
              {...(collapsed || filtering || family.members.length === 1
                ? {}
                : { onToggle: () => setToggled(new Map(toggled).set(family.id, !open)) })}
            />
            {open && (family.members.length > 1 || filtering) && (
              <ul className={styles.members}>
                {group.found.map((info) => (
                  <MemberEntry
                    key={info.id}
                    info={info}
                    current={info.id === current}
                    weights={bundled(info.id)}
                    onChoose={choose}
                  />
                ))}
              </ul>
            )}
          </li>
        );
      })}
    </ul>
  );
});

interface FamilyEntryProps {
  readonly group: FamilyGroup;
  readonly first: NetworkInfo;
  readonly weights: boolean;
  readonly current: boolean;
  /** The chosen network has settings of nobody: it stands at its family. */
  readonly unlisted: boolean;
  readonly collapsed: boolean;
  readonly open: boolean;
  readonly onChoose: (id: string) => void;
  /** Left out where there is nothing to open. */
  readonly onToggle?: () => void;
}

function FamilyEntry(props: FamilyEntryProps) {
  const { group, first, weights, current, unlisted, collapsed, open, onChoose, onToggle } = props;
  const { t } = useTranslation(['networks', 'app']);
  const { family } = group;
  const outline = useFacts((s) => s.facts.get(first.id)?.silhouette);
  return (
    <div className={styles.family} data-current={current || undefined}>
      <button
        type="button"
        className={styles.item}
        aria-current={current && (!open || unlisted) ? 'true' : undefined}
        onClick={() => onChoose(first.id)}
      >
        <span className={styles.yearRow}>
          <span className={styles.year}>{Math.min(...family.members.map(({ info }) => info.year))}</span>
          {collapsed && weights && <span className={styles.dot} />}
        </span>{' '}
        <span className={styles.name}>{family.name}</span>
        {!collapsed && weights && <span className={styles.dot} />}
        {weights && <span className="visually-hidden">, {t('app:rail.weights')}</span>}
        <span className={styles.silhouette} aria-hidden>
          {outline && <Outline {...outline} />}
        </span>
      </button>
      {onToggle && (
        <button
          type="button"
          className={`${ui.iconButton} ${styles.toggle}`}
          aria-expanded={open}
          aria-label={t('members', { family: family.name, count: family.members.length })}
          onClick={onToggle}
        >
          <span aria-hidden>{family.members.length}</span>
          {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
        </button>
      )}
    </div>
  );
}

/** The same drawing as the diagram's silhouette, of an outline that was computed elsewhere. */
function Outline({ path, width, height }: Silhouette) {
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden focusable="false">
      <path d={path} fill="currentColor" />
    </svg>
  );
}

interface MemberEntryProps {
  readonly info: NetworkInfo;
  readonly current: boolean;
  readonly weights: boolean;
  readonly onChoose: (id: string) => void;
}

function MemberEntry({ info, current, weights, onChoose }: MemberEntryProps) {
  const { t } = useTranslation(['networks', 'app']);
  const params = useFacts((s) => s.facts.get(info.id)?.params);
  return (
    <li>
      <button
        type="button"
        className={styles.member}
        aria-current={current ? 'true' : undefined}
        onClick={() => onChoose(info.id)}
      >
        <span className={styles.name}>{info.name}</span>
        {weights && <span className={styles.dot} />}
        {weights && <span className="visually-hidden">, {t('app:rail.weights')}</span>}
        {params !== undefined && (
          <span className={styles.params}>
            {formatSi(params)}
            <span className="visually-hidden"> {t('app:facts.params')}</span>
          </span>
        )}
      </button>
    </li>
  );
}

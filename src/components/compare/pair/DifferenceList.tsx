import { useTranslation } from 'react-i18next';
import type { DifferenceGroup, DifferenceMember } from '../../../models/differenceGroups.ts';
import type { Network } from '../../../models/network.ts';
import type { Side } from '../../../viz/differenceMarks.ts';
import { changeWords, groupPlaces, groupSubject } from './differenceWords.ts';
import type { Chosen } from './usePairDiagrams.ts';
import styles from './pair.module.css';

interface DifferenceListProps {
  readonly networks: { readonly [S in Side]: Network };
  readonly groups: readonly DifferenceGroup[];
  /** How many operations are the same. */
  readonly same: number;
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}

/** The differences in words, equal ones counted; choosing a row shows it in both diagrams, choosing it again the next place. */
export function DifferenceList({ networks, groups, same, chosen, onChoose }: DifferenceListProps) {
  const { t } = useTranslation(['pair', 'diagram']);
  const graphs = [networks.first.graph, networks.second.graph] as const;
  if (groups.length === 0)
    return <p className={styles.none}>{t('none', { count: networks.first.graph.nodes.length })}</p>;
  return (
    <div className={styles.list}>
      <h3>{t('list')}</h3>
      <ul>
        {groups.map((group) => {
          const { members, kind } = group;
          const place = members.findIndex((member) => shows(member, chosen));
          const next = members[(place + 1) % members.length]!;
          const change = changeWords(t, group.aspects);
          const only = kind === 'onlyFirst' ? 'first' : kind === 'onlySecond' ? 'second' : null;
          return (
            <li key={group.id}>
              <button
                type="button"
                aria-pressed={place >= 0}
                onClick={() => onChoose({ first: next.first, second: next.second })}
              >
                <span className={styles.swatch} data-kind={swatches[kind]} aria-hidden />
                <span className={styles.times}>
                  {members.length > 1 && t('times', { count: members.length })}
                </span>
                <span>
                  <strong>{groupSubject(t, group, graphs)}</strong>
                  {only !== null && ` ${t('onlyIn', { name: networks[only].info.name })}`}
                  {change !== '' && `: ${change}`}
                </span>
                <span className={styles.place}>
                  {place >= 0 && members.length > 1
                    ? `${members[place]!.first ?? members[place]!.second}, ${t('place', { place: place + 1, count: members.length })}`
                    : groupPlaces(group, graphs)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <p>{t('same', { count: same })}</p>
    </div>
  );
}

const swatches: Readonly<Record<DifferenceGroup['kind'], string>> = {
  changed: 'changed',
  reads: 'follows',
  shape: 'follows',
  onlyFirst: 'only',
  onlySecond: 'only',
};

/** Whether a place is the chosen one: any node of it may be chosen in a diagram. */
function shows({ first, second, nodes }: DifferenceMember, chosen: Chosen): boolean {
  if (first !== null && second !== null) return first === chosen.first;
  const node = first === null ? chosen.second : chosen.first;
  return node !== null && nodes.includes(node);
}

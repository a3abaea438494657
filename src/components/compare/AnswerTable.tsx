import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { alignAnswers, type ClassCell } from '../../models/compareClasses.ts';
import { formatBytes, formatExact, formatMilliseconds, formatPercent } from '../../viz/numbers.ts';
import type { TwoAnswers } from '../store/types.ts';
import type { Compared } from './useCompared.ts';
import page from './compare.module.css';
import styles from './oneImage.module.css';

/** A network that was asked or is about to be; null: its answer is not there yet. */
export interface AnswerColumn extends Compared {
  readonly answers: TwoAnswers | null;
  readonly asking: boolean;
}

interface AnswerTableProps {
  readonly columns: readonly AnswerColumn[];
  /** The answers are about another picture than the one that is chosen now. */
  readonly stale: boolean;
}

const conjunction = (language: string, names: readonly string[]) =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(names);

/** First five classes of every network: a row a class, so that the same class stands in one line; then time and memory. */
export function AnswerTable({ columns, stale }: AnswerTableProps) {
  const { t, i18n } = useTranslation(['compare', 'app']);
  const answered = columns.flatMap(({ answers }) => answers ?? []);
  const worlds = alignAnswers(
    answered.map(({ again, loaded }) => ({
      dataset: loaded.dataset,
      classes: loaded.classes,
      top: again.top,
    })),
  );
  /** The place among those who have answered. */
  const placeOf = (column: AnswerColumn) => answered.indexOf(column.answers!);
  const groups = worlds.map((world) => world.datasets.join(' + '));
  const fact = (key: string, of: (answers: TwoAnswers, column: AnswerColumn) => ReactNode, words = false) => (
    <tr>
      <th scope="row" title={t(`one.fact.${key}Title`)}>
        {t(`one.fact.${key}`)}
      </th>
      {columns.map((column) => (
        <td key={column.ref} className={words ? undefined : styles.number}>
          {column.answers && of(column.answers, column)}
        </td>
      ))}
    </tr>
  );
  return (
    <>
      {/* Focusable so that a table wider than the page can be scrolled with the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={page.scroller} tabIndex={0} role="region" aria-label={t('one.table')}>
        <table className={styles.answers} data-stale={stale || undefined}>
          <thead>
            <tr>
              <th scope="col">{t('one.class')}</th>
              {columns.map(({ ref, network, asking, answers }) => (
                <th key={ref} scope="col">
                  {network.info.name}
                  {!answers && <small>{asking ? t('one.asking') : t('one.waiting')}</small>}
                </th>
              ))}
            </tr>
          </thead>
          {worlds.map((world) => (
            <tbody key={world.name}>
              <tr className={styles.world}>
                <th scope="rowgroup" colSpan={columns.length + 1}>
                  {t(world.datasets.length > 1 ? 'one.worldShared' : 'one.world', {
                    datasets: conjunction(i18n.language, world.datasets),
                  })}
                </th>
              </tr>
              {world.rows.map(({ key, name, cells }) => (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  {columns.map((column) => (
                    <td key={column.ref}>{column.answers && <Said cell={cells[placeOf(column)]!} />}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
          {answered.length > 0 && (
            <tbody className={styles.facts}>
              {fact('first', ({ first }) => formatMilliseconds(first.milliseconds))}
              {fact('again', ({ again }) => formatMilliseconds(again.milliseconds))}
              {fact('backend', ({ again }) => again.backend)}
              {fact('weights', ({ again }) => formatBytes(again.held.weightBytes))}
              {fact('activations', ({ again }) => formatBytes(again.held.activationBytes))}
              {fact('counted', (_, { measures }) => formatBytes(measures.memory))}
              {fact('file', ({ loaded }) => formatBytes(loaded.weightBytes))}
              {fact(
                'classes',
                ({ loaded: { classes, dataset } }) =>
                  t('one.classes', { count: formatExact(classes.length), dataset }),
                true,
              )}
            </tbody>
          )}
        </table>
      </div>
      {worlds.length > 1 && (
        <p className={page.note}>{t('one.apart', { groups: conjunction(i18n.language, groups) })}</p>
      )}
      {answered.length > 0 && <p className={page.note}>{t('one.legend')}</p>}
    </>
  );
}

function Said({ cell }: { readonly cell: ClassCell }) {
  const { t } = useTranslation('compare');
  if (cell.said !== 'ranked') {
    return (
      <span className={styles.silent} title={t(`one.${cell.said}`)}>
        <span aria-hidden>{cell.said === 'below' ? '·' : '–'}</span>
        <span className="visually-hidden">{t(`one.${cell.said}`)}</span>
      </span>
    );
  }
  const { rank, probability } = cell;
  return (
    <span className={styles.said} data-first={rank === 1 || undefined}>
      <span className={styles.rank}>{rank}.</span>
      <span className={styles.number}>{formatPercent(probability)}</span>
      <span className={styles.bar} aria-hidden>
        <span style={{ width: `${probability * 100}%` }} />
      </span>
    </span>
  );
}

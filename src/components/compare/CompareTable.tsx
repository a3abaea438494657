import { ArrowDown, ArrowUp, Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tableColumns, type Comparison, type Sorting } from '../../models/compare.ts';
import { useStore } from '../store/store.ts';
import { Segments } from '../ui/Segments.tsx';
import ui from '../ui/ui.module.css';
import { compareColumns } from './columns.ts';
import { tableFile, tableFormats, type TableFormat } from './exportTable.ts';
import { saveFile } from '../ui/saveFile.ts';
import { sortRows } from './sortRows.ts';
import { baselineOf, type Compared } from './useCompared.ts';
import styles from './compare.module.css';

interface CompareTableProps extends Pick<Comparison, 'base' | 'sort' | 'columns'> {
  readonly networks: readonly Compared[];
}

const formatNames: Readonly<Record<TableFormat, string>> = { csv: 'CSV', md: 'Markdown', json: 'JSON' };

/** One row a network, each number beside how many times it is larger or smaller than the baseline's. */
export function CompareTable({ networks, base: baseRef, sort: order, columns: chosen }: CompareTableProps) {
  const { t } = useTranslation(['compare', 'app']);
  const change = useStore((s) => s.changeComparison);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const language = useStore((s) => s.language);
  const [format, setFormat] = useState<TableFormat>('csv');
  const [said, setSaid] = useState('');
  const base = baselineOf(baseRef, networks);
  const columns = compareColumns(t, base, language);
  const shown = columns.filter(({ id }) => id === 'name' || chosen.includes(id));
  const rows = sortRows(networks, columns, order);
  const file = () => tableFile(format, shown, rows, base?.network.info.name ?? '');

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(file());
      setSaid(t('app:table.copied'));
    } catch {
      // Where the clipboard is closed to pages the file is saved instead.
      save();
    }
  };
  const save = () => {
    saveFile(file(), `comparison.${format}`);
    setSaid(t('app:table.saved'));
  };
  const sort = (column: Sorting['column'], numeric: boolean) => {
    const [first, second] = numeric
      ? (['descending', 'ascending'] as const)
      : (['ascending', 'descending'] as const);
    if (order?.column !== column) change({ sort: { column, direction: first } });
    else change({ sort: order.direction === first ? { column, direction: second } : null });
  };
  const toggle = (column: Sorting['column']) =>
    change({
      columns: tableColumns.filter((each) => (each === column) !== chosen.includes(each)),
    });

  return (
    <section className={styles.section} aria-labelledby="compare-table" data-follows>
      <div className={styles.bar}>
        <h2 id="compare-table">{t('table.title')}</h2>
        <label>
          {t('table.baseline')}{' '}
          <select
            className={styles.select}
            value={base?.ref ?? ''}
            onChange={(event) => change({ base: event.currentTarget.value })}
          >
            {networks.map(({ ref, network }) => (
              <option key={ref} value={ref}>
                {network.info.name}
              </option>
            ))}
          </select>
        </label>
        <details className={styles.details}>
          <summary>{t('table.columns')}</summary>
          <fieldset>
            <legend className="visually-hidden">{t('table.columns')}</legend>
            {columns.slice(1).map(({ id, header }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={id !== 'name' && chosen.includes(id)}
                  onChange={() => toggle(id)}
                />
                {header}
              </label>
            ))}
          </fieldset>
        </details>
        <div className={styles.barEnd}>
          <span role="status">{said}</span>
          <Segments
            label={t('table.format')}
            value={format}
            options={tableFormats.map((value) => ({ value, text: formatNames[value] }))}
            onChange={setFormat}
          />
          <button type="button" className={ui.button} onClick={() => void copy()}>
            <Copy size={14} aria-hidden />
            {t('table.copy')}
          </button>
          <button type="button" className={ui.button} onClick={save}>
            <Download size={14} aria-hidden />
            {t('table.save')}
          </button>
        </div>
      </div>
      {/* Focusable so that a table wider than the page can be scrolled with the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroller} tabIndex={0} role="region" aria-label={t('table.scroller')}>
        <table>
          <thead>
            <tr>
              {shown.map(({ id, header, title, numeric }) => {
                const direction = order?.column === id ? order.direction : 'none';
                return (
                  <th
                    key={id}
                    scope="col"
                    aria-sort={direction}
                    className={numeric ? styles.numeric : undefined}
                  >
                    <button type="button" title={title} onClick={() => sort(id, numeric ?? false)}>
                      {header}
                      {direction === 'ascending' && <ArrowUp size={12} aria-hidden />}
                      {direction === 'descending' && <ArrowDown size={12} aria-hidden />}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.ref} data-base={row === base || undefined}>
                {shown.map(({ id, text, exact, ratio, numeric }) =>
                  id === 'name' ? (
                    <th key={id} scope="row">
                      <button
                        type="button"
                        title={t('open', { name: text(row) })}
                        onClick={() => chooseNetwork(row.ref)}
                      >
                        {text(row)}
                      </button>
                    </th>
                  ) : (
                    <td key={id} className={numeric ? styles.numeric : undefined} title={exact?.(row)}>
                      {text(row)}
                      {ratio && (
                        <small className={styles.ratio}>
                          {row === base ? t('ratio.base') : ratio(row) || t('ratio.same')}
                        </small>
                      )}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>{t('table.note')}</p>
    </section>
  );
}

import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
  type RowData,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMedia } from '../ui/useMedia.ts';
import { CopyButtons } from './CopyButtons.tsx';
import { type Column } from './copy.ts';
import styles from './table.module.css';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

/** As the style sheet has them: a row that a finger touches is higher. */
const rowsPx = { fine: 30, coarse: 41 } as const;
/** With a header of two lines. */
const headPx = { fine: 36, coarse: 41 } as const;

interface DataTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly idOf: (row: Row) => string;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  readonly onHover?: (id: string | null) => void;
  /** One cell a column, below all rows. */
  readonly totals?: readonly string[];
  readonly fileName: string;
  /** What the numbers count. */
  readonly note?: ReactNode;
  /** A line of its own under that. */
  readonly status?: ReactNode;
}

/** A sortable, copyable table that draws only the rows in view; a row is chosen by click or by its first cell's button. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, rows, columns, idOf, selected, onSelect, onHover, totals, fileName, note, status } = props;
  const { t } = useTranslation('app');
  const scroller = useRef<HTMLDivElement>(null);
  const pointer = useMedia('(pointer: coarse)') ? 'coarse' : 'fine';
  const rowPx = rowsPx[pointer];

  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(
      columns.map((column) =>
        helper.accessor((row: Row) => column.value(row) ?? undefined, {
          id: column.id,
          header: column.header,
          sortFn: column.numeric ? 'basic' : 'alphanumeric',
          sortUndefined: 'last',
          sortDescFirst: column.numeric ?? false,
        }),
      ),
    );
  }, [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows as Row[],
    getRowId: (row: Row) => idOf(row),
  });
  const sorted = table.getRowModel().rows;
  // The compiler leaves this component alone because of the virtualizer's functions, which is what is wanted.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
    // The head stands before the rows, and the totals lie over the last one that is seen.
    scrollPaddingEnd: headPx[pointer] + (totals ? rowPx : 0),
    initialRect: { width: 800, height: 600 },
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);

  const place = sorted.findIndex((row) => row.id === selected);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    // The selection may come from the diagram: its row is brought into view. Who sorts wants to see the top.
    if (place < 0 || shown.current === selected) return;
    shown.current = selected;
    virtual.scrollToIndex(place, { align: 'auto' });
  }, [place, selected, virtual]);

  return (
    <div className={styles.table}>
      <div className={styles.bar}>
        <div className={styles.note}>{note}</div>
        <CopyButtons columns={columns} rows={sorted.map((row) => row.original)} fileName={fileName} />
      </div>
      {status && <div className={styles.status}>{status}</div>}
      {/* Focusable so that the rows can be scrolled with the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroller} ref={scroller} tabIndex={0} role="region" aria-label={label}>
        <table aria-rowcount={sorted.length + 1}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} aria-rowindex={1}>
                {group.headers.map((header, i) => {
                  const direction = header.column.getIsSorted();
                  const column = columns[i];
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      className={classOf(column)}
                      aria-sort={
                        direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none'
                      }
                    >
                      <button
                        type="button"
                        title={column?.title ?? t('table.sortBy', { column: column?.header })}
                        onClick={(event) => {
                          header.column.getToggleSortingHandler()?.(event);
                          virtual.scrollToOffset(0);
                        }}
                      >
                        {column?.header}
                        {direction === 'asc' && <ArrowUp size={12} aria-hidden />}
                        {direction === 'desc' && <ArrowDown size={12} aria-hidden />}
                      </button>
                    </th>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody>
            {before > 0 && (
              <tr aria-hidden>
                <td colSpan={columns.length} style={{ height: before, padding: 0, border: 0 }} />
              </tr>
            )}
            {items.map((item) => {
              const row = sorted[item.index];
              if (!row) return null;
              return (
                // The row's first cell holds the button for keyboards; the row itself is a larger target for the mouse.
                <tr
                  key={row.id}
                  aria-rowindex={item.index + 2}
                  data-selected={row.id === selected || undefined}
                  onClick={() => onSelect(row.id)}
                  onMouseEnter={() => onHover?.(row.id)}
                  onMouseLeave={() => onHover?.(null)}
                >
                  {columns.map((column, i) => (
                    <Cell
                      key={column.id}
                      column={column}
                      row={row.original}
                      current={row.id === selected}
                      {...(i === 0 ? { onSelect: () => onSelect(row.id) } : {})}
                    />
                  ))}
                </tr>
              );
            })}
            {after > 0 && (
              <tr aria-hidden>
                <td colSpan={columns.length} style={{ height: after, padding: 0, border: 0 }} />
              </tr>
            )}
          </tbody>
          {totals && (
            <tfoot>
              <tr>
                {totals.map((total, i) => (
                  <td key={columns[i]?.id} className={classOf(columns[i])}>
                    {total}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </div>
  );
}

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly current: boolean;
  readonly onSelect?: () => void;
}

function Cell<Row>({ column, row, current, onSelect }: CellProps<Row>) {
  const text = column.text(row);
  if (onSelect) {
    return (
      <th scope="row">
        <button
          type="button"
          aria-pressed={current}
          onClick={(event) => {
            event.stopPropagation();
            onSelect();
          }}
        >
          {text}
        </button>
      </th>
    );
  }
  return (
    <td className={classOf(column)} title={column.exact?.(row)}>
      {text}
    </td>
  );
}

function classOf<Row>(column: Column<Row> | undefined): string {
  return [
    column?.numeric ? styles.numeric : '',
    column?.stale ? styles.stale : '',
    column?.gives ? styles.gives : '',
  ].join(' ');
}

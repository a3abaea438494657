import { toDelimited, toMarkdown, type Column } from '../table/copy.ts';
import type { CompareColumn } from './columns.ts';
import type { Compared } from './useCompared.ts';

export const tableFormats = ['csv', 'md', 'json'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** The columns of a file: exact values, and after each with a ratio the value over the baseline's. */
function fileColumns(columns: readonly CompareColumn[], over: string): readonly Column<Compared>[] {
  return columns.flatMap((column): readonly Column<Compared>[] => {
    const { ratioValue } = column;
    if (!ratioValue) return [column];
    return [
      column,
      {
        id: `${column.id}Ratio`,
        header: `${column.header} / ${over}`,
        numeric: true,
        value: ratioValue,
        text: (row) => String(ratioValue(row) ?? ''),
      },
    ];
  });
}

/** The table as shown, in its order and with its columns, but with exact values. */
export function tableFile(
  format: TableFormat,
  columns: readonly CompareColumn[],
  rows: readonly Compared[],
  baseline: string,
): string {
  const all = fileColumns(columns, baseline);
  if (format === 'csv') return toDelimited(all, rows, ',');
  if (format === 'json') {
    const records = rows.map((row) => ({
      ref: row.network.ref,
      ...Object.fromEntries(all.map((column) => [column.id, column.value(row)])),
    }));
    return `${JSON.stringify({ baseline, networks: records }, null, 2)}\n`;
  }
  return toMarkdown(all, rows);
}

import { formatPlain } from '../../viz/numbers.ts';

/** One column: what it sorts and copies by, and what it shows. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly title?: string;
  readonly numeric?: boolean;
  /** The exact value; null where there is none. */
  readonly value: (row: Row) => number | string | null;
  readonly text: (row: Row) => string;
  /** The exact value as text, for a tooltip. */
  readonly exact?: (row: Row) => string;
}

/** The rows in the order shown, with exact values: comma-separated (RFC 4180) or tab-separated. */
export function toDelimited<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  separator: ',' | '\t',
): string {
  const cell = (value: number | string | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return formatPlain(value);
    if (separator === '\t') return value.replace(/[\t\r\n]+/g, ' ');
    return /[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
  };
  const lines = [
    columns.map((column) => cell(column.header)),
    ...rows.map((row) => columns.map((column) => cell(column.value(row)))),
  ];
  return lines.map((line) => line.join(separator)).join('\r\n') + '\r\n';
}

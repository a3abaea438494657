import { formatPlain } from '../../viz/numbers.ts';

/** A value as a file has it. */
export type Cell = number | string | null;

/** The ways to copy a table, as their files end. */
export const tableFormats = ['csv', 'tsv', 'md', 'json'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** One column: what it sorts and copies by, and what it shows. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly title?: string;
  readonly numeric?: boolean;
  /** Gives way to the columns after it: what is cut off is on hover. */
  readonly gives?: boolean;
  /** Holds for something that has changed since. */
  readonly stale?: boolean;
  /** The exact value; null where there is none. */
  readonly value: (row: Row) => Cell;
  /** What a file says in place of `value`: a word where there is no number. */
  readonly file?: (row: Row) => Cell;
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
  const cell = (value: Cell): string => {
    if (value === null) return '';
    if (typeof value === 'number') return formatPlain(value);
    if (separator === '\t') return value.replace(/[\t\r\n]+/g, ' ');
    return /[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
  };
  const lines = [
    columns.map((column) => cell(column.header)),
    ...rows.map((row) => columns.map((column) => cell(fileValue(column, row)))),
  ];
  return lines.map((line) => line.join(separator)).join('\r\n') + '\r\n';
}

/** The rows in the order shown, with exact values, as a Markdown table; numbers to the right. */
export function toMarkdown<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cell = (value: Cell): string => {
    if (value === null) return '';
    return typeof value === 'number' ? formatPlain(value) : value.replaceAll('|', '\\|');
  };
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ header }) => cell(header))),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => cell(fileValue(column, row))))),
    '',
  ].join('\n');
}

/** The rows in the order shown, with exact values, as an array of objects by the columns' ids. */
export function toJson<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const records = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column.id, fileValue(column, row)])),
  );
  return `${JSON.stringify(records, null, 2)}\n`;
}

/** A table as a file of a format. */
export function tableText<Row>(
  format: TableFormat,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): string {
  if (format === 'md') return toMarkdown(columns, rows);
  if (format === 'json') return toJson(columns, rows);
  return toDelimited(columns, rows, format === 'csv' ? ',' : '\t');
}

function fileValue<Row>({ value, file = value }: Column<Row>, row: Row): Cell {
  return file(row);
}

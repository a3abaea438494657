/** Text for a terminal: plain ASCII, so that it also survives a log, a pager and `column`. */

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly text: (row: Row) => string;
}

/** Rows under their titles, two spaces between columns, no spaces at line ends. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  return formatGroups([{ title: null, rows }], columns);
}

export interface RowGroup<Row> {
  /** A line of its own before the rows, or null for none. */
  readonly title: string | null;
  readonly rows: readonly Row[];
}

/** As `formatTable`, in groups that share their columns: an empty line and a title before each. */
export function formatGroups<Row>(groups: readonly RowGroup<Row>[], columns: readonly Column<Row>[]): string {
  const cells = groups.map(({ rows }) => rows.map((row) => columns.map(({ text }) => text(row))));
  const titles = columns.map(({ title }) => title);
  const all = [titles, ...cells.flat()];
  const widths = columns.map((_, i) => all.reduce((widest, line) => Math.max(widest, line[i]!.length), 0));
  const align = (line: readonly string[]): string =>
    line
      .map((cell, i) => (columns[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const body = groups.flatMap(({ title }, i) => [
    ...(title === null ? [] : ['', title]),
    ...cells[i]!.map(align),
  ]);
  return [align(titles), rule, ...body].join('\n') + '\n';
}

/** `62,357,608`. */
export const whole = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** Megabytes of a million bytes, with one decimal below a hundred: `249.4`, `7.1`, `0.25`. */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: value < 1 ? 2 : 1,
    maximumFractionDigits: value < 1 ? 2 : 1,
  });
}

/** `55x55x96`; a vector is its length. */
export function shape([height, width, channels]: readonly [number, number, number]): string {
  return height === 1 && width === 1 ? whole(channels) : `${height}x${width}x${channels}`;
}

/** `7x7`, or `7` where both sides are equal. */
export function pair([vertical, horizontal]: readonly [number, number]): string {
  return vertical === horizontal ? whole(vertical) : `${vertical}x${horizontal}`;
}

/** What `--json` prints. */
export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

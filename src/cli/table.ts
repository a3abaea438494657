/** Text for a terminal: plain ASCII, so that it also survives a log, a pager and `column`. */

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly text: (row: Row) => string;
}

/** Rows under their titles, two spaces between columns, no spaces at line ends. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ text }) => text(row))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, i) => (columns[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n') + '\n';
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

import type { Sorting } from '../../models/compare.ts';
import type { CompareColumn } from './columns.ts';
import type { Compared } from './useCompared.ts';

/** The rows in the order of a column; the comparison's own order without one. What has no value is last. */
export function sortRows(
  rows: readonly Compared[],
  columns: readonly CompareColumn[],
  order: Sorting | null,
): readonly Compared[] {
  const column = columns.find(({ id }) => id === order?.column);
  if (!column || !order) return rows;
  const sign = order.direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * String(left).localeCompare(String(right), 'en', { numeric: true });
  });
}

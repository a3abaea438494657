import {
  errorAxes,
  figureSources,
  firstComparison,
  mostNetworks,
  mostVisited,
  quantities,
  tableColumns,
  type Comparison,
  type Sorting,
  type TableColumn,
} from './compare.ts';

/**
 * A comparison in the query of the address: `nets=a,b?k=2&base=a&x=macs&y=top1&area=params`. Left out where they are as
 * at first: `figures=papers`, `sort=-params` (a minus: largest first), `cols=params,macs`, `trace=a?k=2,a?k=3`, `pair=a,b?k=2`.
 */
export function comparisonToQuery(comparison: Comparison, query: URLSearchParams): void {
  query.set('nets', comparison.nets.join(','));
  if (comparison.base !== null) query.set('base', comparison.base);
  query.set('x', comparison.x);
  query.set('y', comparison.y);
  query.set('area', comparison.area);
  if (comparison.figures !== 'weights') query.set('figures', comparison.figures);
  const { sort, columns, trace, pair } = comparison;
  if (sort) query.set('sort', `${sort.direction === 'descending' ? '-' : ''}${sort.column}`);
  if (columns.join() !== firstComparison.columns.join()) query.set('cols', columns.join(','));
  if (trace.length > 0) query.set('trace', trace.join(','));
  if (pair !== null) query.set('pair', pair.join(','));
}

/** What a query says about a comparison, the first one where it says nothing. Whether networks exist is not its matter. */
export function comparisonOfQuery(query: URLSearchParams): Comparison {
  const nets = query.get('nets');
  const asked = nets === null ? firstComparison.nets : listOf(nets);
  const chosen = [...new Set(asked)].slice(0, mostNetworks);
  const base = query.get('base');
  return {
    nets: chosen,
    base: base !== null && chosen.includes(base) ? base : null,
    x: oneOf(quantities, query.get('x')) ?? firstComparison.x,
    y: oneOf(errorAxes, query.get('y')) ?? firstComparison.y,
    area: oneOf(quantities, query.get('area')) ?? firstComparison.area,
    figures: oneOf(figureSources, query.get('figures')) ?? firstComparison.figures,
    sort: sortOfText(query.get('sort')),
    columns: columnsOfText(query.get('cols')),
    trace: [...new Set(listOf(query.get('trace') ?? ''))].slice(-mostVisited),
    pair: pairOfText(query.get('pair')),
  };
}

const listOf = (text: string): readonly string[] => text.split(',').filter((each) => each !== '');

function pairOfText(text: string | null): Comparison['pair'] {
  const [first, second, ...more] = listOf(text ?? '');
  return first !== undefined && second !== undefined && more.length === 0 ? [first, second] : null;
}

function sortOfText(text: string | null): Sorting | null {
  const [, minus, name = null] = /^(-?)(\w+)$/.exec(text ?? '') ?? [];
  const column = oneOf(['name', ...tableColumns] as const, name);
  return column && { column, direction: minus ? 'descending' : 'ascending' };
}

function columnsOfText(text: string | null): readonly TableColumn[] {
  if (text === null) return firstComparison.columns;
  const asked = listOf(text);
  return tableColumns.filter((column) => asked.includes(column));
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | null {
  return allowed.find((value) => value === text) ?? null;
}

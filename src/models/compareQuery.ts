import {
  errorAxes,
  figureSources,
  firstComparison,
  mostNetworks,
  quantities,
  type Comparison,
} from './compare.ts';

/** A comparison in the query of the address: `nets=a,b?k=2&base=a&x=macs&y=top1&area=params`. */
export function comparisonToQuery(comparison: Comparison, query: URLSearchParams): void {
  query.set('nets', comparison.nets.join(','));
  if (comparison.base !== null) query.set('base', comparison.base);
  query.set('x', comparison.x);
  query.set('y', comparison.y);
  query.set('area', comparison.area);
  if (comparison.figures !== 'weights') query.set('figures', comparison.figures);
}

/** What a query says about a comparison, the first one where it says nothing. Whether networks exist is not its matter. */
export function comparisonOfQuery(query: URLSearchParams): Comparison {
  const nets = query.get('nets');
  const asked = nets === null ? firstComparison.nets : nets.split(',').filter((ref) => ref !== '');
  const chosen = [...new Set(asked)].slice(0, mostNetworks);
  const base = query.get('base');
  return {
    nets: chosen,
    base: base !== null && chosen.includes(base) ? base : null,
    x: oneOf(quantities, query.get('x')) ?? firstComparison.x,
    y: oneOf(errorAxes, query.get('y')) ?? firstComparison.y,
    area: oneOf(quantities, query.get('area')) ?? firstComparison.area,
    figures: oneOf(figureSources, query.get('figures')) ?? firstComparison.figures,
  };
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | null {
  return allowed.find((value) => value === text) ?? null;
}

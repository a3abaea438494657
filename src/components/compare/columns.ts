import type { TFunction } from 'i18next';
import { ratioTo, type Measures, type Quantity, type Sorting } from '../../models/compare.ts';
import type { PublishedError, Text } from '../../models/network.ts';
import { sourceText } from '../../models/zoo/figureTexts.ts';
import { notesOf } from '../../models/zoo/notes.ts';
import { formatBytes, formatExact, formatSi, THIN_SPACE } from '../../viz/numbers.ts';
import type { Column } from '../table/copy.ts';
import type { Compared } from './useCompared.ts';

export type Words = TFunction<readonly ['compare', 'app']>;

/** How a quantity is written for a reader. */
export const written: Readonly<Record<Quantity, (value: number) => string>> = {
  params: formatSi,
  macs: formatSi,
  memory: formatBytes,
  depth: String,
  year: String,
  intensity: (value) => value.toPrecision(3),
};

/** Years and depths are compared, but no ratio of two years means anything. */
const withRatio: ReadonlySet<Quantity> = new Set<Quantity>([
  'params',
  'macs',
  'memory',
  'depth',
  'intensity',
]);

export interface CompareColumn extends Column<Compared> {
  readonly id: Sorting['column'];
  /** `×12.1 smaller`; '' where there is nothing to say. */
  readonly ratio?: (row: Compared) => string;
  /** value / baseline's value, for files. */
  readonly ratioValue?: (row: Compared) => number | null;
}

export const comparableError = ({ network }: Compared): PublishedError | undefined =>
  notesOf(network.ref).publishedErrors.find(({ comparable }) => comparable);

export function ratioText(t: Words, value: number, base: number): string {
  const ratio = ratioTo(value, base);
  if (ratio === null || ratio.direction === 'same') return '';
  const { factor } = ratio;
  // Three digits: a factor of 1.004 must not read as none.
  const text = factor >= 99.95 ? formatExact(Math.round(factor)) : factor.toPrecision(3);
  return t(`compare:ratio.${ratio.direction}`, { factor: text });
}

/** Every column that the table can have. */
export function compareColumns(
  t: Words,
  base: Compared | null,
  language: keyof Text = 'en',
): readonly CompareColumn[] {
  const sourceOf = (row: Compared): string | null => {
    const source = comparableError(row)?.source;
    return source === undefined ? null : sourceText(source, language);
  };
  const measured = (key: Quantity): CompareColumn => {
    const of = (row: Compared) => (row.measures as Measures)[key];
    return {
      id: key,
      header: t(`compare:quantity.${key}`),
      title: t(`compare:quantityTitle.${key}`),
      numeric: true,
      value: of,
      text: (row) => written[key](of(row)),
      exact: (row) => (key === 'memory' ? `${formatExact(of(row))} B` : formatExact(of(row))),
      ...(base && withRatio.has(key)
        ? {
            ratio: (row: Compared) => ratioText(t, of(row), of(base)),
            ratioValue: (row: Compared) => (of(base) > 0 ? of(row) / of(base) : null),
          }
        : {}),
    };
  };
  const error = (key: 'top1' | 'top5'): CompareColumn => ({
    id: key,
    header: t(`compare:error.${key}`),
    title: t('compare:error.title'),
    numeric: true,
    value: (row) => comparableError(row)?.[key] ?? null,
    text: (row) => {
      const value = comparableError(row)?.[key];
      return value === undefined ? t('compare:none') : `${value}${THIN_SPACE}%`;
    },
    exact: (row) => sourceOf(row) ?? '',
  });
  return [
    {
      id: 'name',
      header: t('app:table.network'),
      value: ({ network }) => network.info.name,
      text: ({ network }) => network.info.name,
    },
    measured('year'),
    measured('depth'),
    measured('params'),
    measured('macs'),
    measured('memory'),
    measured('intensity'),
    {
      id: 'dataset',
      header: t('app:table.dataset'),
      value: ({ network }) => network.info.dataset,
      text: ({ network }) => network.info.dataset,
    },
    error('top1'),
    error('top5'),
    {
      id: 'source',
      header: t('compare:error.source'),
      value: sourceOf,
      text: (row) => sourceOf(row) ?? t('compare:none'),
    },
  ];
}

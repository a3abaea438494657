import type { TFunction } from 'i18next';
import { quartilesOf } from '../../models/statistics.ts';
import { formatBytes, formatExact } from '../../viz/numbers.ts';
import type { Agreement } from './agreement.ts';
import { plainMs } from './reportMarkdown.ts';
import { roundsOf, type Figures, type Repeated, type Row, type TimedLoad } from './types.ts';

/** One figure of a network: a line of its table, with a cell a backend. */
export interface FigureLine {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row, agreement: Agreement | null) => Cell | null;
  /** What is compared for the quickest of the line; left out where smaller is not better. */
  readonly value?: (figures: Figures) => number | undefined;
}
export interface Cell {
  readonly text: string;
  /** Stands below the text, smaller. */
  readonly below?: string;
  /** The exact value, for a tooltip. */
  readonly exact?: string;
  readonly wrong?: boolean;
}
export interface FigureGroup {
  readonly id: 'once' | 'each' | 'state';
  readonly lines: readonly FigureLine[];
}

/** Whole thousands are grouped, as everywhere on the page. */
const ms = (value: number): string => (value < 1000 ? plainMs(value) : formatExact(Math.round(value)));

/** The lines of a network's table, in the order in which they are measured; one backend alone is compared with none. */
export function figureGroups(t: TFunction<'bench'>, layer: string, alone: boolean): readonly FigureGroup[] {
  const once = (id: 'start' | 'first', value: (figures: Figures) => number | undefined): FigureLine => ({
    id,
    head: t(`results.${id}`),
    value,
    cell: ({ figures }) => {
      const found = value(figures);
      return found === undefined ? null : { text: ms(found), exact: t('ms', { value: found }) };
    },
  });
  // From the server or from the cache: unlike things are not compared.
  const load = (
    id: 'load' | 'loadAgain',
    value: (figures: Figures) => TimedLoad | undefined,
  ): FigureLine => ({
    id,
    head: t(`results.${id}`),
    cell: ({ figures }) => {
      const found = value(figures);
      if (!found) return null;
      const { milliseconds, fromCache } = found;
      return {
        text: ms(milliseconds),
        below: t(fromCache ? 'results.cache' : 'results.server'),
        exact: t('ms', { value: milliseconds }),
      };
    },
  });
  const each = (id: Repeated): FigureLine => ({
    id,
    head: t(`results.${id}`, { layer }),
    value: ({ samples }) => (samples[id].length > 0 ? quartilesOf(samples[id]).median : undefined),
    cell: ({ figures }) => {
      const samples = figures.samples[id];
      if (samples.length === 0) return null;
      const { lower, median, upper } = quartilesOf(samples);
      return { text: ms(median), below: `${ms(lower)}–${ms(upper)}`, exact: t('ms', { value: median }) };
    },
  });
  return [
    {
      id: 'once',
      lines: [
        once('start', ({ startMs }) => startMs),
        load('load', (figures) => figures.load),
        load('loadAgain', (figures) => figures.loadAgain),
        once('first', ({ firstMs }) => firstMs),
      ],
    },
    {
      id: 'each',
      lines: [each('answer'), each('faces'), each('maps'), each('project'), each('projectNext')],
    },
    { id: 'state', lines: stateLines(t, alone) },
  ];
}

function stateLines(t: TFunction<'bench'>, alone: boolean): readonly FigureLine[] {
  const line = (id: string, cell: FigureLine['cell']): FigureLine => ({ id, head: t(`results.${id}`), cell });
  const differs = (
    id: string,
    there: (figures: Figures) => unknown,
    value: (found: Agreement) => number | null,
  ): FigureLine =>
    line(id, ({ figures }, agreement) => {
      if (!there(figures) || alone) return null;
      if (!agreement) return { text: t('results.reference') };
      const found = value(agreement);
      return found === null
        ? null
        : { text: found === 0 ? '0' : found.toExponential(1), wrong: !agreement.agrees };
    });
  return [
    line('tensors', ({ figures: { memory } }) => memoryCell(memory?.bytes)),
    line('gpu', ({ figures: { memory } }) => memoryCell(memory?.gpuBytes)),
    line('class', ({ figures: { top } }, agreement) =>
      top?.[0] ? { text: top[0].name, wrong: agreement?.sameTop === false } : null,
    ),
    differs(
      'logits',
      ({ logits }) => logits,
      ({ logits }) => logits,
    ),
    differs(
      'projection',
      ({ projection }) => projection,
      ({ projection }) => projection,
    ),
    line('rounds', ({ figures: { samples } }) =>
      samples.answer.length > 0 ? { text: String(roundsOf(samples)) } : null,
    ),
  ];
}

const memoryCell = (bytes: number | undefined): Cell | null =>
  bytes === undefined ? null : { text: formatBytes(bytes), exact: `${formatExact(bytes)} B` };

/** The smallest value of a line, where at least two rows have one. */
export function quickest({ value }: FigureLine, rows: readonly Row[]): number | null {
  const found = rows.flatMap(({ figures }) => value?.(figures) ?? []);
  return found.length > 1 ? Math.min(...found) : null;
}

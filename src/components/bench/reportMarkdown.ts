import { quartilesOf } from '../../models/statistics.ts';
import type { MemoryReport } from '../../workers/contract.ts';
import { THIN_SPACE, formatBytes } from '../../viz/numbers.ts';
import type { Agreement } from './agreement.ts';
import { backendNames } from './cases.ts';
import { stepMs } from './machine.ts';
import { sourceOf, type Report, type ReportRow } from './report.ts';
import { roundsOf, type Availability, type Repeated, type TimedLoad } from './types.ts';

/** GitHub's Markdown: what was measured on, the medians as a table, then what there is to say about single rows. */
export function toMarkdown(report: Report): string {
  const { rows } = report;
  const notes = rows.flatMap(notesOf);
  return [
    `**ConvScope benchmark, ${report.date.slice(0, 10)}**`,
    '',
    ...factLines(report).map(([name, value]) => `- ${name}: ${escaped(value)}`),
    '',
    'Milliseconds: medians (quartiles).',
    '',
    tableRow(columns.map(({ head }) => head)),
    tableRow(columns.map(({ numeric }) => (numeric ? '---:' : ':---'))),
    ...rows.map((row) => tableRow(columns.map(({ text }) => escaped(text(row))))),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${escaped(note)}`)] : []),
    '',
  ].join('\n');
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
/** A bar would end its cell, and `<` may begin markup; adapters and errors are other people's texts. */
const escaped = (text: string): string =>
  text.replace(/[\r\n]+/g, ' ').replace(/[\\|<>*_`[\]]/g, (sign) => `\\${sign}`);

/** What stands before the table, in this order. */
export function factLines({ machine, program, backends }: Report): readonly (readonly [string, string])[] {
  const commit = program.commit ? ` (${program.commit})` : '';
  return [
    ['Browser', machine.browser],
    ['System', machine.system],
    ...backendNames.map((name) => [name, availabilityText(backends[name])] as const),
    ['Logical cores', machine.logicalCores === null ? 'not told' : String(machine.logicalCores)],
    ['Memory', machine.memoryGiB === null ? 'not told' : `${machine.memoryGiB} GiB, as the browser tells`],
    ['Cross-origin isolated', machine.crossOriginIsolated ? 'yes' : 'no, so wasm has one thread'],
    ['Clock step', machine.clockStepMs === null ? 'unknown' : `${stepMs(machine.clockStepMs)} ms`],
    ['ConvScope', `${program.convscope}${commit}, tfjs ${program.tfjs}`],
    ['User agent', machine.userAgent],
  ];
}

function availabilityText(found: Availability): string {
  if (found.state === 'looking') return 'not tried';
  if (found.state === 'missing') return `missing: ${[found.reason, found.detail].filter(Boolean).join(', ')}`;
  const { adapter, software, threads, threadsRefused } = found.report;
  const parts = [
    threads > 0 && `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    adapter,
    software && 'software, not a GPU',
    threadsRefused && `threads refused: ${threadsRefused}`,
  ].filter(Boolean);
  return parts.join(', ') || 'here';
}

/** A figure with as many digits as it deserves: `0.42`, `7.3`, `128`. */
export const plainMs = (value: number): string =>
  value < 1 ? value.toFixed(2) : value < 9.95 ? value.toFixed(1) : String(Math.round(value));

const spread = (values: readonly number[]): string => {
  if (values.length === 0) return '';
  const { lower, median, upper } = quartilesOf(values);
  return `${plainMs(median)} (${plainMs(lower)} - ${plainMs(upper)})`;
};
const loadText = (load: TimedLoad | null): string =>
  load === null ? '' : `${plainMs(load.milliseconds)} (${sourceOf(load)})`;
const bytes = (count: number): string => formatBytes(count).replaceAll(THIN_SPACE, ' ');

export const memoryText = ({ bytes: held, gpuBytes }: MemoryReport): string =>
  gpuBytes === undefined ? bytes(held) : `${bytes(held)}, GPU ${bytes(gpuBytes)}`;

const differences = ({ logits, projection }: Agreement): string =>
  `${logits.toExponential(1)}, ${projection === null ? '-' : projection.toExponential(1)}`;

interface Column {
  readonly head: string;
  readonly numeric: boolean;
  readonly text: (row: ReportRow) => string;
}
const timed = (head: string, key: Repeated): Column => ({
  head,
  numeric: true,
  text: (row) => spread(row.samples[key]),
});
const columns: readonly Column[] = [
  { head: 'network', numeric: false, text: ({ name }) => name },
  { head: 'backend', numeric: false, text: (row) => row.backend + (hasNote(row) ? ' (!)' : '') },
  { head: 'start', numeric: true, text: ({ startMs }) => (startMs === null ? '' : plainMs(startMs)) },
  { head: 'load', numeric: true, text: ({ load }) => loadText(load) },
  { head: 'load again', numeric: true, text: ({ loadAgain }) => loadText(loadAgain) },
  { head: 'first answer', numeric: true, text: ({ firstMs }) => (firstMs === null ? '' : plainMs(firstMs)) },
  timed('answer', 'answer'),
  timed('faces', 'faces'),
  timed('maps', 'maps'),
  timed('projection', 'project'),
  timed('next projection', 'projectNext'),
  { head: 'memory', numeric: true, text: ({ memory }) => (memory ? memoryText(memory) : '') },
  { head: 'class', numeric: false, text: ({ top }) => top[0]?.name ?? '' },
  {
    head: 'logits, projection differ',
    numeric: true,
    text: ({ agreement }) => (agreement ? differences(agreement) : ''),
  },
  { head: 'rounds', numeric: true, text: ({ samples }) => String(roundsOf(samples)) },
];

const hasNote = (row: ReportRow): boolean => notesOf(row).length > 0;

function notesOf(row: ReportRow): readonly string[] {
  const { agreement } = row;
  const who = `${row.name}, ${row.backend}`;
  return [
    row.state === 'failed' && `${who}: failed. ${row.error}`,
    row.state === 'cancelled' && `${who}: cancelled.`,
    row.state === 'skipped' &&
      `${who}: not measured, because ${row.backend} lost its device with ${row.lostWith}.`,
    row.state === 'busy' && `${who}: had not ended when this was written.`,
    row.state === 'waiting' && `${who}: had not begun when this was written.`,
    row.hidden && `${who}: the tab was hidden meanwhile; browsers slow hidden tabs down.`,
    agreement &&
      !agreement.agrees &&
      `${who}: computes wrongly: it differs from ${agreement.reference} by more than rounding.`,
    row.software && `${who}: the GPU is imitated by the processor (${row.adapter}).`,
  ].filter((note): note is string => typeof note === 'string');
}

import { quartilesOf, type Quartiles } from '../../models/statistics.ts';
import { toDelimited, type Column } from '../table/copy.ts';
import { sourceOf, type Report, type ReportRow } from './report.ts';
import { repeated, roundsOf, type Repeated } from './types.ts';

/** One line a row, numbers exact, with the machine on every line, so that tables of several machines can be joined. */
export const toCsv = (report: Report): string => toDelimited(columnsOf(report), report.rows, ',');

function columnsOf({ machine, program, date }: Report): readonly Column<ReportRow>[] {
  const own = (header: string, value: Column<ReportRow>['value']): Column<ReportRow> => ({
    ...{ id: header, header, value, text: (row) => String(value(row) ?? '') },
  });
  const fixed = (header: string, value: number | string | null) => own(header, () => value);
  const quartiles = (key: Repeated) => {
    const part = (name: string, of: keyof Quartiles) =>
      own(`${key}_${name}_ms`, ({ samples }) => (samples[key].length ? quartilesOf(samples[key])[of] : null));
    return [part('median', 'median'), part('low', 'lower'), part('high', 'upper')];
  };
  return [
    own('network', (row) => row.network),
    own('backend', (row) => row.backend),
    own('adapter', (row) => row.adapter),
    own('software', (row) => String(row.software)),
    own('threads', (row) => row.threads),
    own('state', (row) => row.state),
    own('hidden', (row) => String(row.hidden)),
    own('rounds', (row) => roundsOf(row.samples)),
    own('start_ms', (row) => row.startMs),
    own('load_ms', (row) => row.load?.milliseconds ?? null),
    own('load_from', (row) => (row.load ? sourceOf(row.load) : null)),
    own('load_again_ms', (row) => row.loadAgain?.milliseconds ?? null),
    own('load_again_from', (row) => (row.loadAgain ? sourceOf(row.loadAgain) : null)),
    own('first_ms', (row) => row.firstMs),
    ...repeated.flatMap(quartiles),
    own('tensor_bytes', (row) => row.memory?.bytes ?? null),
    own('gpu_bytes', (row) => row.memory?.gpuBytes ?? null),
    own('top_class', (row) => row.top[0]?.name ?? null),
    own('compared_with', (row) => row.agreement?.reference ?? null),
    own('logits_differ', (row) => row.agreement?.logits ?? null),
    own('projection_differs', (row) => row.agreement?.projection ?? null),
    own('error', (row) => row.error),
    fixed('browser', machine.browser),
    fixed('system', machine.system),
    fixed('logical_cores', machine.logicalCores),
    fixed('memory_gib', machine.memoryGiB),
    fixed('cross_origin_isolated', String(machine.crossOriginIsolated)),
    fixed('clock_step_ms', machine.clockStepMs),
    fixed('convscope', [program.convscope, program.commit].filter(Boolean).join(' ')),
    fixed('tfjs', program.tfjs),
    fixed('date', date),
    fixed('user_agent', machine.userAgent),
  ];
}

import type { BackendName, ClassScore, MemoryReport } from '../../workers/contract.ts';
import { agreementOf, type Agreement } from './agreement.ts';
import type { BenchState } from './bench.ts';
import type { Machine } from './machine.ts';
import type { Availability, Repeated, Row, RowState, TimedLoad } from './types.ts';

/** What leaves the page where somebody copies it: in English, so that figures from everywhere stand beside each other. */
export interface Report {
  readonly format: 'convscope-bench';
  readonly formatVersion: 1;
  readonly date: string;
  readonly program: {
    readonly convscope: string;
    readonly commit: string | null;
    readonly tfjs: string;
  };
  readonly machine: Machine;
  readonly backends: Readonly<Record<BackendName, Availability>>;
  readonly rows: readonly ReportRow[];
}

export interface ReportRow {
  readonly network: string;
  readonly name: string;
  readonly layer: string;
  readonly rule: string;
  readonly backend: BackendName;
  readonly adapter: string | null;
  readonly software: boolean;
  readonly threads: number | null;
  readonly state: RowState;
  readonly error: string | null;
  /** Of a skipped row: the network with which the backend lost its device. */
  readonly lostWith: string | null;
  /** The tab was hidden meanwhile, so the browser may have slowed it down. */
  readonly hidden: boolean;
  readonly runsAsked: number;
  readonly startMs: number | null;
  readonly load: TimedLoad | null;
  readonly loadAgain: TimedLoad | null;
  readonly firstMs: number | null;
  /** Milliseconds of every round, in the order in which they were taken. */
  readonly samples: Readonly<Record<Repeated, readonly number[]>>;
  readonly memory: MemoryReport | null;
  readonly top: readonly ClassScore[];
  readonly agreement: Agreement | null;
}

export function reportOf(state: BenchState, machine: Machine, program: Report['program']): Report {
  return {
    format: 'convscope-bench',
    formatVersion: 1,
    date: state.startedAt ?? '',
    program,
    machine,
    backends: state.backends,
    rows: state.rows.map((row) => reportRow(row, state.rows)),
  };
}

function reportRow(row: Row, rows: readonly Row[]): ReportRow {
  const { bench, backend, figures } = row;
  const { report } = figures;
  return {
    network: bench.ref,
    ...{ name: bench.name, layer: bench.layer, rule: bench.rule, backend },
    adapter: report?.adapter ?? null,
    software: report?.software ?? false,
    threads: report?.threads ?? null,
    state: row.state,
    error: row.failure?.message ?? null,
    lostWith: row.lostWith ?? null,
    hidden: row.hidden,
    runsAsked: row.runs,
    startMs: figures.startMs ?? null,
    load: figures.load ?? null,
    loadAgain: figures.loadAgain ?? null,
    firstMs: figures.firstMs ?? null,
    samples: figures.samples,
    memory: figures.memory ?? null,
    top: figures.top ?? [],
    agreement: agreementOf(row, rows),
  };
}

export const toJson = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;

/** Where the weights of a load came from, and why they were not kept. */
export const sourceOf = ({ fromCache, notCached }: TimedLoad): string =>
  fromCache ? 'cache' : notCached ? `server, ${notCached}` : 'server';

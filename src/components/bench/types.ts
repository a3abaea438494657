import type {
  Answer,
  BackendName,
  BackendReason,
  BackendReport,
  LoadedNetwork,
  MemoryReport,
  Progress,
  Projection,
} from '../../workers/contract.ts';
import type { Failure } from '../store/types.ts';
import type { BenchCase } from './cases.ts';

/** What a visitor waits for again and again; each is timed once a round. */
export const repeated = ['answer', 'faces', 'maps', 'project', 'projectNext'] as const;
export type Repeated = (typeof repeated)[number];

/** Rounds that came to their end: of one that was cut off there may be samples too. */
export const roundsOf = (samples: Readonly<Record<Repeated, readonly number[]>>): number =>
  samples.projectNext.length;

export interface TimedLoad {
  readonly milliseconds: number;
  readonly fromCache: boolean;
  readonly notCached?: LoadedNetwork['notCached'];
}

/** What has been measured so far. Milliseconds are the page's: from the call to its answer, the way to the worker included. */
export interface Figures {
  readonly report?: BackendReport;
  readonly startMs?: number;
  readonly load?: TimedLoad;
  readonly firstMs?: number;
  readonly samples: Readonly<Record<Repeated, readonly number[]>>;
  readonly memory?: MemoryReport;
  /** The same network once more in the same worker: weights from the cache, programs compiled. */
  readonly loadAgain?: TimedLoad;
  readonly top?: Answer['top'];
  readonly logits?: Float32Array;
  readonly projection?: Projection;
}

/** 'skipped': its backend lost its device in an earlier row, so this one was not begun. */
export type RowState = 'waiting' | 'busy' | 'done' | 'failed' | 'cancelled' | 'skipped';

/** One network on one backend. */
export interface Row {
  readonly bench: BenchCase;
  readonly backend: BackendName;
  readonly runs: number;
  readonly state: RowState;
  /** The tab was hidden while it ran: browsers slow such tabs down. */
  readonly hidden: boolean;
  readonly figures: Figures;
  readonly failure?: Failure;
  /** Of a skipped row: the network with which the backend lost its device. */
  readonly lostWith?: string;
}

export type Availability =
  | { readonly state: 'looking' }
  | { readonly state: 'there'; readonly report: BackendReport }
  | {
      readonly state: 'missing';
      readonly reason: BackendReason;
      readonly detail?: string;
    };

/** The steps of a row, in order. */
export type StepName = 'start' | 'load' | 'first' | 'rounds' | 'again';
export interface Step {
  readonly name: StepName;
  /** 0..1 of the row. */
  readonly fraction: number;
  /** The round that runs, from 1. */
  readonly round?: number;
  readonly progress?: Progress;
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import { ConvScopeError } from '../../models/errors.ts';
import { within } from '../../models/within.ts';
import type { Pixels } from '../../models/preprocessing.ts';
import type { BackendName, BackendReason, Engine, WeightManifest } from '../../workers/contract.ts';
import { toFailure } from '../store/requests.ts';
import type { Failure } from '../store/types.ts';
import { backendNames, benchCases, usualRuns, type BenchCase } from './cases.ts';
import type { Machine } from './machine.ts';
import { keptRunOf, type KeptRun } from './kept.ts';
import { measureCase } from './measure.ts';
import { reportOf } from './report.ts';
import type { Availability, Row, Step } from './types.ts';
import { program } from './version.ts';

/** What the page shows; everything else is derived. */
export interface BenchState {
  readonly machine: Machine | null;
  readonly backends: Readonly<Record<BackendName, Availability>>;
  readonly manifest: WeightManifest | null;
  readonly manifestFailure: Failure | null;
  /** What the visitor ticked or unticked, by `pairKey`; the rest is as `isPlanned` says. */
  readonly ticks: Readonly<Record<string, boolean>>;
  readonly runs: number;
  readonly phase: 'idle' | 'running' | 'stopping';
  readonly rows: readonly Row[];
  readonly step: Step | null;
  /** When the figures were taken. */
  readonly startedAt: string | null;
  /** The last run of an earlier visit, as far as it came. */
  readonly kept: KeptRun | null;
}

/** Everything that measuring needs of a browser, so that it runs in Node with a fake one. */
export interface BenchPlatform {
  /** A fresh engine in a worker of its own. */
  connect(): Engine;
  machine(): Promise<Machine>;
  manifest(): Promise<WeightManifest>;
  picture(bench: BenchCase): Promise<Blob | Pixels>;
  hidden(): boolean;
  /** Milliseconds of a steady clock. */
  now(): number;
  /** Resolves when the page has drawn its state. */
  drawn(): Promise<void>;
  /** ISO 8601. */
  date(): string;
  /** Puts the run where the next visit finds it; the one before goes. */
  keep(run: KeptRun): void;
  kept(): KeptRun | null;
}

export interface Bench extends StoreApi<BenchState> {
  /** Reads the machine and the list of weights, and tries every backend once. */
  look(): Promise<void>;
  tick(pairs: readonly (readonly [BackendName, BenchCase])[], wanted: boolean): void;
  setRuns(runs: number): void;
  /** Measures what is planned, one row after the other; resolves when all have ended. */
  start(): Promise<void>;
  cancel(): void;
  /** The tab was hidden: the row that runs is marked. */
  wasHidden(): void;
  /** Keeps what has been measured, which every row and every second of it does by itself: the page is being left. */
  keep(): void;
}

export const pairKey = (backend: BackendName, { ref }: BenchCase): string => `${backend} ${ref}`;

/** Planned at first: all on real GPUs and on wasm; of plain JavaScript the smallest network; nothing on imitated GPUs. */
export function isPlanned({ backends, ticks }: BenchState, backend: BackendName, bench: BenchCase): boolean {
  const found = backends[backend];
  if (found.state !== 'there') return false;
  const usual = backend === 'cpu' ? bench.light : !found.report.software;
  return ticks[pairKey(backend, bench)] ?? usual;
}

/** What is planned, network by network, so that the backends of one network are measured close together. */
export const plannedPairs = (state: BenchState): readonly (readonly [BackendName, BenchCase])[] =>
  benchCases.flatMap((bench) =>
    backendNames
      .filter((backend) => isPlanned(state, backend, bench))
      .map((backend) => [backend, bench] as const),
  );

/** A backend that has not answered by then hangs; its engine waits 20 s for each of a driver's three answers (backend.ts). */
const answerMs = 65_000;
/** A row is kept again after so long. */
const keepMs = 1000;

const looking = { state: 'looking' } as const;

export function createBench(platform: BenchPlatform): Bench {
  const store = createStore<BenchState>()(() => ({
    machine: null,
    backends: { webgpu: looking, webgl: looking, wasm: looking, cpu: looking },
    manifest: null,
    manifestFailure: null,
    ticks: {},
    runs: usualRuns,
    phase: 'idle',
    rows: [],
    step: null,
    startedAt: null,
    kept: platform.kept(),
  }));
  let stop = new AbortController();
  let keptAt = 0;

  const change = (index: number, part: Partial<Row>) =>
    store.setState(({ rows }) => ({ rows: rows.map((row, i) => (i === index ? { ...row, ...part } : row)) }));

  async function tryBackend(backend: BackendName): Promise<void> {
    const engine = platform.connect();
    const found = await within(answerMs, engine.start(backend)).then(
      (report): Availability =>
        report ? { state: 'there', report } : { state: 'missing', reason: 'no-answer' },
      (error: unknown) => missing(error),
    );
    store.setState(({ backends }) => ({ backends: { ...backends, [backend]: found } }));
    await ended(engine);
  }

  function keep(): void {
    const state = store.getState();
    if (!state.machine || state.rows.length === 0) return;
    platform.keep(keptRunOf(reportOf(state, state.machine, program)));
    keptAt = platform.now();
  }

  async function measureRow(index: number, signal: AbortSignal): Promise<void> {
    const { bench, backend, runs } = store.getState().rows[index]!;
    const engine = platform.connect();
    change(index, { state: 'busy', hidden: platform.hidden() });
    keep();
    try {
      const picture = await platform.picture(bench);
      await measureCase(engine, {
        ...{ backend, bench, runs, picture, signal, now: platform.now, drawn: platform.drawn },
        onFigures: (figures) => {
          change(index, { figures });
          if (platform.now() - keptAt >= keepMs) keep();
        },
        onStep: (step) => {
          // Progress travels on its own and may arrive after the row has ended.
          if (store.getState().rows[index]?.state === 'busy') store.setState({ step });
        },
      });
      change(index, { state: 'done' });
    } catch (error) {
      change(index, signal.aborted ? { state: 'cancelled' } : { state: 'failed', failure: toFailure(error) });
    }
    keep();
    await ended(engine);
  }

  /** The network with which a backend has lost its device in this run. */
  const lostWith = (backend: BackendName): string | undefined =>
    store.getState().rows.find((row) => row.backend === backend && row.failure?.code === 'device-lost')?.bench
      .name;

  return Object.assign(store, {
    async look() {
      const machine = platform.machine().then((machine) => store.setState({ machine }));
      const manifest = platform.manifest().then(
        (manifest) => store.setState({ manifest }),
        (error: unknown) => store.setState({ manifestFailure: toFailure(error) }),
      );
      for (const backend of backendNames) await tryBackend(backend);
      await Promise.all([machine, manifest]);
    },
    tick(pairs: readonly (readonly [BackendName, BenchCase])[], wanted: boolean) {
      const ticks = Object.fromEntries(pairs.map(([backend, bench]) => [pairKey(backend, bench), wanted]));
      store.setState((state) => ({ ticks: { ...state.ticks, ...ticks } }));
    },
    setRuns: (runs: number) => store.setState({ runs }),
    async start() {
      const state = store.getState();
      if (state.phase !== 'idle') return;
      stop = new AbortController();
      const { signal } = stop;
      const rows = plannedPairs(state).map(([backend, bench]): Row => ({
        ...{ backend, bench, runs: state.runs, state: 'waiting', hidden: false },
        figures: { samples: { answer: [], faces: [], maps: [], project: [], projectNext: [] } },
      }));
      store.setState({ rows, phase: 'running', step: null, startedAt: platform.date() });
      for (let index = 0; index < rows.length; index++) {
        const lost = lostWith(rows[index]!.backend);
        if (signal.aborted) change(index, { state: 'cancelled' });
        // A browser whose graphics process ends a few times gives up WebGPU, and in the end itself, with every tab.
        else if (lost !== undefined) change(index, { state: 'skipped', lostWith: lost });
        else await measureRow(index, signal);
      }
      store.setState({ phase: 'idle', step: null });
      keep();
    },
    cancel() {
      if (store.getState().phase !== 'running') return;
      store.setState({ phase: 'stopping' });
      stop.abort();
    },
    wasHidden() {
      store.getState().rows.forEach(({ state }, index) => {
        if (state === 'busy') change(index, { hidden: true });
      });
    },
    keep,
  });
}

/** Its worker ends in any case; what a device says on its way out is no part of what was measured. */
const ended = (engine: Engine): Promise<void> => engine.dispose().catch(() => undefined);

function missing(error: unknown): Availability {
  if (error instanceof ConvScopeError && error.code === 'backend-unavailable') {
    const { reason, detail } = error.details;
    // The seam to the engine's error: its `reason` is one of the contract's.
    return {
      state: 'missing',
      reason: reason as BackendReason,
      ...(typeof detail === 'string' && { detail }),
    };
  }
  const { message } = toFailure(error);
  return { state: 'missing', reason: 'start-failed', detail: message };
}

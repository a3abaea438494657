import { ConvScopeError } from '../../models/errors.ts';
import type { Pixels } from '../../models/preprocessing.ts';
import type { Answer, BackendName, Engine, OnProgress } from '../../workers/contract.ts';
import { facePx, thumbnailPx } from '../store/defaults.ts';
import type { BenchCase } from './cases.ts';
import type { Figures, Repeated, Step, StepName, TimedLoad } from './types.ts';

/** One network on one backend, measured through the contract as the page itself uses it. */

export interface MeasureOptions {
  readonly backend: BackendName;
  readonly bench: BenchCase;
  readonly runs: number;
  readonly picture: Blob | Pixels;
  readonly now: () => number;
  /** Resolves when the page has drawn what it was told: its drawing is no part of a time. */
  readonly drawn: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Called with all that is known after every step. */
  readonly onFigures: (figures: Figures) => void;
  readonly onStep: (step: Step) => void;
}

/** After this long, and three rounds, no further round begins: a slow backend says enough by then. */
export const patienceMs = 60_000;
export const leastRuns = 3;

/** How a row's time is likely to be shared, for the progress bar only. */
const shares: Readonly<Record<StepName, readonly [from: number, to: number]>> = {
  start: [0, 0.1],
  load: [0.1, 0.35],
  first: [0.35, 0.45],
  rounds: [0.45, 0.9],
  again: [0.9, 1],
};

/**
 * Starts a backend in this fresh engine, loads, answers, measures rounds, loads again. Throws what the engine throws,
 * 'device-lost' as soon as the device was lost, whatever goes on in its place, and 'cancelled' after the signal. Leaves disposal to the caller.
 */
export async function measureCase(engine: Engine, options: MeasureOptions): Promise<void> {
  const { backend, bench, now, signal } = options;
  let figures: Figures = { samples: { answer: [], faces: [], maps: [], project: [], projectNext: [] } };
  let lost: ConvScopeError | null = null;
  let lose: (error: ConvScopeError) => void = () => undefined;
  const gone = new Promise<never>((_, reject) => (lose = reject));
  gone.catch(() => undefined);
  // What the engine does again on another device is no figure of this one, and is not waited for.
  const answered = async <T>(work: Promise<T>): Promise<T> => {
    const value = await until(Promise.race([work, gone]), signal);
    if (lost) throw lost;
    return value;
  };
  const add = (more: Partial<Figures>) => options.onFigures((figures = { ...figures, ...more }));
  const step = (name: StepName, part = 0, more: Partial<Step> = {}) => {
    const [from, to] = shares[name];
    options.onStep({ name, fraction: from + (to - from) * part, ...more });
  };
  const onProgress =
    (name: StepName): OnProgress =>
    (progress) =>
      step(name, progress.fraction, { progress });
  const timed = async <T>(work: () => Promise<T>): Promise<readonly [T, number]> => {
    const began = now();
    const value = await answered(work());
    const took = now() - began;
    return [value, Math.round(took * 1000) / 1000];
  };

  await engine.listen(({ kind, message }) => {
    // A worker that crashes says so itself, in place of the answer.
    if (kind !== 'crashed') lose((lost = lostError(backend, message)));
  });
  step('start');
  await options.drawn();
  const [report, startMs] = await timed(() => engine.start(backend));
  add({ report, startMs });
  step('load');
  add({ load: await timedLoad(onProgress('load')) });
  step('first');
  await options.drawn();
  await timed(() => engine.setImage(options.picture));
  const [answer, firstMs] = await timed(() => engine.classify(onProgress('first')).then(ofThisBackend));
  const { values: logits } = await answered(engine.activation(bench.logits));
  const [strongest, next] = strongestTwo(await answered(engine.featureMaps(bench.layer, thumbnailPx)));
  add({ firstMs, top: answer.top, logits });

  const rounds = now();
  for (let round = 1; round <= options.runs; round++) {
    if (round > leastRuns && now() - rounds > patienceMs) break;
    step('rounds', (round - 1) / options.runs, { round });
    await options.drawn();
    await oneRound(strongest, next);
  }
  add({ memory: await answered(engine.memory()) });
  step('again');
  add({ loadAgain: await timedLoad(onProgress('again')) });

  async function timedLoad(report: OnProgress): Promise<TimedLoad> {
    const load = () => engine.load(bench.ref, { kind: 'bundled' }, report);
    const [{ fromCache, notCached }, milliseconds] = await timed(load);
    return { milliseconds, fromCache, ...(notCached && { notCached }) };
  }

  /** Shown when it is over, since drawing would slow it down; of a round that is cut off, as much as it had. */
  async function oneRound(channel: number, other: number): Promise<void> {
    const request = { node: bench.layer, channel, seed: 'strongest', rule: bench.rule } as const;
    const samples = { ...figures.samples };
    let { projection } = figures;
    const sample = async <T>(key: Repeated, work: () => Promise<T>): Promise<T> => {
      const [value, took] = await timed(work);
      samples[key] = [...samples[key], took];
      return value;
    };
    try {
      await sample('answer', () => engine.classify().then(ofThisBackend));
      await sample('faces', () => engine.faces(facePx));
      await sample('maps', () => engine.featureMaps(bench.layer, thumbnailPx));
      projection = await sample('project', () => engine.project(request));
      await sample('projectNext', () => engine.project({ ...request, channel: other }));
    } finally {
      add({ samples, ...(projection && { projection }) });
    }
  }

  function ofThisBackend(answer: Answer): Answer {
    if (answer.backend !== backend) throw lostError(backend, `${answer.backend} has answered`);
    return answer;
  }
}

const lostError = (backend: BackendName, detail: string): ConvScopeError =>
  new ConvScopeError('device-lost', `${backend} was lost while it was measured: ${detail}.`, { detail });

/** The channels with the largest values: the strongest, and another one. */
function strongestTwo({ stats }: Awaited<ReturnType<Engine['featureMaps']>>): readonly [number, number] {
  const order = stats.map((_, channel) => channel).sort((a, b) => stats[b]!.max - stats[a]!.max || a - b);
  return [order[0] ?? 0, order[1] ?? order[0] ?? 0];
}

/** The work's result, or 'cancelled' as soon as the signal is given: an engine may be in the midst of a long step. */
export function until<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new ConvScopeError('cancelled', 'The measurement was cancelled.'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

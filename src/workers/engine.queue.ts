import { ConvScopeError } from '../models/errors.ts';
import type { OnProgress, Progress } from './contract.ts';
import { cancelled, throwIfCancelled } from './engine.time.ts';

/** One request after the other: they share one device, one set of weights and one image. */
export interface Queue {
  /** Runs the task when all earlier ones have ended; its signal is aborted by `cancel`. */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Runs a task that nobody waits for, when nothing has been asked for a while; a later one takes its place. A request
   * ends it by its signal: then it runs again at the next rest, until it has come to its end or failed otherwise.
   */
  atRest(task: (signal: AbortSignal) => Promise<void>): void;
  /** Ends what runs and what waits; requests made after it are not touched. */
  cancel(): void;
}

/** Nothing asked for so long is a rest: who looks at a picture, and does not click through many. */
const restMilliseconds = 250;

export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  let controller = new AbortController();
  let asked = 0;
  let resting = new AbortController();
  let restTask: ((signal: AbortSignal) => Promise<void>) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const enqueue = <T>(signal: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const result = tail.then(async () => {
      throwIfCancelled(signal);
      try {
        return await task(signal);
      } catch (error) {
        throw asConvScopeError(error, signal);
      }
    });
    tail = result.catch(() => undefined);
    return result;
  };

  const awaitRest = () => {
    clearTimeout(timer);
    if (asked === 0 && restTask) timer = setTimeout(rest, restMilliseconds);
  };
  const rest = () => {
    const task = restTask;
    if (!task) return;
    resting = new AbortController();
    const { signal } = resting;
    const end = () => {
      if (!signal.aborted && restTask === task) restTask = null;
    };
    enqueue(signal, task).then(end, (error: ConvScopeError) => {
      end();
      // Nobody asked for it, so nobody is told; but it is not to be lost.
      if (!signal.aborted) console.warn(`While nothing was asked: ${error.message}`);
    });
  };

  return {
    run(task) {
      asked += 1;
      clearTimeout(timer);
      resting.abort();
      const result = enqueue(controller.signal, task);
      const end = () => {
        asked -= 1;
        awaitRest();
      };
      result.then(end, end);
      return result;
    },
    atRest(task) {
      restTask = task;
      awaitRest();
    },
    cancel() {
      controller.abort();
      resting.abort();
      controller = new AbortController();
    },
  };
}

/** What Chromium, Firefox and Safari say of an `import()` whose file did not come. */
const importFailed = /dynamically imported module|Importing a module script failed/;

/** Every failure of the engine is a `ConvScopeError`; an unforeseen one keeps its stack for the report of it. */
export function asConvScopeError(error: unknown, signal?: AbortSignal): ConvScopeError {
  if (error instanceof ConvScopeError) return error;
  if (signal?.aborted) return cancelled();
  const message = error instanceof Error ? error.message : String(error);
  if (importFailed.test(message)) {
    return new ConvScopeError('page-incomplete', `A part of this page did not arrive: ${message}`, {
      message,
    });
  }
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return new ConvScopeError(
    'internal',
    `The engine failed in a way that nobody foresaw: ${message}. Try again; if it happens again, please report it.`,
    { message, stack },
  );
}

const progressMilliseconds = 40;

/** Passes on what a person can see: a new phase, its end, and in between 25 steps a second. */
export function throttled(onProgress: OnProgress | undefined): OnProgress {
  if (!onProgress) return () => undefined;
  let phase: Progress['phase'] | null = null;
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (progress.phase === phase && progress.fraction < 1 && now - last < progressMilliseconds) return;
    phase = progress.phase;
    last = now;
    onProgress(progress);
  };
}

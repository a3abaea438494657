import { ConvScopeError } from '../models/errors.ts';
import type { OnProgress, Progress } from './contract.ts';
import { cancelled, throwIfCancelled } from './engine.time.ts';

/** One request after the other: they share one device, one set of weights and one image. */
export interface Queue {
  /** Runs the task when all earlier ones have ended; its signal is aborted by `cancel`. */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends what runs and what waits; requests made after it are not touched. */
  cancel(): void;
}

export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  let controller = new AbortController();
  return {
    run(task) {
      const { signal } = controller;
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
    },
    cancel() {
      controller.abort();
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

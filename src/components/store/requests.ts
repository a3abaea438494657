import { ConvScopeError } from '../../models/errors.ts';
import type { OnProgress } from '../../workers/contract.ts';
import type { Failure, Request } from './types.ts';

/** The shared `idle` request, so that an unchanged one keeps its identity. */
export const idle = { state: 'idle' } as const;

/** What the page may still show of a request: its value, or the last one while a new one runs or after it failed. */
export function lastValue<T>(request: Request<T>): T | null {
  if (request.state === 'done') return request.value;
  return request.state === 'idle' ? null : request.previous;
}

/** Any thrown thing as a failure that can be translated; a stranger becomes 'internal' with its message kept. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ConvScopeError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, details: { message } };
}

/**
 * One slot of the store and the requests that go through it. A reply older than the last request is dropped.
 * `start` replaces what runs; `coalesce` lets what runs end and then starts only the newest of those that came
 * meanwhile, so that a fast hand on the arrow keys does not queue fifty projections.
 */
export interface Slot<T> {
  state(): Request<T>['state'];
  start(work: Work<T>): Promise<T | null>;
  coalesce(work: Work<T>): void;
  /** Forgets value and request: whatever arrives later is dropped. */
  clear(): void;
  /** A value that is about to be computed anew stays, dimmed. */
  markStale(): void;
  /** Undoes `markStale` where nothing new came: the value stands again. */
  restore(): void;
  /** Ends a running request as cancelled, keeping what was there before. */
  abort(): void;
}
export type Work<T> = (onProgress: OnProgress) => Promise<T>;

/** Makes a slot over a getter and a setter of its request, and what makes a failure of a thrown thing. */
export function createSlot<T>(
  get: () => Request<T>,
  set: (request: Request<T>) => void,
  explain: (error: unknown) => Failure | Promise<Failure> = toFailure,
): Slot<T> {
  let newest = 0;
  let running = false;
  let waiting: Work<T> | null = null;

  async function start(work: Work<T>): Promise<T | null> {
    const mine = ++newest;
    let settled = false;
    set({ state: 'busy', progress: null, previous: lastValue(get()) });
    try {
      const value = await work((progress) => {
        // Progress travels on its own and may arrive after the answer.
        if (mine === newest && !settled) set({ state: 'busy', progress, previous: lastValue(get()) });
      });
      settled = true;
      if (mine !== newest) return null;
      set({ state: 'done', value });
      return value;
    } catch (error) {
      settled = true;
      if (mine !== newest) return null;
      const failure = await explain(error);
      if (mine !== newest) return null;
      set({ state: 'failed', failure, previous: lastValue(get()) });
      return null;
    }
  }

  async function drain(first: Work<T>) {
    running = true;
    for (let work: Work<T> | null = first; work; work = waiting) {
      waiting = null;
      await start(work);
    }
    running = false;
  }

  return {
    state: () => get().state,
    start,
    coalesce(work) {
      if (!running) {
        void drain(work);
        return;
      }
      waiting = work;
      newest += 1;
      set({ state: 'busy', progress: null, previous: lastValue(get()) });
    },
    clear() {
      newest += 1;
      waiting = null;
      if (get().state !== 'idle') set(idle);
    },
    markStale() {
      const request = get();
      if (request.state === 'idle') return;
      newest += 1;
      waiting = null;
      set({ state: 'busy', progress: null, previous: lastValue(request) });
    },
    restore() {
      const request = get();
      if (request.state !== 'busy') return;
      newest += 1;
      set(request.previous === null ? idle : { state: 'done', value: request.previous });
    },
    abort() {
      const request = get();
      if (request.state !== 'busy') return;
      newest += 1;
      waiting = null;
      const failure: Failure = { code: 'cancelled', message: 'Cancelled.', details: {} };
      set({ state: 'failed', failure, previous: request.previous });
    },
  };
}

import { useRef, useState } from 'react';
import { useStore } from '../store/store.ts';
import type { Failure, TwoAnswers } from '../store/types.ts';

export type Outcome =
  ({ readonly state: 'done' } & TwoAnswers) | { readonly state: 'failed'; readonly failure: Failure };

/** What one walk through the networks gave so far, and for which picture. */
export interface Walk {
  readonly image: string;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

export interface Runs {
  readonly walk: Walk | null;
  /** The network that is being asked. */
  readonly at: string | null;
  readonly start: (refs: readonly string[]) => Promise<void>;
  readonly stop: () => void;
}

/** What stood in the way of an answer; null where the user stopped it. */
function failureNow(): Failure | null {
  const { answer, weights, seen, backend, manifest } = useStore.getState();
  for (const request of [manifest, backend, weights, seen, answer]) {
    if (request.state === 'failed' && request.failure.code !== 'cancelled') return request.failure;
  }
  return null;
}

/** Asks networks about the picture of the moment, one after another, until all have answered or it is stopped. */
export function useRuns(image: string): Runs {
  const answerWith = useStore((s) => s.answerWith);
  const cancel = useStore((s) => s.cancel);
  const [walk, setWalk] = useState<Walk | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const stopped = useRef(false);

  const start = async (refs: readonly string[]) => {
    stopped.current = false;
    const outcomes = new Map<string, Outcome>();
    setWalk({ image, outcomes: new Map() });
    for (const ref of refs) {
      if (stopped.current) break;
      setAt(ref);
      const answers = await answerWith(ref);
      const failure = answers ? null : failureNow();
      if (answers) outcomes.set(ref, { state: 'done', ...answers });
      else if (failure) outcomes.set(ref, { state: 'failed', failure });
      setWalk({ image, outcomes: new Map(outcomes) });
    }
    setAt(null);
  };
  const stop = () => {
    stopped.current = true;
    cancel();
  };
  return { walk, at, start, stop };
}

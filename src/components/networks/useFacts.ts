import { useEffect } from 'react';
import { create } from 'zustand';
import { buildNetwork } from '../zoo.ts';
import { factsOf, type NetworkFacts } from './facts.ts';

export type FactsById = ReadonlyMap<string, NetworkFacts>;

/** The facts that are known so far, by member. */
export const useFacts = create<{ readonly facts: FactsById }>()(() => ({ facts: new Map() }));

const asked = new Set<string>();
const arrived = new Map<string, NetworkFacts>();
let worker: Worker | null = null;
/** The worker's script did not come. */
let alone = typeof Worker === 'undefined';

/** Asks for the facts of these members, first named first; each is computed once. */
export function wantFacts(ids: readonly string[]): void {
  for (const id of ids) {
    if (asked.has(id)) continue;
    asked.add(id);
    if (alone) arrive(id, factsOf(buildNetwork(id)));
    else (worker ??= startWorker()).postMessage(id);
  }
}

function startWorker(): Worker {
  const started = new Worker(new URL('./facts.worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data: [id, facts] }: MessageEvent<[string, NetworkFacts]>) =>
    arrive(id, facts),
  );
  // A script that does not come, as after an update: the page's own thread knows how to do it too, if not so smoothly.
  started.addEventListener('error', (event) => {
    event.preventDefault();
    started.terminate();
    alone = true;
    for (const id of asked) if (!arrived.has(id)) setTimeout(() => arrive(id, factsOf(buildNetwork(id))));
  });
  return started;
}

let flushing = false;

/** Several answers make one render. */
function arrive(id: string, facts: NetworkFacts) {
  arrived.set(id, facts);
  if (flushing) return;
  flushing = true;
  setTimeout(() => {
    flushing = false;
    useFacts.setState({ facts: new Map(arrived) });
  }, 50);
}

/** Asks for facts once the page has nothing better to do: what the first view needs comes first. */
export function useWantedFacts(ids: readonly string[]): void {
  const key = ids.join(' ');
  useEffect(() => {
    const want = () => wantFacts(key.split(' ').filter(Boolean));
    if (typeof requestIdleCallback === 'undefined') {
      const timer = setTimeout(want);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(want, { timeout: 3000 });
    return () => cancelIdleCallback(idle);
  }, [key]);
}

import { readFileSync } from 'node:fs';

/** Memory of processes in bytes: what is resident, and with shared pages divided among their users. Linux only. */
export interface Sample {
  readonly rss: number;
  readonly pss: number;
}

export function sample(pids: readonly (number | 'self')[]): Sample {
  return pids.map(sampleOne).reduce((a, b) => ({ rss: a.rss + b.rss, pss: a.pss + b.pss }));
}

function sampleOne(pid: number | 'self'): Sample {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? NaN) * 1024;
  return { rss: of('Rss'), pss: of('Pss') };
}

/** Looks at processes every 20 ms until it is stopped; then the largest of each figure. */
export function watch(pids: readonly (number | 'self')[]): () => Sample {
  let most = sample(pids);
  const look = () => {
    const now = sample(pids);
    most = { rss: Math.max(most.rss, now.rss), pss: Math.max(most.pss, now.pss) };
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}

export const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

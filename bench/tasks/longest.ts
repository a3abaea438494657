import { between, lasted, outermost, type TraceEvent } from '../trace.ts';

/** The longest task of an action, on the thread's own clock. */
export interface Longest {
  readonly ms: number;
  /** What it ran: what the browser did in it, then the page's own functions with their callees; without a profile only the first. */
  readonly ran: string;
}

/** With these categories a trace has a profile too, which slows the page down a little. */
export const PROFILE = ['disabled-by-default-v8.cpu_profiler'];

/** What the browser does in a task beside running code. */
const kinds: Readonly<Record<string, string>> = {
  UpdateLayoutTree: 'style',
  Layout: 'layout',
  PrePaint: 'paint',
  Paint: 'paint',
  MajorGC: 'garbage',
  MinorGC: 'garbage',
  'v8.compile': 'compiling',
};
const mostFunctions = 6;

export function longestTask(events: readonly TraceEvent[]): Longest {
  const { start, within, tasks } = between(events);
  const longest = tasks.toSorted((a, b) => lasted(b) - lasted(a))[0];
  if (longest === undefined) return { ms: 0, ran: '' };
  const [from, to] = [longest.ts, longest.ts + (longest.dur ?? 0)];
  const inside = outermost(
    within.filter(({ name, ts, dur = 0 }) => kinds[name] !== undefined && ts >= from && ts + dur <= to),
  );
  const did = new Map<string, number>();
  for (const event of inside) {
    const kind = kinds[event.name]!;
    did.set(kind, (did.get(kind) ?? 0) + lasted(event));
  }
  const parts = [...did].filter(([, ms]) => ms >= 1).map(([kind, ms]) => `${kind} ${ms.toFixed(0)}`);
  return { ms: lasted(longest), ran: [...parts, ...functionsIn(events, start.pid, from, to)].join(', ') };
}

interface Chunk {
  readonly startTime?: number;
  readonly timeDeltas?: readonly number[];
  readonly cpuProfile?: {
    readonly nodes?: readonly ProfileNode[];
    readonly samples?: readonly number[];
  };
}
interface ProfileNode {
  readonly id: number;
  readonly parent?: number;
  readonly callFrame: { readonly functionName: string; readonly url?: string };
}

/** The page's own functions that took most of this time (microseconds of the trace) with what they called, in ms. */
function functionsIn(
  events: readonly TraceEvent[],
  pid: number,
  from: number,
  to: number,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const started of events) {
    if (started.name !== 'Profile' || started.pid !== pid) continue;
    let at = (started.args?.data as Chunk).startTime ?? 0;
    const nodes = new Map<number, ProfileNode>();
    for (const { args } of events.filter(
      ({ name, id, pid: of }) => name === 'ProfileChunk' && of === pid && id === started.id,
    )) {
      const { cpuProfile, timeDeltas = [] } = args?.data as Chunk;
      cpuProfile?.nodes?.forEach((node) => nodes.set(node.id, node));
      cpuProfile?.samples?.forEach((sample, i) => {
        const passed = timeDeltas[i] ?? 0;
        at += passed;
        if (at < from || at > to) return;
        for (const name of stackOf(nodes, sample)) counts.set(name, (counts.get(name) ?? 0) + passed);
      });
    }
  }
  // Of a chain of calls that took the same time the first is named.
  const chains = new Map<number, string>();
  for (const [name, microseconds] of counts) if (!chains.has(microseconds)) chains.set(microseconds, name);
  return [...chains]
    .toSorted(([a], [b]) => b - a)
    .slice(0, mostFunctions)
    .map(([microseconds, name]) => `${name} ${(microseconds / 1000).toFixed(0)}`);
}

/** The page's own functions that were running, each once, callers first; libraries are named by what called them. */
function stackOf(nodes: ReadonlyMap<number, ProfileNode>, leaf: number): ReadonlySet<string> {
  const names: string[] = [];
  for (let node = nodes.get(leaf); node !== undefined; node = nodes.get(node.parent ?? -1)) {
    const { functionName, url = '' } = node.callFrame;
    if (url.includes('/assets/') && !url.includes('/vendor') && functionName !== '') names.push(functionName);
  }
  return new Set(names.reverse());
}

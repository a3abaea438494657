import type { CDPSession, Page } from 'playwright-core';

/**
 * What the page's main thread did between two marks: milliseconds of its own clock, on which it stands still while other
 * processes have the processor.
 */
export interface Work {
  /** The longest single task: so long the page answers nobody. */
  readonly longest: number;
  readonly script: number;
  /** Style and layout. */
  readonly layout: number;
  /** Painting and handing over to the compositor. */
  readonly paint: number;
  /** All tasks together. */
  readonly total: number;
  /** From the first mark to the second, by the wall clock. */
  readonly elapsed: number;
}

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** What belongs together, where that is not one thread's. */
  readonly id?: string;
  readonly args?: { readonly data?: unknown };
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** The same on the thread's own clock. */
  readonly tdur?: number;
}

const CATEGORIES = ['toplevel', 'devtools.timeline', 'blink.user_timing'];
const TASK = 'ThreadControllerImpl::RunTask';
const SCRIPT = new Set(['FunctionCall', 'EvaluateScript', 'RunMicrotasks', 'v8.run', 'MajorGC', 'MinorGC']);
const LAYOUT = new Set(['UpdateLayoutTree', 'Layout']);
const PAINT = new Set(['PrePaint', 'Paint', 'Layerize', 'Commit']);

/** Records a trace while `work` runs, which must set the marks `start` and `end` on the page's clock. */
export async function traced(page: Page, session: CDPSession, work: () => Promise<void>): Promise<Work> {
  return workBetween(await recorded(page, session, [], work));
}

/** The events of a trace that is recorded while `work` runs, with these categories beside the usual ones. */
export async function recorded(
  page: Page,
  session: CDPSession,
  more: readonly string[],
  work: () => Promise<void>,
): Promise<readonly TraceEvent[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }): void => {
    for (const event of value) events.push(event as TraceEvent);
  };
  session.on('Tracing.dataCollected', collect);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: [...CATEGORIES, ...more], excludedCategories: ['*'] },
  });
  await page.evaluate(() => performance.clearMarks());
  try {
    await work();
  } finally {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    session.off('Tracing.dataCollected', collect);
  }
  return events;
}

/** What the page's main thread did between the marks `start` and `end`: its complete events, and its tasks among them. */
export function between(events: readonly TraceEvent[]) {
  const mark = (name: string): TraceEvent => {
    const found = events.find((event) => event.name === name && (event.ph === 'R' || event.ph === 'I'));
    if (found === undefined) throw new Error(`The trace has no mark "${name}".`);
    return found;
  };
  const [start, end] = [mark('start'), mark('end')];
  const here = events.filter(
    (event) =>
      event.ph === 'X' && event.pid === start.pid && event.tid === start.tid && event.dur !== undefined,
  );
  const within = here.filter(({ ts, dur = 0 }) => ts + dur > start.ts && ts < end.ts);
  return { start, end, within, tasks: outermost(within.filter(({ name }) => name === TASK)) };
}

function workBetween(events: readonly TraceEvent[]): Work {
  const { start, end, within, tasks } = between(events);
  const sum = (names: ReadonlySet<string>): number =>
    outermost(within.filter(({ name }) => names.has(name))).reduce(
      (total, event) => total + lasted(event),
      0,
    );
  return {
    longest: Math.max(0, ...tasks.map(lasted)),
    script: sum(SCRIPT),
    layout: sum(LAYOUT),
    paint: sum(PAINT),
    total: tasks.reduce((total, event) => total + lasted(event), 0),
    elapsed: (end.ts - start.ts) / 1000,
  };
}

/** Milliseconds of the thread's own clock. */
export const lasted = ({ dur = 0, tdur }: TraceEvent): number => (tdur ?? dur) / 1000;

/** Events that lie in no other: what they hold is theirs. */
export function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  const kept: TraceEvent[] = [];
  let end = -Infinity;
  for (const event of events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    if (event.ts < end) continue;
    kept.push(event);
    end = event.ts + (event.dur ?? 0);
  }
  return kept;
}

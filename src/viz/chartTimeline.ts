import { placeNames } from './chartLabels.ts';
import {
  footing,
  formPath,
  heading,
  legend,
  linePx,
  rectPath,
  text,
  textPx,
  type Form,
  type Key,
} from './chartParts.ts';
import { makeScale } from './chartScale.ts';
import type { Box, Mark, Picture, Target } from './chartTypes.ts';
import { measurePlex } from './textMeasure.ts';

export interface Event {
  readonly id: string;
  readonly year: number;
  readonly value: number;
  readonly name: string;
  readonly kind: 'winner' | 'entry' | 'paper';
  /** Layers with weights; left out where it is not known. */
  readonly depth?: number;
}

export interface Timeline {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly yLabel: string;
  readonly depthLabel: string;
  /** What stands in place of a depth that nobody stated. */
  readonly noDepth: string;
  readonly events: readonly Event[];
  /** A level across all years. */
  readonly level: { readonly value: number; readonly name: string };
  readonly legend: Readonly<Record<Event['kind'], string>>;
  readonly notes: readonly string[];
}

const look = {
  winner: { form: 'circle', fill: 'accent', opacity: 0.85, stroke: 'accent', r: 6 },
  entry: { form: 'circle', fill: 'paper', opacity: 1, stroke: 'ink', r: 4.5 },
  paper: { form: 'diamond', fill: 'paper', opacity: 1, stroke: 'ink', r: 4.5 },
} as const satisfies Record<Event['kind'], { form: Form } & Record<string, unknown>>;
const depthPx = 96;
/** Marks nearer than this would hide each other. */
const dodgePx = 11;

/** Errors year by year with a line through the winners, and below them how deep the winners were. */
export function timelineChart(chart: Timeline): Picture {
  const { width, events, level } = chart;
  const head = heading(chart.title, width);
  const keys = (Object.keys(look) as Event['kind'][]).map((kind): Key => ({
    width: 14,
    text: chart.legend[kind],
    mark: (x, y) => [dot(kind, x, y)],
  }));
  const keyHeight = legend(keys, width, 0).height;
  const footHeight = footing(chart.notes, width, 0).height;
  const below = linePx + 30 + depthPx + 12 + keyHeight + footHeight;
  const plot: Box = {
    x: 58,
    y: head.height + 8,
    width: width - 58 - 14,
    height: Math.max(200, chart.height - head.height - 8 - below),
  };
  const bottom = plot.y + plot.height;
  const right = plot.x + plot.width;
  const years = [...new Set(events.map(({ year }) => year))].sort((a, b) => a - b);
  const column = plot.width / years.length;
  const middle = (year: number) => plot.x + (years.indexOf(year) + 0.5) * column;
  const y = makeScale({
    kind: 'linear',
    values: events.map(({ value }) => value),
    from: bottom,
    to: plot.y,
    zero: true,
    most: Math.max(2, Math.floor(plot.height / 40)),
  });
  const seats = seatsOf(events, { middle, column, y: y.at });
  const winners = seats.filter(({ event }) => event.kind === 'winner').sort((a, b) => a.x - b.x);
  const levelName = text(plot.x + 6, y.at(level.value) - 5, level.name, { halo: true });
  const levelBox: Box = {
    x: levelName.x,
    y: levelName.y - textPx,
    width: measurePlex(level.name, 'sans', textPx),
    height: textPx + 2,
  };
  const placed = placeNames(
    seats.map(({ event, x, y: at }) => ({
      id: event.id,
      x,
      y: at,
      r: look[event.kind].r,
      width: measurePlex(event.name, event.kind === 'winner' ? 'sans-bold' : 'sans', textPx) + 2,
      height: textPx + 3,
      first: event.kind === 'winner',
    })),
    { ...plot, width: plot.width + 10 },
    [levelBox],
  );

  const depthTop = bottom + linePx + 30;
  const depthBottom = depthTop + depthPx;
  const deepest = Math.max(...winners.map(({ event }) => event.depth ?? 0), 1);
  const depths = winners.flatMap(({ event, x }): Mark[] => {
    if (event.depth === undefined) {
      return [text(x, depthBottom - 5, chart.noDepth, { ink: 'faint', anchor: 'middle' })];
    }
    const high = ((depthPx - 18) * event.depth) / deepest;
    const wide = Math.min(28, column * 0.5);
    return [
      {
        kind: 'shape',
        path: rectPath(x - wide / 2, depthBottom - high, wide, high),
        fill: 'accent',
        opacity: 0.55,
        stroke: 'accent',
      },
      text(x, depthBottom - high - 4, String(event.depth), { font: 'mono', anchor: 'middle' }),
    ];
  });

  const marks: Mark[] = [
    ...head.marks,
    ...y.ticks.flatMap((tick): Mark[] => [
      { kind: 'line', x1: plot.x, y1: y.at(tick), x2: right, y2: y.at(tick), ink: 'line' },
      text(plot.x - 8, y.at(tick) + 4, String(tick), { font: 'mono', ink: 'soft', anchor: 'end' }),
    ]),
    text(14, plot.y, chart.yLabel, { anchor: 'end', font: 'sans-bold', turn: -90 }),
    { kind: 'line', x1: plot.x, y1: bottom, x2: right, y2: bottom, ink: 'strong' },
    ...years.map((year) =>
      text(middle(year), bottom + linePx, String(year), { font: 'mono', ink: 'soft', anchor: 'middle' }),
    ),
    {
      kind: 'line',
      x1: plot.x,
      y1: y.at(level.value),
      x2: right,
      y2: y.at(level.value),
      ink: 'ink',
      dash: '5 4',
    },
    ...winners.slice(1).map(({ x, y: at }, i): Mark => ({
      kind: 'line',
      x1: winners[i]!.x,
      y1: winners[i]!.y,
      x2: x,
      y2: at,
      ink: 'accent',
      width: 1.5,
    })),
    ...seats.map(({ event, x, y: at }) => dot(event.kind, x, at)),
    ...placed.flatMap(({ id, box, leader }): Mark[] => {
      const seat = seats.find(({ event }) => event.id === id)!;
      const label = text(box.x + 1, box.y + textPx - 1, seat.event.name, {
        font: seat.event.kind === 'winner' ? 'sans-bold' : 'sans',
        ink: seat.event.kind === 'winner' ? 'ink' : 'soft',
        halo: true,
      });
      const toX = Math.min(Math.max(seat.x, box.x), box.x + box.width);
      const toY = Math.min(Math.max(seat.y, box.y), box.y + box.height);
      return leader
        ? [{ kind: 'line', x1: seat.x, y1: seat.y, x2: toX, y2: toY, ink: 'strong' }, label]
        : [label];
    }),
    levelName,
    text(8, depthTop - 2, chart.depthLabel, { font: 'sans-bold' }),
    ...depths,
    { kind: 'line', x1: plot.x, y1: depthBottom, x2: right, y2: depthBottom, ink: 'strong' },
    ...legend(keys, width, depthBottom + 10).marks,
    ...footing(chart.notes, width, depthBottom + 10 + keyHeight).marks,
  ];
  const targets = seats.map(({ event, x, y: at }): Target => ({
    id: event.id,
    path: formPath('circle', x, at, 9),
    x,
    y: at,
  }));
  return { width, height: depthBottom + 12 + keyHeight + footHeight, title: chart.title, marks, targets };
}

interface Seat {
  readonly event: Event;
  readonly x: number;
  readonly y: number;
}

/**
 * A year's winner stands in the middle of its column, papers' figures a little to the right; entries that would hide
 * each other or the winner step aside to the left. The winner comes last, and so lies on top.
 */
function seatsOf(
  events: readonly Event[],
  at: {
    readonly middle: (year: number) => number;
    readonly column: number;
    readonly y: (value: number) => number;
  },
): readonly Seat[] {
  const rank = { winner: 0, paper: 1, entry: 2 } as const;
  const seats: Seat[] = [];
  for (const event of [...events].sort((a, b) => rank[a.kind] - rank[b.kind] || a.value - b.value)) {
    const y = at.y(event.value);
    const aside = event.kind === 'paper' ? Math.min(16, at.column * 0.22) : 0;
    let x = at.middle(event.year) + aside;
    const hides = (seat: Seat) => Math.hypot(seat.x - x, seat.y - y) < dodgePx;
    while (event.kind === 'entry' && seats.some(hides)) x -= 1;
    seats.push({ event, x, y });
  }
  return seats.reverse();
}

function dot(kind: Event['kind'], x: number, y: number): Mark {
  const { form, fill, opacity, stroke, r } = look[kind];
  return { kind: 'shape', path: formPath(form, x, y, r), fill, opacity, stroke, width: 1.5 };
}

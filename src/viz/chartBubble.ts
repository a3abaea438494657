import { placeNames } from './chartLabels.ts';
import {
  footing,
  formPath,
  heading,
  legend,
  linePx,
  text,
  textPx,
  type Form,
  type Key,
} from './chartParts.ts';
import { makeScale } from './chartScale.ts';
import type { Box, Mark, Picture, Target } from './chartTypes.ts';
import { measurePlex } from './textMeasure.ts';

export interface Axis {
  readonly label: string;
  readonly kind: 'linear' | 'log';
  readonly format: (value: number) => string;
  /** Small values at the far end: of errors, up is better. */
  readonly reversed?: boolean;
  /** Values are whole numbers, many of them equal: marks that would hide each other step aside by less than half a step. */
  readonly whole?: boolean;
}

export interface Bubble {
  readonly id: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly area: number;
  readonly form: Form;
  /** Drawn strongly, named first. */
  readonly chosen: boolean;
}

export interface BubbleChart {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly area: { readonly label: string; readonly format: (value: number) => string };
  readonly bubbles: readonly Bubble[];
  readonly legend: readonly { readonly form: Form; readonly chosen?: boolean; readonly text: string }[];
  /** Settings that were visited, oldest first: they have no error, so they stand on the axis. */
  readonly trace?: readonly { readonly x: number; readonly name: string }[];
  /** What is shown and where it is from, below. */
  readonly notes: readonly string[];
}

const smallest = 3;
/** On a phone the bubbles are smaller, or they would cover each other. */
const largestIn = (width: number) => Math.min(30, Math.max(16, width / 24));

/** Every network at its place, its area the third quantity: larger ones lie behind smaller ones. */
export function bubbleChart(chart: BubbleChart): Picture {
  const { width, bubbles, trace = [] } = chart;
  const head = heading(chart.title, width);
  const most = Math.max(...bubbles.map(({ area }) => area), 0);
  const largest = largestIn(width);
  const radius = (area: number) => Math.max(smallest, largest * Math.sqrt(area / (most || 1)));
  const keys = (y: number) => {
    const byForm = legend(formKeys(chart), width, y);
    const areas = areaKeys(chart, most, radius);
    const byArea = legend(
      areas,
      width,
      y + byForm.height,
      Math.max(22, ...areas.map((key) => key.width + 4)),
    );
    return { marks: [...byForm.marks, ...byArea.marks], height: byForm.height + byArea.height };
  };
  const foot = footing(chart.notes, width, 0);
  const keyHeight = keys(0).height;
  const below = linePx * 2 + 14 + keyHeight + foot.height;
  const plot: Box = {
    x: 58,
    y: head.height + 8,
    width: width - 58 - 14,
    height: Math.max(200, chart.height - head.height - 8 - below),
  };
  const bottom = plot.y + plot.height;
  const right = plot.x + plot.width;

  const x = makeScale({
    kind: chart.x.kind,
    // Whole numbers have room to both sides for marks that step aside.
    values: [...bubbles, ...trace].flatMap((each) => (chart.x.whole ? [each.x - 0.5, each.x + 0.5] : each.x)),
    from: plot.x,
    to: right,
    pad: chart.x.whole ? 0 : 0.08,
    whole: chart.x.whole ?? false,
    most: Math.max(2, Math.floor(plot.width / 64)),
  });
  const [low, high] = chart.y.reversed ? [plot.y, bottom] : [bottom, plot.y];
  const y = makeScale({
    kind: chart.y.kind,
    values: bubbles.map((bubble) => bubble.y),
    from: low,
    to: high,
    pad: 0.08,
    most: Math.max(2, Math.floor(plot.height / 40)),
  });
  const grid: Mark[] = [
    ...x.ticks.flatMap((tick): Mark[] => [
      { kind: 'line', x1: x.at(tick), y1: plot.y, x2: x.at(tick), y2: bottom, ink: 'line' },
      text(x.at(tick), bottom + linePx, chart.x.format(tick), {
        font: 'mono',
        ink: 'soft',
        anchor: 'middle',
      }),
    ]),
    ...y.ticks.flatMap((tick): Mark[] => [
      { kind: 'line', x1: plot.x, y1: y.at(tick), x2: right, y2: y.at(tick), ink: 'line' },
      text(plot.x - 8, y.at(tick) + 4, chart.y.format(tick), { font: 'mono', ink: 'soft', anchor: 'end' }),
    ]),
    { kind: 'line', x1: plot.x, y1: bottom, x2: right, y2: bottom, ink: 'strong' },
    { kind: 'line', x1: plot.x, y1: plot.y, x2: plot.x, y2: bottom, ink: 'strong' },
    text(right, bottom + linePx * 2, chart.x.label, { anchor: 'end', font: 'sans-bold' }),
    text(14, plot.y, chart.y.label, { anchor: 'end', font: 'sans-bold', turn: -90 }),
  ];

  const straight = bubbles
    .map((bubble) => ({ bubble, x: x.at(bubble.x), y: y.at(bubble.y), r: radius(bubble.area) }))
    .sort((a, b) => b.r - a.r || a.bubble.id.localeCompare(b.bubble.id));
  const seats = chart.x.whole ? spread(straight, Math.abs(x.at(1) - x.at(0)) * 0.4) : straight;
  const shapes = seats.map(({ bubble, ...at }): Mark => ({
    kind: 'shape',
    path: formPath(bubble.form, at.x, at.y, at.r),
    fill: bubble.chosen ? 'accent' : 'soft',
    opacity: bubble.chosen ? 0.55 : 0.14,
    stroke: bubble.chosen ? 'accent' : 'faint',
    width: bubble.chosen ? 2 : 1,
  }));
  const targets = seats.map(({ bubble, ...at }): Target => ({
    id: bubble.id,
    path: formPath(bubble.form, at.x, at.y, Math.max(at.r, 8)),
    x: at.x,
    y: at.y,
  }));
  return {
    width,
    height: bottom + below,
    title: chart.title,
    marks: [
      ...head.marks,
      ...grid,
      ...shapes,
      ...names(seats, trace.length > 0 ? { ...plot, height: plot.height - 30 } : plot),
      ...traceMarks(
        trace.map((each) => ({ name: each.name, at: x.at(each.x) })),
        plot,
      ),
      ...keys(bottom + linePx * 2 + 12).marks,
      ...footing(chart.notes, width, bottom + linePx * 2 + 12 + keyHeight).marks,
    ],
    targets,
  };
}

/** A walk along the axis: the newest filled and named above everything, the older ones open. */
function traceMarks(
  trace: readonly { readonly at: number; readonly name: string }[],
  plot: Box,
): readonly Mark[] {
  const newest = trace.at(-1);
  if (!newest) return [];
  const y = plot.y + plot.height - 6;
  const wide = measurePlex(newest.name, 'sans-bold', textPx);
  const left = Math.max(plot.x + 4, Math.min(newest.at - wide / 2, plot.x + plot.width - wide - 4));
  return [
    ...trace.map(({ at }): Mark => ({
      kind: 'shape',
      path: formPath('triangle', at, y, 5),
      fill: at === newest.at ? 'accent' : 'paper',
      stroke: 'accent',
      width: 1.5,
    })),
    text(left, y - 12, newest.name, { font: 'sans-bold', halo: true }),
  ];
}

interface Seat {
  readonly bubble: Bubble;
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

/** How much of the smaller of two marks the other hides, roughly: 0 apart, 1 in one place. */
const hidden = (a: Seat, b: Seat) =>
  Math.max(0, 1 - Math.hypot(a.x - b.x, a.y - b.y) / (Math.max(a.r, b.r) + Math.min(a.r, b.r) * 0.6));

/** The same marks, each moved sideways by at most `most` px to where the ones before hide it least. */
function spread(seats: readonly Seat[], most: number): readonly Seat[] {
  const placed: Seat[] = [];
  for (const seat of seats) {
    const options = [0, 0.25, -0.25, 0.5, -0.5, 0.75, -0.75, 1, -1].map((part) => {
      const moved = { ...seat, x: seat.x + part * most };
      const cost = placed.reduce((sum, other) => sum + hidden(moved, other), Math.abs(part) * 0.05);
      return { moved, cost };
    });
    placed.push(options.reduce((best, each) => (each.cost < best.cost ? each : best)).moved);
  }
  return placed;
}

function names(seats: readonly Seat[], plot: Box): readonly Mark[] {
  const font = (bubble: Bubble) => (bubble.chosen ? 'sans-bold' : 'sans');
  const placed = placeNames(
    seats.map(({ bubble, x, y, r }) => ({
      id: bubble.id,
      x,
      y,
      r,
      width: measurePlex(bubble.name, font(bubble), textPx) + 2,
      height: textPx + 3,
      first: bubble.chosen,
    })),
    plot,
  );
  return placed.flatMap(({ id, box, leader }): Mark[] => {
    const seat = seats.find(({ bubble }) => bubble.id === id)!;
    const { bubble } = seat;
    const label = text(box.x + 1, box.y + textPx - 1, bubble.name, {
      font: font(bubble),
      ink: bubble.chosen ? 'ink' : 'soft',
      halo: true,
    });
    if (!leader) return [label];
    const toX = Math.min(Math.max(seat.x, box.x), box.x + box.width);
    const toY = Math.min(Math.max(seat.y, box.y), box.y + box.height);
    return [{ kind: 'line', x1: seat.x, y1: seat.y, x2: toX, y2: toY, ink: 'strong' }, label];
  });
}

/** What the forms mean, by their words. */
function formKeys(chart: BubbleChart): readonly Key[] {
  return chart.legend.map(({ form, chosen = false, text: words }): Key => ({
    width: 16,
    text: words,
    mark: (x, y) => [
      {
        kind: 'shape',
        path: formPath(form, x, y, 6),
        fill: chosen ? 'accent' : 'soft',
        opacity: chosen ? 0.55 : 0.14,
        stroke: chosen ? 'accent' : 'faint',
        width: chosen ? 2 : 1,
      },
    ],
  }));
}

/** Round areas of the third quantity, as large as they are in the chart. */
function areaKeys(
  { area: axis }: BubbleChart,
  most: number,
  radius: (area: number) => number,
): readonly Key[] {
  if (most <= 0) return [];
  const power = 10 ** Math.floor(Math.log10(most));
  const top = Math.floor(most / power) * power;
  return [top, top / 10, top / 100]
    .filter((area) => radius(area) > smallest)
    .map((area, i): Key => ({
      width: 2 * radius(area),
      text: i === 0 ? `${axis.label}: ${axis.format(area)}` : axis.format(area),
      mark: (x, y) => [
        { kind: 'shape', path: formPath('circle', x, y, radius(area)), fill: null, stroke: 'ink', width: 1 },
      ],
    }));
}

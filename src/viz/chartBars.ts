import { footing, heading, legend, linePx, rectPath, text, textPx, type Key } from './chartParts.ts';
import { makeScale } from './chartScale.ts';
import type { Mark, Picture, Target } from './chartTypes.ts';
import type { OpGroup } from './opStyle.ts';
import { fitText, measurePlex } from './textMeasure.ts';

export type SegmentKind = 'conv' | 'dense' | 'other';

export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly kind: SegmentKind;
  /** One value a panel. */
  readonly values: readonly number[];
}

export interface BarRow {
  readonly name: string;
  /** From the input to the output. */
  readonly segments: readonly Segment[];
}

export interface BarPanel {
  readonly label: string;
  readonly format: (value: number) => string;
}

export interface BarChart {
  readonly width: number;
  readonly title: string;
  readonly panels: readonly BarPanel[];
  readonly rows: readonly BarRow[];
  readonly legend: Readonly<Record<SegmentKind, string>>;
  readonly notes: readonly string[];
}

const look: Readonly<Record<SegmentKind, OpGroup>> = { conv: 'conv', dense: 'dense', other: 'norm' };
const barPx = 22;
const rowPx = barPx + linePx + 9;

/**
 * A bar for each network in each panel, cut into its stages from the input to the output. All bars of a panel have
 * one scale, so that lengths compare; neighbouring stages alternate in strength, and dense ones are hatched.
 */
export function barChart(chart: BarChart): Picture {
  const { width, panels, rows } = chart;
  const head = heading(chart.title, width);
  const across = width >= 900;
  const gap = 28;
  const panelWidth = across ? (width - 16 - gap * (panels.length - 1)) / panels.length : width - 16;
  const panelHeight = 24 + rows.length * rowPx + linePx + 12;
  const top = head.height + 6;
  const marks: Mark[] = [...head.marks];
  const targets: Target[] = [];
  panels.forEach((panel, which) => {
    const left = 8 + (across ? which * (panelWidth + gap) : 0);
    const y = top + (across ? 0 : which * (panelHeight + 10));
    const drawn = drawPanel(panel, which, rows, { left, y, width: panelWidth });
    marks.push(...drawn.marks);
    targets.push(...drawn.targets);
  });
  const bottom = top + (across ? panelHeight : panels.length * (panelHeight + 10));
  const keys = (Object.keys(look) as SegmentKind[]).map((kind): Key => ({
    width: 22,
    text: chart.legend[kind],
    mark: (x, y) => [bar(rectPath(x - 11, y - 6, 22, 12), kind, 0.85)],
  }));
  const legendHeight = legend(keys, width, 0).height;
  marks.push(
    ...legend(keys, width, bottom).marks,
    ...footing(chart.notes, width, bottom + legendHeight).marks,
  );
  return {
    width,
    height: bottom + legendHeight + footing(chart.notes, width, 0).height,
    title: chart.title,
    marks,
    targets,
  };
}

const bar = (path: string, kind: SegmentKind, opacity: number): Mark => ({
  kind: 'shape',
  path,
  fill: look[kind],
  opacity,
  stroke: 'paper',
  width: 0.75,
  pattern: look[kind],
});

function drawPanel(
  panel: BarPanel,
  which: number,
  rows: readonly BarRow[],
  room: { readonly left: number; readonly y: number; readonly width: number },
): { readonly marks: readonly Mark[]; readonly targets: readonly Target[] } {
  const { left } = room;
  const value = (segment: Segment) => segment.values[which] ?? 0;
  const totals = rows.map(({ segments }) => segments.reduce((sum, each) => sum + value(each), 0));
  const scale = makeScale({
    kind: 'linear',
    values: [...totals, 0],
    from: left,
    to: left + room.width,
    zero: true,
    pad: 0.02,
    most: Math.max(2, Math.floor(room.width / 90)),
  });
  const bottom = room.y + 24 + rows.length * rowPx;
  const marks: Mark[] = [
    text(left, room.y + 14, panel.label, { font: 'sans-bold' }),
    ...scale.ticks.flatMap((tick): Mark[] => [
      { kind: 'line', x1: scale.at(tick), y1: room.y + 22, x2: scale.at(tick), y2: bottom, ink: 'line' },
      tickText(panel.format(tick), scale.at(tick), bottom + linePx - 2, room),
    ]),
  ];
  const targets: Target[] = [];
  rows.forEach(({ name, segments }, place) => {
    const y = room.y + 24 + place * rowPx;
    const total = panel.format(totals[place]!);
    const totalWidth = measurePlex(total, 'mono', textPx);
    marks.push(
      text(left, y + textPx + 1, fitText(name, 'sans', textPx, room.width - totalWidth - 10, measurePlex), {
        halo: true,
      }),
      text(left + room.width, y + textPx + 1, total, { font: 'mono', anchor: 'end', halo: true }),
    );
    let sum = 0;
    segments.forEach((segment, nth) => {
      const from = scale.at(sum);
      sum += value(segment);
      const wide = scale.at(sum) - from;
      if (wide < 0.05) return;
      const path = rectPath(from, y + linePx + 1, wide, barPx);
      marks.push(bar(path, segment.kind, nth % 2 === 0 ? 0.9 : 0.62));
      targets.push({ id: `${which}:${segment.id}`, path, x: from + wide / 2, y: y + linePx + barPx });
    });
  });
  return { marks, targets };
}

/** A tick's text, kept inside its panel: the outer ones stand to the inner side. */
function tickText(
  content: string,
  x: number,
  y: number,
  room: { readonly left: number; readonly width: number },
): Mark {
  const half = measurePlex(content, 'mono', textPx) / 2;
  const anchor = x - half < room.left ? 'start' : x + half > room.left + room.width ? 'end' : 'middle';
  return text(x, y, content, { font: 'mono', ink: 'soft', anchor });
}

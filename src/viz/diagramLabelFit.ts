import type { LabelKind, LabelRow, LabelStack, PlacedLabel } from './diagramTypes.ts';
import { append } from './diagramUnits.ts';
import { packRow } from './labelPacking.ts';
import type { Measure } from './textMeasure.ts';

/** Text on screen, in CSS pixels, at every zoom. */
export const TEXT = { name: 12, figure: 11, line: 14 } as const;

/**
 * The labels that fit at a zoom: text keeps its size on screen, so what finds no room is left out, least important first,
 * and comes back when one zooms in. Labels of one line borrow room from each other: a wide one moves its neighbours aside as
 * far as it stays plain what they name. They also agree on how they are written and on what they leave out, so that they
 * read like a table: a row of numbers is shown unless it fits under few of the boxes that have it.
 */
export function visibleLabels(stacks: readonly LabelStack[], zoom: number, measure: Measure): PlacedLabel[] {
  const lanes = new Map<number | string, LabelStack[]>();
  for (const stack of stacks) append(lanes, stack.lane ?? stack.id, stack);
  return [...lanes.values()].flatMap((lane) => new Lane(lane, zoom, measure).labels());
}

/** What is said under one box so far: the widest line, how many px it reaches down, and the rows. */
interface Column {
  readonly stack: LabelStack;
  readonly rows: { readonly row: LabelRow; readonly lines: readonly string[] }[];
  /** The widest of its rows, and its name, by which one tells whose it is; px. */
  width: number;
  named: number;
  used: number;
  /** A row without room ends its stack: a less important one must not stand in for it. */
  closed: boolean;
}

const ROW_ORDER: readonly LabelKind[] = [
  'frame',
  'count',
  'name',
  'share',
  'operation',
  'shape',
  'parameters',
  'memory',
];
const FEW = 0.35;
/** Figures under fewer boxes of a stretch than this would look like holes. */
const ENOUGH = 0.75;
/** How close texts may come to each other and how far they may be moved, in screen px. */
interface Manners {
  readonly spacing: number;
  readonly give: number;
}
/** The last line needs no distance to a next one, px. */
const DESCENT = 0.95;
/** So that something is said at all. */
const TIGHT: Manners = { spacing: 4, give: Infinity };
/** So that it is said in full. */
const EASY: Manners = { spacing: 8, give: 6 };
/** Below this zoom names are no larger than figures. */
const SMALL = 0.8;

/** The texts under one line of boxes, in stretches that share their room. */
class Lane {
  private readonly columns: readonly Column[];
  private readonly stretches: readonly (readonly Column[])[];

  constructor(
    stacks: readonly LabelStack[],
    private readonly zoom: number,
    private readonly measure: Measure,
  ) {
    this.columns = stacks.map((stack) => ({ stack, rows: [], width: 0, named: 0, used: 0, closed: false }));
    const stretches = new Map<number, Column[]>();
    for (const column of this.columns) append(stretches, column.stack.room.x, column);
    for (const stretch of stretches.values()) stretch.sort((a, b) => a.stack.anchor.x - b.stack.anchor.x);
    this.stretches = [...stretches.values()];
  }

  labels(): PlacedLabel[] {
    for (const kind of ROW_ORDER) {
      if (!this.columns.some((column) => rowOf(column, kind) !== undefined)) continue;
      if (kind === 'name') this.addNames();
      else if (!this.addRow(kind)) break;
    }
    const whole = this.startsOf(this.columns);
    return this.stretches.flatMap((stretch) => this.place(stretch, whole ?? this.startsOf(stretch)));
  }

  /**
   * How many px under its box's name each row of these columns starts if equal figures stand on one line, as in a table, also
   * beside columns that have no such row or a shorter one; null where some column has no room for that.
   */
  private startsOf(columns: readonly Column[]): ReadonlyMap<LabelKind, number> | null {
    const starts = new Map<LabelKind, number>();
    let next = 0;
    for (const kind of ROW_ORDER) {
      const lines = columns.flatMap(
        ({ rows }) => rows.find(({ row }) => row.kind === kind)?.lines.length ?? [],
      );
      if (lines.length === 0 || kind === 'name') continue;
      starts.set(kind, next);
      next += Math.max(...lines) * TEXT.line;
    }
    const fits = columns.every(({ rows, stack }) => {
      const last = rows.at(-1);
      const start = last && starts.get(last.row.kind);
      if (last === undefined || start === undefined) return true;
      const end = namePx(rows) + start + last.lines.length * TEXT.line;
      return end - DESCENT <= stack.room.height * this.zoom;
    });
    return fits ? starts : null;
  }

  /** Names stay wherever they fit, each in its fullest form; one short name makes its like short: `01`, `02`. */
  private addNames(): void {
    const full = this.stretches.map((stretch) => this.choose(stretch, 'name', () => 0, EASY));
    const whole = (choice: Choice, i: number): boolean => choice.size === this.open(i, 'name').length;
    const abridged = this.stretches.some(
      (_, i) => !whole(full[i] ?? new Map(), i) && this.open(i, 'name').some(({ row }) => isAbridged(row)),
    );
    this.stretches.forEach((stretch, i) => {
      const choice = full[i] ?? new Map<Column, number>();
      const plain =
        whole(choice, i) && !(abridged && this.open(i, 'name').some(({ row }) => isAbridged(row)));
      this.write(stretch, 'name', plain ? choice : this.shortened(stretch, abridged));
    });
  }

  /** The narrowest form of each name that fits at all, then as much more as moves no neighbour far. */
  private shortened(stretch: readonly Column[], abridged: boolean): Choice {
    const choice = this.choose(stretch, 'name', (row) => this.narrowest(row), TIGHT);
    for (const [column, narrow] of choice) {
      const row = rowOf(column, 'name');
      if (row === undefined) continue;
      for (let fuller = abridged && isAbridged(row) ? 1 : 0; fuller < row.alternatives.length; fuller++) {
        if (fuller === narrow) break;
        if (this.fits(stretch, 'name', new Map(choice).set(column, fuller), EASY)) {
          choice.set(column, fuller);
          break;
        }
      }
    }
    return choice;
  }

  /** Adds a row of figures where it fits; false where that would be under few boxes: then the whole line does without. */
  private addRow(kind: LabelKind): boolean {
    const rows = this.stretches.flatMap((_, i) => this.open(i, kind));
    if (rows.length === 0) return true;
    const forms = Math.max(...rows.map(({ row }) => row.alternatives.length));
    const ways = Array.from({ length: forms }, (_, form) =>
      this.stretches.map((stretch, i) => {
        const manners = form === forms - 1 ? TIGHT : EASY;
        const choice = this.choose(
          stretch,
          kind,
          (row) => Math.min(form, row.alternatives.length - 1),
          manners,
        );
        return choice.size < ENOUGH * this.open(i, kind).length ? new Map<Column, number>() : choice;
      }),
    );
    const shares = ways.map((way) => way.reduce((sum, choice) => sum + choice.size, 0) / rows.length);
    // The fullest of the ways that suit the largest number of boxes.
    const common = shares.indexOf(Math.max(...shares));
    if ((shares[common] ?? 0) < FEW) return false;
    this.stretches.forEach((stretch, i) => {
      // A stretch that is too narrow for the common way is written in another one, if that suits more of it.
      const choices = [ways[common], ...ways].map((way) => way?.[i] ?? new Map<Column, number>());
      const largest = Math.max(...choices.map(({ size }) => size));
      const choice = choices.find(({ size }) => size === largest) ?? new Map<Column, number>();
      this.write(stretch, kind, choice);
    });
    return true;
  }

  private open(index: number, kind: LabelKind): { column: Column; row: LabelRow }[] {
    return (this.stretches[index] ?? []).flatMap((column) => {
      const row = rowOf(column, kind);
      return row === undefined || column.closed ? [] : [{ column, row }];
    });
  }

  /** Which boxes can have a row, all of them if that fits, else one after the other from the narrowest. */
  private choose(
    stretch: readonly Column[],
    kind: LabelKind,
    form: (row: LabelRow) => number,
    manners: Manners,
  ): Choice {
    const wanted = stretch.flatMap((column): [Column, number, number][] => {
      const row = rowOf(column, kind);
      if (row === undefined || column.closed) return [];
      const width = this.widthOf(row, form(row));
      const { room } = column.stack;
      return width + TIGHT.spacing > room.width * this.zoom ? [] : [[column, form(row), width]];
    });
    const all: Choice = new Map(wanted.map(([column, index]) => [column, index]));
    if (this.fits(stretch, kind, all, manners)) return all;
    const some: Choice = new Map();
    for (const [column, index] of wanted.sort((a, b) => a[2] - b[2])) {
      some.set(column, index);
      if (!this.fits(stretch, kind, some, manners)) some.delete(column);
    }
    return some;
  }

  private fits(stretch: readonly Column[], kind: LabelKind, choice: Choice, manners: Manners): boolean {
    for (const [{ stack, used }, index] of choice) {
      const row = stack.rows.find((candidate) => candidate.kind === kind);
      const lines = row?.alternatives[index]?.length ?? 0;
      if (used + lines * TEXT.line - DESCENT > stack.room.height * this.zoom) return false;
    }
    const widths = new Map<Column, number>();
    for (const column of stretch) widths.set(column, this.widthWith(column, kind, choice));
    const named = (column: Column): number => (column.named === 0 ? (widths.get(column) ?? 0) : column.named);
    return this.middles(stretch, manners, (column) => widths.get(column) ?? 0, named) !== null;
  }

  private widthWith(column: Column, kind: LabelKind, choice: Choice): number {
    const index = choice.get(column);
    const row = rowOf(column, kind);
    return index === undefined || row === undefined
      ? column.width
      : Math.max(column.width, this.widthOf(row, index));
  }

  /** Where the columns stand, px from the drawing's origin; null where they do not fit beside each other. */
  private middles(
    stretch: readonly Column[],
    manners: Manners,
    widthOf: (column: Column) => number,
    namedOf: (column: Column) => number,
  ): ReadonlyMap<Column, number> | null {
    const shown = stretch.flatMap((column) => {
      const width = widthOf(column);
      const { anchor, reach } = column.stack;
      const middle = anchor.x * this.zoom;
      const give = Math.min(manners.give, this.give(namedOf(column), reach));
      return width === 0 ? [] : [{ column, middle, width, give }];
    });
    const room = stretch[0]?.stack.room;
    if (room === undefined) return new Map();
    const start = stretch[0]?.stack.align === 'start';
    const [left, right] = [
      room.x * this.zoom + TIGHT.spacing / 2,
      (room.x + room.width) * this.zoom - TIGHT.spacing / 2,
    ];
    // A text that starts at the edge of its room fills it from there.
    const wishes = start ? shown.map((wish) => ({ ...wish, middle: (left + right) / 2 })) : shown;
    const middles = packRow(wishes, left, right, manners.spacing);
    return middles === null ? null : new Map(wishes.map(({ column }, i) => [column, middles[i] ?? 0]));
  }

  /** A name may move while it stays under its box, or its box's middle above it. */
  private give(named: number, reach: number | undefined): number {
    return reach === undefined ? 0 : Math.max(5, reach * this.zoom - named / 2, named / 2 - 1);
  }

  private write(stretch: readonly Column[], kind: LabelKind, choice: Choice): void {
    for (const column of stretch) {
      const row = rowOf(column, kind);
      const lines = row?.alternatives[choice.get(column) ?? -1];
      if (row === undefined || column.closed) continue;
      if (lines === undefined) {
        column.closed = true;
        continue;
      }
      column.width = this.widthWith(column, kind, choice);
      if (column.rows.length === 0) column.named = column.width;
      column.rows.push({ row, lines });
      column.used += lines.length * TEXT.line;
    }
  }

  /** The texts where they are drawn; without `starts` each row follows the one above it. */
  private place(stretch: readonly Column[], starts: ReadonlyMap<LabelKind, number> | null): PlacedLabel[] {
    const middles = this.middles(
      stretch,
      TIGHT,
      ({ width }) => width,
      ({ named }) => named,
    );
    return stretch.flatMap((column) => {
      const { stack } = column;
      const middle = middles?.get(column);
      const shift = stack.align === 'start' || middle === undefined ? 0 : middle - stack.anchor.x * this.zoom;
      const named = namePx(column.rows);
      let used = 0;
      return column.rows.flatMap(({ row, lines }) => {
        const start = starts?.get(row.kind);
        if (start !== undefined) used = named + start;
        return lines.map((text): PlacedLabel => {
          used += TEXT.line;
          return {
            id: `${stack.id}:${row.kind}:${used}`,
            owner: stack.owner,
            kind: row.kind,
            text,
            font: row.font,
            sizePx: sizeOf(row, this.zoom),
            anchor: stack.anchor,
            align: stack.align,
            shift,
            offset: stack.grows === 'down' ? used - 2 : 10 - used,
          };
        });
      });
    });
  }

  private narrowest({ alternatives, ...row }: LabelRow): number {
    const widths = alternatives.map((_, index) => this.widthOf({ ...row, alternatives }, index));
    return widths.indexOf(Math.min(...widths));
  }

  private widthOf(row: LabelRow, index: number): number {
    const size = sizeOf(row, this.zoom);
    return Math.max(0, ...(row.alternatives[index] ?? []).map((line) => this.measure(line, row.font, size)));
  }
}

/** Which of its forms each box's row takes; a box that is missing goes without. */
type Choice = Map<Column, number>;

/** How many px a column's name reaches down. */
function namePx(rows: Column['rows']): number {
  return (rows.find(({ row }) => row.kind === 'name')?.lines.length ?? 0) * TEXT.line;
}

function rowOf({ stack }: Column, kind: LabelKind): LabelRow | undefined {
  return stack.rows.find((row) => row.kind === kind);
}

/** Names are a little larger than figures, unless the picture is so small that they would be lost. */
function sizeOf({ kind }: LabelRow, zoom: number): number {
  return zoom >= SMALL && (kind === 'name' || kind === 'count') ? TEXT.name : TEXT.figure;
}

/** Whether a row has a shorter form of one line (a broken name is no shorter). */
function isAbridged(row: LabelRow): boolean {
  return row.alternatives[1]?.length === 1;
}

import type { LabelKind, LabelRow, LabelStack, PlacedLabel } from './diagramTypes.ts';
import { packRow } from './labelPacking.ts';
import { TEXT } from './textMeasure.ts';
import type { Measure } from './textMeasure.ts';

/** What is said under one box so far: the widest line, how many px it reaches down, and the rows. */
export interface Column {
  readonly stack: LabelStack;
  readonly rows: { readonly row: LabelRow; readonly lines: readonly string[] }[];
  /** The widest of its rows, and its name, by which one tells whose it is; px. */
  width: number;
  named: number;
  used: number;
  /** A row without room ends its stack: a less important one must not stand in for it. */
  closed: boolean;
}

/** Which of its forms each box's row takes; a box that is missing goes without. */
export type Choice = Map<Column, number>;

/** How close texts may come to each other and how far they may be moved, in screen px. */
interface Manners {
  readonly spacing: number;
  readonly give: number;
}
/** The last line needs no distance to a next one, px. */
export const DESCENT = 0.95;
/** So that something is said at all. */
export const TIGHT: Manners = { spacing: 4, give: Infinity };
/** So that it is said in full. */
export const EASY: Manners = { spacing: 8, give: 6 };
/** Below this zoom names are no larger than figures. */
const SMALL = 0.8;

/** Boxes side by side whose texts share their room: what fits under them together, and where it stands. */
export class Stretch {
  readonly columns: readonly Column[];

  constructor(
    stacks: readonly LabelStack[],
    private readonly zoom: number,
    private readonly measure: Measure,
  ) {
    this.columns = stacks
      .map((stack) => ({ stack, rows: [], width: 0, named: 0, used: 0, closed: false }))
      .sort((a, b) => a.stack.anchor.x - b.stack.anchor.x);
  }

  /** The rows of a kind that may still be said. */
  open(kind: LabelKind): LabelRow[] {
    return this.columns.flatMap((column) => {
      const row = rowOf(column, kind);
      return row === undefined || column.closed ? [] : [row];
    });
  }

  /** Which boxes can have a row, all of them if that fits, else one after the other from the narrowest. */
  choose(kind: LabelKind, form: (row: LabelRow) => number, manners: Manners): Choice {
    const wanted = this.columns.flatMap((column): [Column, number, number][] => {
      const row = rowOf(column, kind);
      if (row === undefined || column.closed) return [];
      const width = this.widthOf(row, form(row));
      const { room } = column.stack;
      return width + TIGHT.spacing > room.width * this.zoom ? [] : [[column, form(row), width]];
    });
    const all: Choice = new Map(wanted.map(([column, index]) => [column, index]));
    if (this.fits(kind, all, manners)) return all;
    const some: Choice = new Map();
    for (const [column, index] of wanted.sort((a, b) => a[2] - b[2])) {
      some.set(column, index);
      if (!this.fits(kind, some, manners)) some.delete(column);
    }
    return some;
  }

  /** Whether a row fits in the forms that are chosen for it. */
  fits(kind: LabelKind, choice: Choice, manners: Manners): boolean {
    for (const [{ stack, used }, index] of choice) {
      const row = stack.rows.find((candidate) => candidate.kind === kind);
      const lines = row?.alternatives[index]?.length ?? 0;
      if (used + lines * TEXT.line - DESCENT > stack.room.height * this.zoom) return false;
    }
    const widths = new Map<Column, number>();
    for (const column of this.columns) widths.set(column, this.widthWith(column, kind, choice));
    const named = (column: Column): number => (column.named === 0 ? (widths.get(column) ?? 0) : column.named);
    return this.middles(manners, (column) => widths.get(column) ?? 0, named) !== null;
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
    manners: Manners,
    widthOf: (column: Column) => number,
    namedOf: (column: Column) => number,
  ): ReadonlyMap<Column, number> | null {
    const shown = this.columns.flatMap((column) => {
      const width = widthOf(column);
      const { anchor, reach } = column.stack;
      const middle = anchor.x * this.zoom;
      const give = Math.min(manners.give, this.give(namedOf(column), reach));
      return width === 0 ? [] : [{ column, middle, width, give }];
    });
    const room = this.columns[0]?.stack.room;
    if (room === undefined) return new Map();
    const start = this.columns[0]?.stack.align === 'start';
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

  /** Says a row as chosen; a box that goes without it is closed to less important ones. */
  write(kind: LabelKind, choice: Choice): void {
    for (const column of this.columns) {
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
  place(starts: ReadonlyMap<LabelKind, number> | null): PlacedLabel[] {
    const middles = this.middles(
      TIGHT,
      ({ width }) => width,
      ({ named }) => named,
    );
    return this.columns.flatMap((column) => {
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

  /** Which form of a row is the narrowest. */
  narrowest({ alternatives, ...row }: LabelRow): number {
    const widths = alternatives.map((_, index) => this.widthOf({ ...row, alternatives }, index));
    return widths.indexOf(Math.min(...widths));
  }

  private widthOf(row: LabelRow, index: number): number {
    const size = sizeOf(row, this.zoom);
    return Math.max(0, ...(row.alternatives[index] ?? []).map((line) => this.measure(line, row.font, size)));
  }
}

/** How many px a column's name reaches down. */
export function namePx(rows: Column['rows']): number {
  return (rows.find(({ row }) => row.kind === 'name')?.lines.length ?? 0) * TEXT.line;
}

/** What there is to say of a kind. */
export function rowOf({ stack }: Column, kind: LabelKind): LabelRow | undefined {
  return stack.rows.find((row) => row.kind === kind);
}

/** Names are a little larger than figures, unless the picture is so small that they would be lost. */
function sizeOf({ kind }: LabelRow, zoom: number): number {
  return zoom >= SMALL && (kind === 'name' || kind === 'count') ? TEXT.name : TEXT.figure;
}

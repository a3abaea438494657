import type { LabelKind, LabelRow, LabelStack, PlacedLabel } from './diagramTypes.ts';
import { append } from './diagramUnits.ts';
import { DESCENT, EASY, namePx, rowOf, Stretch, TIGHT } from './labelStretch.ts';
import type { Choice, Column } from './labelStretch.ts';
import { TEXT } from './textMeasure.ts';
import type { Measure } from './textMeasure.ts';

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

/** The texts under one line of boxes, in stretches that share their room. */
class Lane {
  private readonly stretches: readonly Stretch[];

  constructor(
    stacks: readonly LabelStack[],
    private readonly zoom: number,
    measure: Measure,
  ) {
    const byRoom = new Map<number, LabelStack[]>();
    for (const stack of stacks) append(byRoom, stack.room.x, stack);
    this.stretches = [...byRoom.values()].map((shared) => new Stretch(shared, zoom, measure));
  }

  /** The texts that fit, where they are drawn. */
  labels(): PlacedLabel[] {
    const columns = this.stretches.flatMap((stretch) => stretch.columns);
    for (const kind of ROW_ORDER) {
      if (!columns.some((column) => rowOf(column, kind) !== undefined)) continue;
      if (kind === 'name') this.addNames();
      else if (!this.addRow(kind)) break;
    }
    const whole = this.startsOf(columns);
    return this.stretches.flatMap((stretch) => stretch.place(whole ?? this.startsOf(stretch.columns)));
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
    const full = this.stretches.map((stretch) => {
      const open = stretch.open('name');
      const choice = stretch.choose('name', () => 0, EASY);
      return { stretch, choice, whole: choice.size === open.length, shortens: open.some(isAbridged) };
    });
    const abridged = full.some(({ whole, shortens }) => !whole && shortens);
    for (const { stretch, choice, whole, shortens } of full) {
      const plain = whole && !(abridged && shortens);
      stretch.write('name', plain ? choice : shortened(stretch, abridged));
    }
  }

  /** Adds a row of figures where it fits; false where that would be under few boxes: then the whole line does without. */
  private addRow(kind: LabelKind): boolean {
    const rows = this.stretches.flatMap((stretch) => stretch.open(kind));
    if (rows.length === 0) return true;
    const forms = Math.max(...rows.map((row) => row.alternatives.length));
    const ways = Array.from({ length: forms }, (_, form) =>
      this.stretches.map((stretch) => {
        const manners = form === forms - 1 ? TIGHT : EASY;
        const choice = stretch.choose(kind, (row) => Math.min(form, row.alternatives.length - 1), manners);
        return choice.size < ENOUGH * stretch.open(kind).length ? new Map<Column, number>() : choice;
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
      stretch.write(kind, choice);
    });
    return true;
  }
}

/** The narrowest form of each name that fits at all, then as much more as moves no neighbour far. */
function shortened(stretch: Stretch, abridged: boolean): Choice {
  const choice = stretch.choose('name', (row) => stretch.narrowest(row), TIGHT);
  for (const [column, narrow] of choice) {
    const row = rowOf(column, 'name');
    if (row === undefined) continue;
    for (let fuller = abridged && isAbridged(row) ? 1 : 0; fuller < row.alternatives.length; fuller++) {
      if (fuller === narrow) break;
      if (stretch.fits('name', new Map(choice).set(column, fuller), EASY)) {
        choice.set(column, fuller);
        break;
      }
    }
  }
  return choice;
}

/** Whether a row has a shorter form of one line (a broken name is no shorter). */
function isAbridged(row: LabelRow): boolean {
  return row.alternatives[1]?.length === 1;
}

import { round } from './diagramRoute.ts';
import type { Mark, TextMark } from './chartTypes.ts';
import { measurePlex, type FontName } from './textMeasure.ts';

export const textPx = 12;
export const linePx = 17;

/** What a mark looks like: told apart by form where colour is not seen. */
export const forms = ['circle', 'diamond', 'square', 'triangle'] as const;
export type Form = (typeof forms)[number];

/** A form about a point, all of the area of a circle of this radius. */
export function formPath(form: Form, x: number, y: number, r: number): string {
  if (form === 'circle')
    return `M${round(x - r)} ${round(y)}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0Z`;
  const corners: readonly (readonly [number, number])[] =
    form === 'diamond'
      ? [0, 1, 2, 3].map((i) => polar(r * Math.sqrt(Math.PI / 2), (i * Math.PI) / 2))
      : form === 'square'
        ? [0, 1, 2, 3].map((i) => polar(r * Math.sqrt(Math.PI / 2), Math.PI / 4 + (i * Math.PI) / 2))
        : [0, 1, 2].map((i) => polar(r * 1.555, -Math.PI / 2 + (i * 2 * Math.PI) / 3));
  return `M${corners.map(([dx, dy]) => `${round(x + dx)} ${round(y + dy)}`).join('L')}Z`;
}

const polar = (r: number, angle: number): readonly [number, number] => [
  r * Math.cos(angle),
  r * Math.sin(angle),
];

export function rectPath(x: number, y: number, width: number, height: number): string {
  return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
}

export function text(
  x: number,
  y: number,
  content: string,
  more: Partial<Omit<TextMark, 'kind' | 'x' | 'y' | 'text'>> = {},
): TextMark {
  return {
    kind: 'text',
    x,
    y,
    text: content,
    size: textPx,
    font: 'sans',
    ink: 'ink',
    anchor: 'start',
    ...more,
  };
}

/** A sentence in lines that fit into `room` px. */
export function wrap(
  sentence: string,
  room: number,
  font: FontName = 'sans',
  size = textPx,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measurePlex(longer, font, size) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

/** A title above a chart and how high it is. */
export function heading(
  title: string,
  width: number,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const lines = wrap(title, width - 16, 'sans-bold', 14);
  return {
    marks: lines.map((line, i) => text(8, 18 + i * 19, line, { font: 'sans-bold', size: 14 })),
    height: 10 + lines.length * 19,
  };
}

/** The sentences below a chart: what it shows and where it is from. */
export function footing(
  notes: readonly string[],
  width: number,
  y: number,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const lines = notes.flatMap((note) => wrap(note, width - 16));
  return {
    marks: lines.map((line, i) => text(8, y + 14 + i * linePx, line, { ink: 'soft' })),
    height: lines.length * linePx + 10,
  };
}

export interface Key {
  readonly mark: (x: number, y: number) => readonly Mark[];
  readonly width: number;
  readonly text: string;
}

/** A legend in as many rows as its words need. */
export function legend(
  keys: readonly Key[],
  width: number,
  y: number,
  rowPx = 22,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const marks: Mark[] = [];
  let x = 8;
  let row = 0;
  for (const key of keys) {
    const wide = key.width + 6 + measurePlex(key.text, 'sans', textPx) + 18;
    if (x > 8 && x + wide > width) {
      x = 8;
      row += 1;
    }
    const middle = y + (row + 0.5) * rowPx;
    marks.push(...key.mark(x + key.width / 2, middle), text(x + key.width + 6, middle + 4, key.text));
    x += wide;
  }
  return { marks, height: keys.length === 0 ? 0 : (row + 1) * rowPx + 4 };
}

import { formatShare, heatScale } from './diagramOverlay.ts';
import type { DiagramOverlay } from './diagramOverlay.ts';
import { round } from './diagramRoute.ts';
import { barSvg, textSvg } from './diagramSvgParts.ts';
import { PALETTES } from './opStyle.ts';
import type { OpGroup, Palette, ThemeName } from './opStyle.ts';
import { measurePlex, TEXT } from './textMeasure.ts';

/** Words of a legend, in the reader's language. */
export interface LegendWords {
  readonly groups: Readonly<Record<OpGroup, string>>;
  /** How to read a box; under the legend. */
  readonly note: string;
}

/** Room for the first row of a legend and the note under it, px. */
export const LEGEND = 54;
/** Room for an overlay's scale, px. */
export const SCALE_ROW = 26;
const SCALE = { width: 144, bar: 12 } as const;

/** The op groups' colours in words, in rows no wider than `room` px, and the note under them. */
export function legendSvg(
  groups: readonly OpGroup[],
  words: LegendWords,
  room: number,
  palette: Palette,
  patterns: boolean,
): { readonly svg: string; readonly height: number } {
  const { entries, height } = legendRows(groups, words, room);
  const svg = [
    ...entries.map(({ group, text, x, y }) =>
      [
        barSvg({ x, y, width: 7, height: 13 }, group, palette, patterns),
        textSvg(text, 'sans', TEXT.name, { x: x + 13, y: y + 11 }, 'start', palette.soft),
      ].join(''),
    ),
    ...(words.note === ''
      ? []
      : [textSvg(words.note, 'sans', TEXT.figure, { x: 0, y: height + 10 }, 'start', palette.faint)]),
  ].join('\n');
  return { svg, height };
}

function legendRows(groups: readonly OpGroup[], words: Pick<LegendWords, 'groups'>, room: number) {
  let x = 0;
  let y = 0;
  const entries = groups.map((group) => {
    const text = words.groups[group];
    const wide = 13 + measurePlex(text, 'sans', TEXT.name) + 20;
    if (x > 0 && x + wide > room) {
      x = 0;
      y += 20;
    }
    const entry = { group, text, x: round(x), y };
    x += wide;
    return entry;
  });
  return { entries, height: y + 20 };
}

/** The overlay's scale: from nothing to the largest box. */
export function scaleSvg(overlay: DiagramOverlay, title: string, y: number, theme: ThemeName): string {
  const palette = PALETTES[theme];
  const colours = heatScale(theme);
  const wide = SCALE.width / colours.length;
  const text = (said: string, x: number): string =>
    textSvg(said, 'sans', TEXT.name, { x, y: y + 10 }, 'start', palette.soft);
  const high = formatShare(overlay.mostShare);
  const after = 14 + SCALE.width + 6;
  return [
    text('0', 0),
    ...colours.map(
      (colour, i) =>
        `<rect x="${round(14 + i * wide)}" y="${y}" width="${round(wide + 0.5)}" height="${SCALE.bar}" fill="${colour}"/>`,
    ),
    `<rect x="14" y="${y}" width="${SCALE.width}" height="${SCALE.bar}" fill="none" stroke="${palette.strong}" stroke-width="0.8"/>`,
    text(high, after),
    text(title, after + measurePlex(high, 'sans', TEXT.name) + 12),
  ].join('');
}

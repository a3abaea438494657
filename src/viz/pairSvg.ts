import { MARK_TEXT, markFrame, markText } from './boxMarks.ts';
import { LEGEND, legendSvg } from './diagramLegend.ts';
import { round } from './diagramRoute.ts';
import { drawnDiagram, MARGIN } from './diagramSvg.ts';
import type { DiagramWords, DrawnDiagram } from './diagramSvg.ts';
import { rectAttributes, svgDocument, textSvg } from './diagramSvgParts.ts';
import type { BoxMark, DiagramBox, DiagramGeometry, Rect } from './diagramTypes.ts';
import { OP_GROUPS, PALETTES } from './opStyle.ts';
import type { Palette, ThemeName } from './opStyle.ts';
import { measurePlex } from './textMeasure.ts';

/** One of two diagrams with what is said about its boxes. */
export interface PairPart {
  readonly name: string;
  readonly geometry: DiagramGeometry;
  readonly answer: readonly string[];
  /** By box. */
  readonly marks: ReadonlyMap<string, BoxMark>;
}

const MARK_KINDS = ['changed', 'only', 'follows'] as const;

/** Words of the picture, in the reader's language; the marks' kinds are its second legend. */
export interface PairWords extends Pick<DiagramWords, 'title' | 'groups' | 'note'> {
  readonly marks: Readonly<Record<(typeof MARK_KINDS)[number], string>>;
}

export interface PairOptions {
  readonly arrangement: 'beside' | 'below';
  readonly patterns?: boolean;
  readonly css?: string;
}

const HEADING = { size: 15, height: 30 } as const;
/** Between the two diagrams, px. */
const GAP = 32;
const MARKS_ROW = 24;

/**
 * Two diagrams of one scale under their names as a standalone picture, what differs marked on them, with the legends of both
 * operations and marks. Side by side their main lines are at one height.
 */
export function pairSvg(
  parts: readonly [PairPart, PairPart],
  theme: ThemeName,
  words: PairWords,
  { arrangement, patterns = false, css = '' }: PairOptions,
): string {
  const palette = PALETTES[theme];
  const highest = Math.min(...parts.map(({ geometry }) => geometry.bounds.y));
  const drawings: (DrawnDiagram & { heading: string })[] = [];
  let [x, y] = [MARGIN, MARGIN];
  for (const { name, geometry, answer, marks } of parts) {
    const lowered = arrangement === 'beside' ? geometry.bounds.y - highest : 0;
    const over = geometry.boxes.flatMap((box) => markSvg(box, marks.get(box.id), palette));
    const at = { x, y: y + HEADING.height + lowered };
    const drawn = drawnDiagram(geometry, theme, answer, { patterns, over }, at);
    const heading = textSvg(name, 'sans-bold', HEADING.size, { x, y: y + 14 }, 'start', palette.ink);
    drawings.push({ ...drawn, heading });
    if (arrangement === 'beside') x = drawn.right + GAP;
    else y = drawn.bottom + GAP;
  }
  const right = Math.max(...drawings.map((drawing) => drawing.right));
  const bottom = Math.max(...drawings.map((drawing) => drawing.bottom));
  const used = OP_GROUPS.filter((group) => parts.some(({ geometry }) => geometry.groups.includes(group)));
  const room = Math.max(320, right - MARGIN);
  const legend = legendSvg(used, words, room, palette, patterns);
  const width = Math.ceil(right + MARGIN);
  const height = Math.ceil(bottom + LEGEND + MARKS_ROW + legend.height);
  return svgDocument({ width, height, title: words.title, css, palette, patterns: patterns ? used : [] }, [
    hatch(palette),
    ...drawings.flatMap(({ heading, svg }) => [heading, svg]),
    `<g transform="translate(${MARGIN} ${round(bottom + 22)})">`,
    ...markLegend(words, palette),
    `<g transform="translate(0 ${MARKS_ROW})">`,
    legend.svg,
    '</g></g>',
  ]);
}

/** What is nowhere else is hatched. */
function hatch({ warning }: Palette): string {
  return (
    '<defs><pattern id="only-here" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    `<path d="M0 0V6" stroke="${warning}" stroke-width="1" opacity="0.55"/></pattern></defs>`
  );
}

function outline(kind: BoxMark['kind'], frame: Rect, { warning, soft, accent }: Palette): string {
  const strokes: Readonly<Record<BoxMark['kind'], string>> = {
    changed: `stroke="${warning}" stroke-width="2" stroke-dasharray="5 3"`,
    only: `stroke="${warning}" stroke-width="2"`,
    follows: `stroke="${soft}" stroke-width="1.2" stroke-dasharray="1 4" stroke-linecap="round"`,
    here: `stroke="${accent}" stroke-width="3"`,
  };
  const fill = kind === 'only' ? 'url(#only-here)' : 'none';
  return `<rect ${rectAttributes(frame)} rx="4" fill="${fill}" ${strokes[kind]}/>`;
}

function markSvg(box: DiagramBox, mark: BoxMark | undefined, palette: Palette): string[] {
  if (mark === undefined) return [];
  const said = markText(mark, box, 1);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (said === null) return [outline(mark.kind, markFrame(box), palette)];
  const { size, height } = MARK_TEXT;
  const plate = { x: x - said.wide / 2, y: y - height / 2, width: said.wide, height };
  return [
    outline(mark.kind, markFrame(box), palette),
    `<rect ${rectAttributes(plate)} rx="3" fill="${palette.warning}"/>`,
    textSvg(said.text, 'sans-bold', size, { x, y: y + 4 }, 'middle', palette.paper),
  ];
}

/** The kinds of marks as they are drawn, in words. */
function markLegend({ marks }: PairWords, palette: Palette): string[] {
  let x = 1;
  return MARK_KINDS.map((kind) => {
    const text = marks[kind];
    const entry =
      outline(kind, { x, y: 0, width: 18, height: 13 }, palette) +
      textSvg(text, 'sans', 12, { x: x + 25, y: 11 }, 'start', palette.soft);
    x += 25 + measurePlex(text, 'sans', 12) + 20;
    return entry;
  });
}

import { viewBox } from './diagramFace.ts';
import { boxGlyph, signPath } from './diagramGlyph.ts';
import { visibleLabels } from './diagramLabelFit.ts';
import { LEGEND, legendSvg, SCALE_ROW, scaleSvg } from './diagramLegend.ts';
import type { LegendWords } from './diagramLegend.ts';
import { boxShades, withShares } from './diagramOverlay.ts';
import type { DiagramOverlay, HeatShades } from './diagramOverlay.ts';
import { round } from './diagramRoute.ts';
import { barSvg, rectAttributes, svgDocument, textSvg } from './diagramSvgParts.ts';
import type { DiagramBox, DiagramGeometry, LabelKind, PlacedLabel, Rect } from './diagramTypes.ts';
import { PALETTES } from './opStyle.ts';
import type { Palette, ThemeName } from './opStyle.ts';
import { measurePlex, TEXT } from './textMeasure.ts';

/** Words of a picture, in the reader's language. */
export interface DiagramWords extends LegendWords {
  readonly title: string;
  /** What stands at the end: the answer, or how many classes there are; one line each. */
  readonly answer: readonly string[];
  /** What the overlay's scale is of. */
  readonly overlay?: string;
}

/** Images of the boxes' fronts (data URLs) by graph node. */
export type Faces = Pick<ReadonlyMap<string, string>, 'get'>;

export interface SvgOptions {
  /** Screen pixels a diagram unit; text keeps its size. */
  readonly zoom?: number;
  /** Lays a pattern over each op group's colour, for print without colour. */
  readonly patterns?: boolean;
  readonly faces?: Faces;
  /** Colours the boxes by a quantity, in place of their pictures. */
  readonly overlay?: DiagramOverlay | null;
  /** Drawn over the boxes, in diagram units. */
  readonly over?: readonly string[];
  /** Style rules to take along: fonts as data URLs. */
  readonly css?: string;
}

/** Paper around a drawing, px. */
export const MARGIN = 24;

/** A whole standalone picture: diagram, text and legend, in the theme's own colours. */
export function diagramSvg(
  geometry: DiagramGeometry,
  theme: ThemeName,
  words: DiagramWords,
  options: SvgOptions = {},
): string {
  const palette = PALETTES[theme];
  const { zoom = 1, patterns = false, css = '', overlay = null } = options;
  const drawn = drawnDiagram(geometry, theme, words.answer, options, { x: MARGIN, y: MARGIN });
  const legend = legendSvg(
    geometry.groups,
    words,
    Math.max(320, geometry.bounds.width * zoom),
    palette,
    patterns,
  );
  const width = Math.ceil(drawn.right + MARGIN);
  const height = Math.ceil(drawn.bottom + LEGEND + legend.height + (overlay ? SCALE_ROW : 0));
  return svgDocument(
    { width, height, title: words.title, css, palette, patterns: patterns ? geometry.groups : [] },
    [
      drawn.svg,
      `<g transform="translate(${MARGIN} ${round(drawn.bottom + 26)})">`,
      legend.svg,
      overlay ? scaleSvg(overlay, words.overlay ?? '', legend.height + 22, theme) : '',
      '</g>',
    ],
  );
}

/** A drawn diagram, and how far it reaches to the right and down, px. */
export interface DrawnDiagram {
  readonly svg: string;
  readonly right: number;
  readonly bottom: number;
}

/** A diagram with its text and the lines of its answer, its upper left corner at `at` (px). */
export function drawnDiagram(
  geometry: DiagramGeometry,
  theme: ThemeName,
  answer: readonly string[],
  { zoom = 1, patterns = false, faces = new Map<string, string>(), overlay = null, over = [] }: SvgOptions,
  at: { readonly x: number; readonly y: number },
): DrawnDiagram {
  const palette = PALETTES[theme];
  const { bounds } = geometry;
  const answerPx = Math.max(...answer.map((line) => measurePlex(line, 'sans-bold', TEXT.name)), 0);
  const stacks = overlay ? withShares(geometry.labels, overlay) : geometry.labels;
  const labels = visibleLabels(stacks, zoom, measurePlex);
  const lowest = Math.max(...labels.map((label) => label.anchor.y * zoom + label.offset), 0);
  const place = { x: at.x - bounds.x * zoom, y: at.y - bounds.y * zoom };
  const svg = [
    `<g transform="translate(${round(place.x)} ${round(place.y)}) scale(${round4(zoom)})">`,
    ...geometry.frames.map((frame) => frameSvg(frame, frame.depth, palette)),
    `<g fill="none" stroke="${palette.soft}" stroke-width="1.2" stroke-linejoin="round">`,
    ...geometry.edges.map((edge) => `<path d="${edge.path}" vector-effect="non-scaling-stroke"/>`),
    '</g>',
    ...geometry.boxes.map((box) =>
      overlay
        ? boxSvg(box, palette, undefined, boxShades(overlay, box, theme))
        : boxSvg(box, palette, faces.get(box.tail)),
    ),
    ...geometry.joints.map((joint) => barSvg(joint, joint.group, palette, patterns)),
    ...over,
    '</g>',
    `<g fill="${palette.ink}">`,
    ...labels.map((label) => labelSvg(label, zoom, place, palette)),
    ...answer.map((line, i) =>
      textSvg(line, i === 0 ? 'sans-bold' : 'mono', TEXT.name, {
        x: place.x + geometry.answer.x * zoom,
        y: place.y + geometry.answer.y * zoom + 4 + i * TEXT.line,
      }),
    ),
    '</g>',
  ].join('\n');
  return {
    svg,
    right: at.x + bounds.width * zoom + answerPx + 12,
    bottom: place.y + Math.max((bounds.y + bounds.height) * zoom, lowest),
  };
}

function frameSvg(frame: Rect, depth: number, palette: Palette): string {
  const fill = depth % 2 === 0 ? palette.sunk : palette.paper;
  return `<rect ${rectAttributes(frame)} rx="6" fill="${fill}" stroke="${palette.line}" vector-effect="non-scaling-stroke"/>`;
}

function boxSvg(box: DiagramBox, palette: Palette, face: string | undefined, heat?: HeatShades): string {
  const outline = `stroke="${palette.soft}" stroke-width="0.9" stroke-linejoin="round" vector-effect="non-scaling-stroke"`;
  if (box.form === 'node') {
    const [cx, cy] = [round(box.x + box.width / 2), round(box.y + box.height / 2)];
    return [
      `<circle cx="${cx}" cy="${cy}" r="${box.width / 2}" fill="${heat?.front ?? palette.raised}" stroke="${palette.op.join}" stroke-width="1.5"/>`,
      `<path d="${signPath(box)}" stroke="${heat?.sign ?? palette.op.join}" stroke-width="1.5" fill="none"/>`,
    ].join('');
  }
  const glyph = boxGlyph(box);
  const solid = (front: Rect, top: string, side: string): string =>
    `<path d="${top}" fill="${heat?.top ?? palette.sunk}" ${outline}/>` +
    `<path d="${side}" fill="${heat?.side ?? palette.line}" ${outline}/>` +
    `<rect ${rectAttributes(front)} fill="${heat?.front ?? palette.raised}" ${outline}/>`;
  const copies = glyph.copies.map((copy) => solid(copy.front, copy.top, copy.side));
  const image =
    face === undefined || box.form === 'vector'
      ? ''
      : `<svg ${rectAttributes(box)} viewBox="${viewBox(box)}" preserveAspectRatio="none"><image width="1" height="1" href="${face}" preserveAspectRatio="none" style="image-rendering:pixelated"/></svg>`;
  return [...copies, solid(box, glyph.top, glyph.side), image].join('');
}

const COLOUR_OF: Readonly<Partial<Record<LabelKind, 'ink' | 'accent'>>> = {
  name: 'ink',
  share: 'ink',
  count: 'accent',
};

function labelSvg(
  label: PlacedLabel,
  zoom: number,
  place: { readonly x: number; readonly y: number },
  palette: Palette,
): string {
  const colour = palette[COLOUR_OF[label.kind] ?? 'soft'];
  const at = {
    x: place.x + label.anchor.x * zoom + label.shift,
    y: place.y + label.anchor.y * zoom + label.offset,
  };
  return textSvg(label.text, label.font, label.sizePx, at, label.align, colour);
}

function round4(value: number): number {
  return Math.round(value * 10000) / 10000;
}

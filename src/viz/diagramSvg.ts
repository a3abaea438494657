import { boxGlyph, OP_PATTERNS } from './diagramGlyph.ts';
import { boxShades, formatShare, heatScale, withShares } from './diagramOverlay.ts';
import type { DiagramOverlay, HeatShades } from './diagramOverlay.ts';
import { TEXT, visibleLabels } from './diagramLabelFit.ts';
import { faceView } from './diagramFace.ts';
import { round } from './diagramRoute.ts';
import type { DiagramBox, DiagramGeometry, LabelKind, PlacedLabel, Rect } from './diagramTypes.ts';
import { PALETTES } from './opStyle.ts';
import type { OpGroup, Palette, ThemeName } from './opStyle.ts';
import { measurePlex } from './textMeasure.ts';
import type { FontName } from './textMeasure.ts';

/** Words of a picture, in the reader's language. */
export interface DiagramWords {
  readonly title: string;
  readonly groups: Readonly<Record<OpGroup, string>>;
  /** What stands at the end: the answer, or how many classes there are; one line each. */
  readonly answer: readonly string[];
  /** How to read a box; under the legend. */
  readonly note: string;
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
const LABELS = 76;
/** Room for the first row of a legend and the note under it, px. */
export const LEGEND = 54;
const SCALE = { height: 26, width: 144, bar: 12 } as const;
const FONTS: Readonly<Record<FontName, string>> = {
  sans: `font-family="IBM Plex Sans, IBM Plex Sans KR, sans-serif"`,
  'sans-bold': `font-family="IBM Plex Sans, IBM Plex Sans KR, sans-serif" font-weight="600"`,
  mono: `font-family="IBM Plex Mono, monospace"`,
};

/** The zoom at which a diagram fits a room (CSS px), labels and answer included; never larger than 140 %. */
export function fitZoom(
  { bounds }: Pick<DiagramGeometry, 'bounds'>,
  width: number,
  height: number,
  answerPx = 96,
): number {
  const across = (width - 2 * MARGIN - answerPx) / bounds.width;
  const down = (height - MARGIN - LABELS) / bounds.height;
  return Math.max(0.02, Math.min(1.4, across, down));
}

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
  const height = Math.ceil(drawn.bottom + LEGEND + legend.height + (overlay ? SCALE.height : 0));
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

interface DocumentOptions {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly css: string;
  readonly palette: Palette;
  /** The op groups that get a pattern over their colour. */
  readonly patterns: readonly OpGroup[];
}

/** A file around what is drawn. */
export function svgDocument(
  { width, height, title, css, palette, patterns }: DocumentOptions,
  content: readonly string[],
): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    css === '' ? '' : `<style>${css}</style>`,
    patterns.length > 0 ? patternDefs(patterns, palette) : '',
    `<rect width="${width}" height="${height}" fill="${palette.paper}"/>`,
    ...content,
  ];
  return `${lines.filter((line) => line !== '').join('\n')}</svg>`;
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

/** The op groups' colours in words, in rows no wider than `room` px, and the note under them. */
export function legendSvg(
  groups: readonly OpGroup[],
  words: Pick<DiagramWords, 'groups' | 'note'>,
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

function frameSvg(frame: Rect, depth: number, palette: Palette): string {
  const fill = depth % 2 === 0 ? palette.sunk : palette.paper;
  return `<rect ${rectAttributes(frame)} rx="6" fill="${fill}" stroke="${palette.line}" vector-effect="non-scaling-stroke"/>`;
}

/** The overlay's scale: from nothing to the largest box. */
function scaleSvg(overlay: DiagramOverlay, title: string, y: number, theme: ThemeName): string {
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

/** The part of its map that a box's front shows, as SVG states it. */
export function viewBox(box: DiagramBox): string {
  const { x, y, width, height } = faceView(box);
  return [x, y, width, height].map((value) => value.toFixed(4)).join(' ');
}

/** The sign in a join's circle, as strokes: fonts differ, strokes do not. */
export function signPath(box: DiagramBox): string {
  const [cx, cy] = [round(box.x + box.width / 2), round(box.y + box.height / 2)];
  if (box.sign === '+') return `M${cx - 4.5} ${cy}h9M${cx} ${cy - 4.5}v9`;
  if (box.sign === '‖') return `M${cx - 2} ${cy - 4.5}v9M${cx + 2} ${cy - 4.5}v9`;
  return `M${cx - 4.5} ${cy - 2}h9M${cx - 4.5} ${cy + 2}h9`;
}

function barSvg(bar: Rect, group: OpGroup, palette: Palette, patterns: boolean): string {
  const attributes = rectAttributes(bar);
  const plain = `<rect ${attributes} fill="${palette.op[group]}"/>`;
  return patterns && OP_PATTERNS[group] !== ''
    ? `${plain}<rect ${attributes} fill="url(#op-${group})"/>`
    : plain;
}

function patternDefs(groups: readonly OpGroup[], palette: Palette): string {
  const tiles = groups
    .filter((group) => OP_PATTERNS[group] !== '')
    .map(
      (group) =>
        `<pattern id="op-${group}" width="4" height="4" patternUnits="userSpaceOnUse">` +
        `<path d="${OP_PATTERNS[group]}" stroke="${palette.paper}" stroke-width="1" fill="none"/></pattern>`,
    );
  return `<defs>${tiles.join('')}</defs>`;
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

/** A line of text, its baseline at `at` (px). */
export function textSvg(
  text: string,
  font: FontName,
  sizePx: number,
  at: { readonly x: number; readonly y: number },
  align: 'start' | 'middle' = 'start',
  colour?: string,
): string {
  const fill = colour === undefined ? '' : ` fill="${colour}"`;
  const anchor = align === 'middle' ? ' text-anchor="middle"' : '';
  return `<text x="${round(at.x)}" y="${round(at.y)}" font-size="${sizePx}" ${FONTS[font]}${anchor}${fill}>${escapeXml(text)}</text>`;
}

function legendRows(groups: readonly OpGroup[], words: Pick<DiagramWords, 'groups'>, room: number) {
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

/** Place and size of a rectangle as attributes. */
export function rectAttributes({ x, y, width, height }: Rect): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
}

function round4(value: number): number {
  return Math.round(value * 10000) / 10000;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

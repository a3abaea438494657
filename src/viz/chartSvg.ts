import type { Ink, Mark, Picture } from './chartTypes.ts';
import { OP_PATTERNS } from './diagramGlyph.ts';
import { round } from './diagramRoute.ts';
import { OP_GROUPS, PALETTES, type OpGroup, type ThemeName } from './opStyle.ts';
import type { FontName } from './textMeasure.ts';

/** A colour of the theme by what it is for. */
export function inkColour(ink: Ink, theme: ThemeName): string {
  const palette = PALETTES[theme];
  return OP_GROUPS.some((group) => group === ink)
    ? palette.op[ink as OpGroup]
    : palette[ink as Exclude<Ink, OpGroup>];
}

export const fontFamilies: Readonly<Record<FontName, string>> = {
  sans: 'IBM Plex Sans, IBM Plex Sans KR, sans-serif',
  'sans-bold': 'IBM Plex Sans, IBM Plex Sans KR, sans-serif',
  mono: 'IBM Plex Mono, IBM Plex Sans KR, monospace',
};

/** The attributes of a mark as SVG has them; `null` ones are left out. The page and a saved file draw the same. */
export function markAttributes(mark: Mark, theme: ThemeName): Readonly<Record<string, string | number>> {
  const colour = (ink: Ink | null) => (ink === null ? 'none' : inkColour(ink, theme));
  switch (mark.kind) {
    case 'line':
      return {
        x1: round(mark.x1),
        y1: round(mark.y1),
        x2: round(mark.x2),
        y2: round(mark.y2),
        stroke: colour(mark.ink),
        'stroke-width': mark.width ?? 1,
        ...(mark.dash ? { 'stroke-dasharray': mark.dash } : {}),
      };
    case 'shape':
      return {
        d: mark.path,
        fill: colour(mark.fill),
        'fill-opacity': mark.opacity ?? 1,
        stroke: colour(mark.stroke),
        'stroke-width': mark.width ?? 1,
      };
    case 'text':
      return {
        x: round(mark.x),
        y: round(mark.y),
        fill: colour(mark.ink),
        'font-size': mark.size,
        'font-family': fontFamilies[mark.font],
        'text-anchor': mark.anchor,
        ...(mark.font === 'sans-bold' ? { 'font-weight': 600 } : {}),
        ...(mark.turn === undefined
          ? {}
          : { transform: `rotate(${mark.turn} ${round(mark.x)} ${round(mark.y)})` }),
        ...(mark.halo
          ? {
              stroke: colour('paper'),
              'stroke-width': 3,
              'stroke-linejoin': 'round',
              'paint-order': 'stroke',
            }
          : {}),
      };
  }
}

const tags = { line: 'line', shape: 'path', text: 'text' } as const;
const markTag = (mark: Mark): 'line' | 'path' | 'text' => tags[mark.kind];

/** The id of a pattern's definition, and what is in it. */
export const patternId = (group: OpGroup): string => `chart-pattern-${group}`;
export const patternPath = (group: OpGroup): string => OP_PATTERNS[group];

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function element(mark: Mark, theme: ThemeName): string {
  const attributes = Object.entries(markAttributes(mark, theme))
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join('');
  if (mark.kind === 'text') return `<text${attributes}>${escape(mark.text)}</text>`;
  const drawn = `<${markTag(mark)}${attributes}/>`;
  if (mark.kind !== 'shape' || !mark.pattern || patternPath(mark.pattern) === '') return drawn;
  return `${drawn}<path d="${mark.path}" fill="url(#${patternId(mark.pattern)})"/>`;
}

/** The chart as a file of its own; `css` brings the fonts along. */
export function chartSvg(picture: Picture, theme: ThemeName, css = ''): string {
  const { marks } = picture;
  const width = Math.ceil(picture.width);
  const height = Math.ceil(picture.height);
  const used = new Set(
    marks.flatMap((mark) => (mark.kind === 'shape' && mark.pattern ? [mark.pattern] : [])),
  );
  const paper = inkColour('paper', theme);
  const patterns = [...used]
    .filter((group) => patternPath(group) !== '')
    .map(
      (group) =>
        `<pattern id="${patternId(group)}" width="4" height="4" patternUnits="userSpaceOnUse">` +
        `<path d="${patternPath(group)}" stroke="${paper}" stroke-width="0.8" fill="none"/></pattern>`,
    )
    .join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escape(picture.title)}</title>`,
    ...(css ? [`<style>${css}</style>`] : []),
    ...(patterns ? [`<defs>${patterns}</defs>`] : []),
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    ...marks.map((mark) => element(mark, theme)),
    '</svg>',
  ].join('\n');
}

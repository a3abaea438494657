import { OP_PATTERNS } from './diagramGlyph.ts';
import { round } from './diagramRoute.ts';
import type { Rect } from './diagramTypes.ts';
import type { OpGroup, Palette } from './opStyle.ts';
import type { FontName } from './textMeasure.ts';

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

/** A bar in its op group's colour, with the group's pattern over it where the document has patterns. */
export function barSvg(bar: Rect, group: OpGroup, palette: Palette, patterns: boolean): string {
  const attributes = rectAttributes(bar);
  const plain = `<rect ${attributes} fill="${palette.op[group]}"/>`;
  return patterns && OP_PATTERNS[group] !== ''
    ? `${plain}<rect ${attributes} fill="url(#op-${group})"/>`
    : plain;
}

const FONTS: Readonly<Record<FontName, string>> = {
  sans: `font-family="IBM Plex Sans, IBM Plex Sans KR, sans-serif"`,
  'sans-bold': `font-family="IBM Plex Sans, IBM Plex Sans KR, sans-serif" font-weight="600"`,
  mono: `font-family="IBM Plex Mono, monospace"`,
};

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

/** Place and size of a rectangle as attributes. */
export function rectAttributes({ x, y, width, height }: Rect): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

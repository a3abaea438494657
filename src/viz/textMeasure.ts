/**
 * Widths of IBM Plex without a DOM: advance widths in thousandths of an em for the printable ASCII characters, from
 * the fonts' own tables. Layouts are then the same in tests, in Node and in every browser.
 */
export type FontName = 'sans' | 'sans-bold' | 'mono';

/** Sizes of text on screen, in CSS pixels, at every zoom. */
export const TEXT = { name: 12, figure: 11, line: 14 } as const;

/** Width of a text in px at a font size of `sizePx`. */
export type Measure = (text: string, font: FontName, sizePx: number) => number;

// prettier-ignore
const REGULAR = [236,284,419,713,598,927,694,242,335,335,450,600,272,399,272,383,600,600,600,600,600,600,600,600,600,600,292,292,600,600,600,477,891,641,653,621,671,583,559,695,707,400,510,634,501,812,707,708,606,708,640,581,572,678,609,891,613,593,580,317,383,317,600,565,600,534,580,503,580,549,324,528,568,250,250,527,272,873,568,560,580,580,367,487,351,568,492,768,507,499,464,343,314,343,600];
// prettier-ignore
const SEMIBOLD = [236,309,471,656,600,960,713,260,337,337,556,600,299,402,299,437,600,600,600,600,600,600,600,600,600,600,319,319,600,600,600,493,899,672,663,642,689,600,577,712,719,423,545,678,521,817,719,712,641,712,664,611,580,689,638,949,655,632,599,329,437,329,600,559,600,559,600,513,600,558,350,545,588,275,275,562,294,888,588,563,600,600,393,499,374,588,524,819,544,524,502,363,376,363,600];

const THIN_SPACE = 0x2009;
const MONO_ADVANCE = 0.6;
/** IBM Plex Sans KR: every Hangul syllable. */
const HANGUL_ADVANCE = 0.892;
const OTHER_ADVANCE = 0.6;

/** Widths in em of texts that were measured before: a drawing asks for the same ones at every zoom. */
const measuredEms: Readonly<Record<FontName, Map<string, number>>> = {
  sans: new Map(),
  'sans-bold': new Map(),
  mono: new Map(),
};
const MOST_REMEMBERED = 20_000;

/** The static measure of IBM Plex Sans (regular, semibold) and Mono. */
export const measurePlex: Measure = (text, font, sizePx) => {
  const ems = measuredEms[font];
  let em = ems.get(text);
  if (em === undefined) {
    em = 0;
    for (const character of text) em += advance(character.codePointAt(0) ?? 0, font);
    if (ems.size >= MOST_REMEMBERED) ems.clear();
    ems.set(text, em);
  }
  return em * sizePx;
};

function advance(code: number, font: FontName): number {
  if (code === THIN_SPACE) return font === 'mono' ? 0.35 : 0.16;
  if (code > 0x2fff) return HANGUL_ADVANCE;
  if (font === 'mono') return MONO_ADVANCE;
  const widths = font === 'sans' ? REGULAR : SEMIBOLD;
  const width = widths[code - 32];
  return width === undefined ? OTHER_ADVANCE : width / 1000;
}

/** The longest beginning of `text` that fits into `room` px, with an ellipsis where something was cut. */
export function fitText(
  text: string,
  font: FontName,
  sizePx: number,
  room: number,
  measure: Measure,
): string {
  if (measure(text, font, sizePx) <= room) return text;
  const characters = [...text];
  while (characters.length > 1) {
    characters.pop();
    const cut = `${characters.join('').trimEnd()}…`;
    if (measure(cut, font, sizePx) <= room) return cut;
  }
  return '';
}

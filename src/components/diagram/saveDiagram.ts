import regular from '@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-400-normal.woff2?url';
import semibold from '@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-600-normal.woff2?url';
import mono from '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2?url';
import type { DiagramGeometry } from '../../viz/diagram.ts';
import type { DiagramOverlay } from '../../viz/diagramOverlay.ts';
import { diagramSvg } from '../../viz/diagramSvg.ts';
import type { DiagramWords } from '../../viz/diagramSvg.ts';
import type { Faces } from '../../viz/diagramSvg.ts';
import type { ThemeName } from '../../viz/opStyle.ts';
import { saveFile } from '../ui/saveFile.ts';

export type SaveAs = 'svg' | 'print' | 'png';

export interface Picture {
  readonly geometry: DiagramGeometry;
  readonly theme: ThemeName;
  readonly words: DiagramWords;
  readonly faces: Faces;
  readonly overlay: DiagramOverlay | null;
  readonly fileName: string;
}

/** Canvases beyond this are refused by some browsers; larger pictures get fewer pixels a unit. */
const MAX_CANVAS_SIDE = 8192;

/** Writes the diagram, legend and fonts included, to a file. Throws an Error with the browser's reason. */
export async function saveDiagram(picture: Picture, as: SaveAs): Promise<void> {
  const { geometry, words, faces, overlay, fileName } = picture;
  await saveSvg(
    (theme, options) => diagramSvg(geometry, theme, words, { faces, overlay, ...options }),
    picture.theme,
    fileName,
    as,
  );
}

/** How a picture is drawn for a file: with its fonts, and for print with patterns over the colours. */
export interface FileOptions {
  readonly patterns: boolean;
  readonly css: string;
}

/** Writes what `draw` draws to a file; print is on white paper. Throws an Error with the browser's reason. */
export async function saveSvg(
  draw: (theme: ThemeName, options: FileOptions) => string,
  shown: ThemeName,
  fileName: string,
  as: SaveAs,
): Promise<void> {
  const print = as === 'print';
  const svg = draw(print ? 'light' : shown, { patterns: print, css: await fontCss() });
  const source = new Blob([svg], { type: 'image/svg+xml' });
  if (as === 'png') saveFile(await toPng(source), `${fileName}.png`);
  else saveFile(source, `${fileName}.svg`);
}

/** A picture file as pixels, two for each of its own unless that is more than a canvas takes. */
export async function toPng(source: Blob): Promise<Blob> {
  const url = URL.createObjectURL(source);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(2, MAX_CANVAS_SIDE / image.width, MAX_CANVAS_SIDE / image.height);
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error(`${canvas.width}×${canvas.height}`));
        else resolve(blob);
      }, 'image/png');
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The page's fonts as data URLs: a picture file cannot reach them otherwise. */
export async function fontCss(): Promise<string> {
  const faces = [
    ['IBM Plex Sans', 400, regular],
    ['IBM Plex Sans', 600, semibold],
    ['IBM Plex Mono', 400, mono],
  ] as const;
  const rules = await Promise.all(
    faces.map(async ([family, weight, url]) => {
      const blob = await (await fetch(url)).blob();
      return `@font-face{font-family:"${family}";font-weight:${weight};src:url(${await dataUrl(blob)})}`;
    }),
  );
  return rules.join('');
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('font'));
    reader.readAsDataURL(blob);
  });
}

import { chartSvg } from '../../viz/chartSvg.ts';
import type { Picture } from '../../viz/chartTypes.ts';
import type { ThemeName } from '../../viz/opStyle.ts';
import { fontCss, toPng } from '../diagram/saveDiagram.ts';
import { saveFile } from '../ui/saveFile.ts';

/** Writes a chart with its fonts, title, axes, legend and source to a file. */
export async function saveChart(
  picture: Picture,
  theme: ThemeName,
  fileName: string,
  kind: 'svg' | 'png',
): Promise<void> {
  const svg = new Blob([chartSvg(picture, theme, await fontCss())], { type: 'image/svg+xml' });
  if (kind === 'svg') saveFile(svg, `${fileName}.svg`);
  else saveFile(await toPng(svg), `${fileName}.png`);
}

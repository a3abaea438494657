import { saveFile } from '../ui/saveFile.ts';

/** Hands a canvas to the user as a PNG file. Rejects when the browser cannot encode it (too large). */
export async function savePng(canvas: HTMLCanvasElement, name: string): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not encode the picture as PNG.');
  saveFile(blob, name);
}

/** A file name from parts, without what file systems refuse. */
export function fileName(parts: readonly (string | number)[], extension: string): string {
  return `${parts.join('-').replace(/[^\w.,+-]+/g, '_')}.${extension}`;
}

/** Hands a canvas to the user as a PNG file. Rejects when the browser cannot encode it (too large). */
export async function savePng(canvas: HTMLCanvasElement, name: string): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not encode the picture as PNG.');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The click has started the download; a minute is ample for the browser to have read the blob.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file name from parts, without what file systems refuse. */
export function fileName(parts: readonly (string | number)[], extension: string): string {
  return `${parts.join('-').replace(/[^\w.,+-]+/g, '_')}.${extension}`;
}

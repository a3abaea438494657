/** Hands a text or a picture to the browser's downloads. */
export function saveFile(content: Blob | string, name: string): void {
  const blob = typeof content === 'string' ? new Blob([content], { type: 'text/plain' }) : content;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The click has started the download; a minute is ample for the browser to have read the blob.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

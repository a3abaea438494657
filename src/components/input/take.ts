/** Where things that the user hands over go. */
export interface Sinks {
  readonly image: (file: Blob, name: string) => void;
  readonly url: (url: string) => void;
  readonly weights: (file: File) => void;
}

/** The names that weight files have, as a file picker wants them. */
export const weightFiles = '.safetensors,.pth,.pt,.onnx';

/** Weight files are told by their name; everything else is tried as a picture, which says what is wrong with it. */
export function takeFile(file: File, sinks: Sinks): void {
  if (/\.(safetensors|pth|pt|onnx)$/i.test(file.name)) sinks.weights(file);
  else sinks.image(file, file.name);
}

/** Takes a dropped file, or the address of a picture dragged from another page; false where there is neither. */
export function takeTransfer(transfer: Pick<DataTransfer, 'files' | 'getData'>, sinks: Sinks): boolean {
  const file = transfer.files[0];
  if (file) {
    takeFile(file, sinks);
    return true;
  }
  const url = transfer
    .getData('text/uri-list')
    .split(/\r?\n/)
    .find((line) => /^(https?|data):/.test(line));
  if (!url) return false;
  sinks.url(url);
  return true;
}

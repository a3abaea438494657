/** Where things that the user hands over go. */
export interface Sinks {
  readonly image: (file: Blob, name: string) => void;
  readonly url: (url: string) => void;
  readonly weights: (file: File) => void;
  /** Only the first of several files is looked at. */
  readonly several: (name: string, count: number) => void;
}

/** The names that weight files have, as a file picker wants them. */
export const weightFiles = '.safetensors,.pth,.pt,.onnx';

/** Weight files are told by their name; everything else is tried as a picture, which says what is wrong with it. */
export function takeFile(file: File, sinks: Pick<Sinks, 'image' | 'weights'>): void {
  if (/\.(safetensors|pth|pt|onnx)$/i.test(file.name)) sinks.weights(file);
  else sinks.image(file, file.name);
}

/** Takes the first of several files, and says so; false where there is none. */
export function takeFiles(files: FileList | readonly File[], sinks: Sinks): boolean {
  const file = files[0];
  if (!file) return false;
  if (files.length > 1) sinks.several(file.name, files.length);
  takeFile(file, sinks);
  return true;
}

/** Takes a dropped file, or the address of a picture dragged from another page; false where there is neither. */
export function takeTransfer(transfer: Pick<DataTransfer, 'files' | 'getData'>, sinks: Sinks): boolean {
  if (takeFiles(transfer.files, sinks)) return true;
  const url = transfer
    .getData('text/uri-list')
    .split(/\r?\n/)
    .find((line) => /^(https?|data):/.test(line));
  if (!url) return false;
  sinks.url(url);
  return true;
}

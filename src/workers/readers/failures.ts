import { clipped, ConvScopeError, type ErrorDetails } from '../../models/errors.ts';

/** The three ways in which a weight file fails, as sentences that say what to do. */

export const getItAgain = 'Get the file again from where it came, and compare its size.';
export const saveAgain =
  'Load the model in Python and save its weights alone: ' +
  "`torch.save(model.state_dict(), 'weights.pth')`, or `safetensors.torch.save_file(model.state_dict(), " +
  "'weights.safetensors')`.";

/** Names and texts of the file stand in these sentences; a file may have a megabyte in a name's place. */
const longestWords = 500;

/** The file ends before what it announces; `expectedBytes` only where it is known. */
export function truncated(
  file: string,
  message: string,
  bytes: number,
  expectedBytes?: number,
): ConvScopeError {
  const what = clipped(message, longestWords);
  return new ConvScopeError('weights-truncated', `${file} ends too early: ${what}. ${getItAgain}`, {
    file,
    ...(expectedBytes !== undefined && { expectedBytes }),
    bytes,
  });
}

/** The file contradicts itself. */
export function corrupt(file: string, message: string): ConvScopeError {
  const what = clipped(message, longestWords);
  return new ConvScopeError('weights-corrupt', `${file} is damaged: ${what}. ${getItAgain}`, {
    file,
    found: 'contradiction',
    what,
  });
}

/** A value, by its place in its tensor, is infinite or no number at all. */
export function notFinite(file: string, tensor: string, index: number, value: number): ConvScopeError {
  return new ConvScopeError(
    'weights-corrupt',
    `${file} is damaged: value ${index} of ${tensor} is ${value}. Its training may have diverged; ` +
      'use an earlier checkpoint, or get the file again from where it came.',
    { file, found: 'not-finite', tensor, index, value: String(value) },
  );
}

/**
 * What a file is when it cannot be read here; the page has words for each. 'unknown': its first bytes belong to nothing
 * that is known; 'part': a file of a known format with something in it that no reader here takes.
 */
export const foundKinds = [
  'html',
  'xml',
  'text',
  'json',
  'lfs',
  'archive',
  'picture',
  'hdf5',
  'numpy',
  'keras',
  'torchscript',
  'torch-export',
  'module',
  'pickle',
  'caffe',
  'tensorflow',
  'tflite',
  'gguf',
  'torch7',
  'external-data',
  'part',
  'unknown',
] as const;
export type Found = (typeof foundKinds)[number];

/** The file is not one that can be read: what it is instead (`${file} ${what}`), and the way out. */
export function unreadable(
  file: string,
  found: Found,
  words: string,
  wayOut: string,
  details: ErrorDetails = {},
): ConvScopeError {
  const what = clipped(words, longestWords);
  return new ConvScopeError('weights-format', `${file} ${what}. ${wayOut}`, {
    file,
    found,
    what,
    wayOut,
    ...details,
  });
}

/** Every failure that a user can meet, by name; the page translates the code, the command line prints the message. */
export type ErrorCode =
  | 'cancelled'
  | 'internal'
  | 'graph-invalid'
  | 'unknown-network'
  | 'unknown-layer'
  | 'unknown-channel'
  | 'bad-parameter'
  | 'image-missing'
  | 'image-empty'
  | 'image-not-an-image'
  | 'image-unsupported'
  | 'image-corrupt'
  | 'image-too-large'
  | 'image-unreachable'
  | 'no-image'
  | 'no-ink'
  | 'no-weights'
  | 'weights-unreachable'
  | 'weights-missing'
  | 'weights-truncated'
  | 'weights-corrupt'
  | 'weights-format'
  | 'weights-mismatch'
  | 'file-unreadable'
  | 'backend-unavailable'
  | 'device-lost'
  | 'out-of-memory'
  | 'download-offline'
  | 'download-unreachable'
  | 'download-blocked'
  | 'download-missing'
  | 'download-refused'
  | 'download-server'
  | 'download-html'
  | 'download-broken'
  | 'download-size'
  | 'download-hash'
  | 'download-elsewhere'
  | 'storage-quota'
  | 'storage-refused'
  | 'unknown-weights'
  | 'kept-missing'
  | 'storage-full'
  | 'page-incomplete'
  | 'page-updated'
  | 'page-offline'
  | 'unit-inactive'
  | 'projection-undefined';

export type ErrorDetails = Readonly<Record<string, string | number | readonly string[]>>;

/** A text of somebody else's (a name in a file, a part of an address) as a sentence can hold it. */
export const clipped = (text: string, most = 80): string =>
  text.length > most ? `${text.slice(0, most)}…` : text;

/**
 * An error with a code to translate by, the facts to fill the sentence in, and the English sentence itself
 * (what happened, why, what to do). It keeps all three across the worker.
 */
export class ConvScopeError extends Error {
  override readonly name = 'ConvScopeError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }
}

import { ConvScopeError } from '../models/errors.ts';
import type { PublishedWeights } from '../models/published.ts';

/** What can go wrong while a published file is fetched and kept: each with its code, its facts and an English sentence. */

/** The part of a catalogue entry that fetching needs. */
export type Fetched = Pick<PublishedWeights, 'id' | 'url' | 'file' | 'bytes' | 'bytesAre' | 'sha256'>;

export const hostOf = (url: string): string => new URL(url).host;

/** What fetches the same file where no browser stands in the way. */
export const commandOf = (id: string): string => `npm run -s cli -- weights get ${id}`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** The facts that every sentence about a download may name. */
const facts = ({ id, file, url }: Fetched) => ({ weights: id, file, url, host: hostOf(url) });

export const cancelled = (file: string): ConvScopeError =>
  new ConvScopeError('cancelled', `Fetching ${file} was paused; what has arrived stays.`, { file });

export function offline(spec: Fetched): ConvScopeError {
  return new ConvScopeError(
    'download-offline',
    `This device is offline, so ${spec.file} cannot be fetched. What has arrived stays; go on once there is a connection.`,
    facts(spec),
  );
}

const byHand = (spec: Fetched): string =>
  `fetch it with "${commandOf(spec.id)}", or download ${spec.url} by hand and convert or drop the file`;

/** Nothing answers, as far as this page or process can tell; `detail` is what the platform says of it. */
export function unreachable(spec: Fetched, detail: string): ConvScopeError {
  return new ConvScopeError(
    'download-unreachable',
    `${hostOf(spec.url)} does not answer (${detail}). Try again later, or ${byHand(spec)}.`,
    { ...facts(spec), command: commandOf(spec.id), detail },
  );
}

/** The server answers, but the browser hides the answer. */
export function blocked(spec: Fetched): ConvScopeError {
  return new ConvScopeError(
    'download-blocked',
    `${hostOf(spec.url)} answers, but does not let web pages read its files (no CORS header): ${byHand(spec)}.`,
    { ...facts(spec), command: commandOf(spec.id) },
  );
}

const statusSentences: Readonly<
  Record<'download-missing' | 'download-refused' | 'download-server', readonly [string, string]>
> = {
  'download-missing': ['has no', 'Look for it on its publisher’s page, or choose other weights'],
  'download-refused': [
    'refuses to give out',
    'It may ask for an account, or not serve this region: download the file by hand, or choose other weights',
  ],
  'download-server': [
    'could not give out',
    'What has arrived stays; it is overloaded or broken, try again in a few minutes',
  ],
};

/** An answer with a status that is not one of success. */
export function refusedBy(spec: Fetched, status: number): ConvScopeError {
  const code = codeOfStatus(status);
  const [verb, advice] = statusSentences[code];
  const message = `${hostOf(spec.url)} ${verb} ${spec.file} (status ${status}). ${advice}.`;
  return new ConvScopeError(code, message, { ...facts(spec), status });
}

function codeOfStatus(status: number): keyof typeof statusSentences {
  if (status === 404 || status === 410) return 'download-missing';
  return status >= 500 || status === 408 || status === 425 || status === 429
    ? 'download-server'
    : 'download-refused';
}

export function pageInstead(spec: Fetched): ConvScopeError {
  return new ConvScopeError(
    'download-html',
    `${hostOf(spec.url)} sent a web page or a pointer in place of ${spec.file}. Open ${spec.url} in a browser to see ` +
      'what it says, then try again.',
    facts(spec),
  );
}

export function broken(spec: Fetched, bytes: number, detail: string): ConvScopeError {
  return new ConvScopeError(
    'download-broken',
    `The connection to ${hostOf(spec.url)} broke again and again (${detail}); ${megabytes(bytes)} of ${spec.file} have ` +
      'arrived and stay. Run it again to go on.',
    { ...facts(spec), bytes, detail },
  );
}

export function wrongSize(spec: Fetched, bytes: number): ConvScopeError {
  return new ConvScopeError(
    'download-size',
    `${spec.file} is not the file that is described here: it has ${bytes} bytes, and ` +
      `${spec.bytesAre === 'computed' ? 'about ' : ''}${spec.bytes} were expected. Nothing of it was kept.`,
    { ...facts(spec), bytes, expectedBytes: spec.bytes },
  );
}

export function wrongHash(spec: Fetched, sha256: string): ConvScopeError {
  return new ConvScopeError(
    'download-hash',
    `${spec.file} arrived damaged, or is not the file that was published: its SHA-256 is ${sha256}, and ` +
      `${spec.sha256} was expected. It was deleted; try again, or choose other weights.`,
    { ...facts(spec), sha256 },
  );
}

export function elsewhere(id: string, file: string): ConvScopeError {
  return new ConvScopeError(
    'download-elsewhere',
    `${file} is being fetched in another tab. Go on there, or pause it there first.`,
    { weights: id, file },
  );
}

export function noRoom(file: string, neededBytes: number, freeBytes: number): ConvScopeError {
  return new ConvScopeError(
    'storage-quota',
    `There is no room for ${file}: it needs ${megabytes(neededBytes)} here, and ${megabytes(freeBytes)} more are granted. ` +
      'Delete kept weights or make room on the disk, or choose a smaller network.',
    { file, neededBytes, freeBytes },
  );
}

export function storageRefused(file: string, detail: string): ConvScopeError {
  return new ConvScopeError(
    'storage-refused',
    `${file} could not be written into the storage: ${detail}. Try again; if that does not help, reload the page.`,
    { file, detail },
  );
}

export function unknownWeights(id: string): ConvScopeError {
  return new ConvScopeError(
    'unknown-weights',
    `There are no published weights called "${id}". Choose some from the list.`,
    { weights: id },
  );
}

export function keptMissing(id: string): ConvScopeError {
  return new ConvScopeError(
    'kept-missing',
    `${id} is no longer on this device: it was deleted, or the browser made room. Get it again.`,
    { weights: id },
  );
}

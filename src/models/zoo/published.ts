import type { Notes, NotesById, PublishedError } from '../network.ts';
import records from './published.json';

interface Published extends Pick<Notes, 'paper' | 'definedIn'> {
  readonly errors: readonly PublishedError[];
}

/** Bibliography and errors of every network of the reference: tests/reference/extract_facts.py. */
const all: Readonly<Record<string, Published>> = records;

/** The ids of every network that published.json knows. */
export const knownNetworks: readonly string[] = Object.keys(all);

/** Where network `id` was published, and with which errors. Throws where there is no such network. */
export function published(id: string): Pick<Notes, 'paper' | 'definedIn' | 'publishedErrors'> {
  const known = all[id];
  if (!known) throw new Error(`published.json has no network '${id}'`);
  const { errors, ...bibliography } = known;
  return { ...bibliography, publishedErrors: errors };
}

/** The notes of members whose ids end in a number, `resnet-50` or `efficientnet-lite0`. */
export function byDepth<const D extends number>(
  prefix: string,
  depths: readonly D[],
  notes: (depth: D) => Notes,
): NotesById {
  return Object.fromEntries(depths.map((depth) => [`${prefix}${depth}`, notes(depth)]));
}

import type { NetworkInfo } from '../network.ts';
import facts from './facts.json';

/** Who, when and on what, of every network of the reference: tests/reference/extract_facts.py. */
type Facts = Pick<NetworkInfo, 'name' | 'family' | 'year' | 'authors' | 'dataset'>;

const all: Readonly<Record<string, Facts>> = facts;

/** The facts of network `id` with what a family adds, or says otherwise. Throws where there are none. */
export function factsOf(
  id: string,
  own: Pick<NetworkInfo, 'classes' | 'depth'> & Partial<NetworkInfo>,
): NetworkInfo {
  const known = all[id];
  if (!known) throw new Error(`facts.json has no network '${id}'`);
  return { id, ...known, ...own };
}

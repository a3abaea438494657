import type { NetworkInfo, PublishedError, Text } from '../network.ts';
import facts from './facts.json';

/** Who, when, where and with which errors, of every network of the reference: tests/reference/extract_facts.py. */
interface Facts extends Pick<
  NetworkInfo,
  'name' | 'family' | 'year' | 'authors' | 'paper' | 'definedIn' | 'dataset'
> {
  readonly errors: readonly PublishedError[];
}

const all: Readonly<Record<string, Facts>> = facts;

/** The ids of every network that facts.json knows. */
export const knownNetworks: readonly string[] = Object.keys(all);

interface Own {
  readonly classes: number;
  readonly depth: number;
  readonly idea: Text;
  readonly training: Text;
}

/** The facts of network `id` with what a family's text file adds, or says otherwise. Throws where there are none. */
export function factsOf(id: string, own: Own & Partial<NetworkInfo>): NetworkInfo {
  const known = all[id];
  if (!known) throw new Error(`facts.json has no network '${id}'`);
  const { errors, ...rest } = known;
  return { id, ...rest, publishedErrors: errors, ...own };
}

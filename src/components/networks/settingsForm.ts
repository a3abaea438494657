import { ConvScopeError } from '../../models/errors.ts';
import type { Text } from '../../models/network.ts';
import type { Family } from '../../models/zoo/recipe.ts';
import { refusalOf, type Settings } from '../../models/zoo/settings.ts';
import { buildNetwork } from '../zoo.ts';

/** What the controls show that the network does not have yet, as text: values that were refused, by parameter. */
export type Drafts = Readonly<Record<string, string>>;

export type Attempt = { readonly ref: string } | { readonly refused: Text };

/** The network with these drafts over its settings, or the sentence that says why there is none. */
export function attempt(family: Family, settings: Settings, drafts: Drafts): Attempt {
  const query = Object.keys(family.parameters)
    .map((key) => `${key}=${drafts[key] ?? String(settings[key])}`)
    .join('&');
  try {
    return { ref: buildNetwork(`${family.id}?${query}`).ref };
  } catch (error) {
    if (!(error instanceof ConvScopeError) || error.code !== 'bad-parameter') throw error;
    return { refused: refusalOf(error) };
  }
}

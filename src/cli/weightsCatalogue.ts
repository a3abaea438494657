import { catalogue } from '../models/catalogue.ts';
import { ConvScopeError } from '../models/errors.ts';
import type { PublishedWeights } from '../models/published.ts';
import { parseReference } from '../models/zoo/index.ts';

/** The published files as the command line asks for them: by their own id, or by the network. */

/** What a converted file is called: a name that the list of weights allows. */
export const fileNameOf = ({ id }: Pick<PublishedWeights, 'id'>): string =>
  `${id.replace(/[^\w.-]+/g, '-')}.safetensors`;

/** All files for what was asked for, the publisher's first. Throws 'unknown-weights' with what comes near. */
export function publishedFor(model: string): readonly [PublishedWeights, ...PublishedWeights[]] {
  const byId = catalogue.find(({ id }) => id === model);
  if (byId) return [byId];
  const ref = referenceOrNull(model);
  const [first, ...others] = catalogue.filter(({ network }) => network === ref);
  if (first) return [first, ...others];
  const known =
    ref === null ? `There are no published weights called "${model}"` : `${ref} has no published weights`;
  const word = model.toLowerCase().replace(/[^a-z0-9]/g, '');
  const near = catalogue
    .map(({ id }) => id)
    .filter((id) => word.length > 2 && id.replace(/[^a-z0-9]/g, '').includes(word))
    .slice(0, 5);
  throw new ConvScopeError(
    'unknown-weights',
    `${known}. ${near.length > 0 ? `Near it: ${near.join(', ')}. ` : ''}"weights list" shows all.`,
    { weights: model },
  );
}

function referenceOrNull(model: string): string | null {
  try {
    return parseReference(model).ref;
  } catch {
    return null;
  }
}

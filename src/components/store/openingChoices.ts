import type { StoreApi } from 'zustand/vanilla';
import { clipped } from '../../models/errors.ts';
import { buildNetwork } from '../zoo.ts';
import type { Attempts } from './attempts.ts';
import { firstLayer, firstNetwork, firstSample, languageFor, readsDigits, samples } from './defaults.ts';
import type { PagePlatform } from './platform.ts';
import { toFailure } from './requests.ts';
import type { Choices, ImageChoice, Store } from './types.ts';
import { queryToChoices, unreadParts } from './url.ts';

/** The choices of a first visit, to an address that asks for nothing. */
export function firstChoices(platform: PagePlatform): Choices {
  return {
    view: 'network',
    network: firstNetwork,
    layer: firstLayer(buildNetwork(firstNetwork).graph),
    channel: null,
    seed: 'strongest',
    rule: 'deconvnet',
    lrn: null,
    galleryOpen: false,
    image: { kind: 'sample', name: firstSample },
    language: languageFor(platform.languages()),
    overlay: 'none',
  };
}

interface OpeningHost {
  readonly store: StoreApi<Store>;
  readonly platform: PagePlatform;
  readonly attempts: Attempts;
}

/** The whole of choices that an address asks for, with notices for what it names and does not exist. */
export async function choicesOf(query: string, host: OpeningHost): Promise<Choices> {
  const { store, platform } = host;
  const { tell } = store.getState();
  const asked = queryToChoices(query);
  const first = firstChoices(platform);
  let network = buildNetwork(first.network);
  try {
    network = buildNetwork(asked.network ?? first.network);
  } catch (error) {
    const { code, details } = toFailure(error);
    tell(code === 'bad-parameter' ? 'bad-settings' : 'unknown-network', details);
  }
  const node = network.graph.nodes.find(({ id }) => id === asked.layer);
  if (asked.layer && !node) tell('unknown-layer', { layer: clipped(asked.layer) });
  const { channel = null, seed = 'strongest' } = asked;
  const inRange = node !== undefined && channel !== null && channel < node.shape[2];
  const unit = typeof seed === 'string' || (node && seed.y < node.shape[0] && seed.x < node.shape[1]);
  const ignored = [
    ...unreadParts(query),
    ...(node && channel !== null && !inRange ? [`channel=${channel}`] : []),
    ...(node && !unit ? [`unit=${seed.y},${seed.x}`] : []),
  ];
  if (ignored.length > 0) tell('ignored-parts', { parts: ignored.join(', ') });
  return {
    ...first,
    ...asked,
    network: network.ref,
    layer: node?.id ?? firstLayer(network.graph),
    channel: inRange ? channel : null,
    seed: inRange && unit ? seed : 'strongest',
    image: await imageOf(asked.image ?? (readsDigits(network) ? { kind: 'drawing' } : first.image), host),
    language: asked.language ?? store.getState().language,
  };
}

async function imageOf(asked: ImageChoice, { store, attempts }: OpeningHost): Promise<ImageChoice> {
  if (asked.kind === 'drawing') return asked;
  if (asked.kind === 'sample' && samples.some((name) => name === asked.name)) return asked;
  if (asked.kind === 'user') {
    const known = await attempts.own(asked.id ?? '');
    if (known) return { kind: 'user', name: known.name, id: known.id };
  }
  store.getState().tell('shared-image-missing');
  return { kind: 'sample', name: firstSample };
}

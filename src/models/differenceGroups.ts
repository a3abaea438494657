import { followsOnly } from './differenceAspects.ts';
import type { Aspect } from './differenceAspects.ts';
import type { GraphDifference, NodePair } from './difference.ts';
import { scoredNodes } from './differenceScore.ts';
import type { Scored } from './differenceScore.ts';
import type { Block, Graph, Node } from './graph.ts';
import { nodesById } from './lookup.ts';

/**
 * `changed`: another hyper-parameter or op. `reads`: the same layer, whose weights read more or fewer values. `shape`: the
 * same layer on another shape. The last two follow from the layers before.
 */
export type ChangeKind = 'changed' | 'reads' | 'shape';
export type GroupKind = ChangeKind | 'onlyFirst' | 'onlySecond';

/** One place of a difference; `nodes` are all that belong to it (a block that only one has, a layer with its ReLU). */
export interface DifferenceMember {
  readonly first: string | null;
  readonly second: string | null;
  readonly nodes: readonly string[];
}

/** One aspect over all members of a group: each pair of values once, and their common quotient where they have one. */
export interface AspectRange {
  readonly key: Aspect['key'];
  readonly values: readonly Pick<Aspect, 'before' | 'after'>[];
  readonly ratio: number | null;
}

/** Equal differences, counted: `members.length` times. */
export interface DifferenceGroup {
  readonly id: string;
  readonly kind: GroupKind;
  /** Set where each member is a whole block. */
  readonly block: Block | null;
  readonly members: readonly DifferenceMember[];
  readonly aspects: readonly AspectRange[];
}

/** What kind of change a pair is, null for none. */
export function changeOf({ aspects }: NodePair): ChangeKind | null {
  if (aspects.length === 0) return null;
  if (!aspects.every(followsOnly)) return 'changed';
  return aspects.some(({ key }) => key === 'reads') ? 'reads' : 'shape';
}

interface Found {
  readonly key: string;
  readonly kind: GroupKind;
  readonly block: Block | null;
  readonly member: DifferenceMember;
  readonly aspects: readonly Aspect[];
  /** How far along its network it stands, 0 to 1. */
  readonly place: number;
}

/** Everything that two networks do not have in common, in the order of the networks; what only follows comes last. */
export function differenceGroups(
  first: Graph,
  second: Graph,
  difference: GraphDifference,
): readonly DifferenceGroup[] {
  const places = new Map(first.nodes.map(({ id }, place) => [id, place]));
  const found = [
    ...difference.pairs.flatMap((pair) => changed(first, second, pair, places.get(pair.first)!)),
    ...alone(first, difference.onlyFirst, 'onlyFirst', new Set(difference.blocks.keys())),
    ...alone(second, difference.onlySecond, 'onlySecond', new Set(difference.blocks.values())),
  ];
  const rank = ({ kind }: Found): number => ['reads', 'shape'].indexOf(kind) + 1;
  const groups = new Map<string, Found[]>();
  for (const each of [...found].sort((a, b) => rank(a) - rank(b) || a.place - b.place)) {
    const group = groups.get(each.key);
    if (group) group.push(each);
    else groups.set(each.key, [each]);
  }
  return [...groups].map(([id, members]): DifferenceGroup => {
    const { kind, block } = members[0]!;
    return { id, kind, block, members: members.map(({ member }) => member), aspects: ranges(members) };
  });
}

function changed(first: Graph, second: Graph, pair: NodePair, place: number): readonly Found[] {
  const kind = changeOf(pair);
  if (kind === null) return [];
  const [before, after] = [nodesById(first).get(pair.first)!, nodesById(second).get(pair.second)!];
  const kernel = 'kernel' in before.op ? before.op.kernel.join('x') : '';
  // Widths that grow alike are one difference, however wide each layer is; inside blocks a layer's role counts.
  const what =
    kind === 'changed'
      ? [
          before.op.kind,
          kernel,
          roleIn(first, before),
          ...pair.aspects.filter((a) => !followsOnly(a)).map(toKey),
        ]
      : [];
  return [
    {
      key: [kind, ...what].join(' '),
      kind,
      block: null,
      member: { first: before.id, second: after.id, nodes: [before.id] },
      aspects: pair.aspects,
      place: place / first.nodes.length,
    },
  ];
}

function toKey({ key, before, after }: Aspect): string {
  const ratio = quotient(before, after);
  return (key === 'filters' || key === 'units') && ratio !== null
    ? `${key}*${ratio}`
    : `${key} ${before}>${after}`;
}

function quotient(before: Aspect['before'], after: Aspect['after']): number | null {
  return typeof before === 'number' && typeof after === 'number' && before > 0 ? after / before : null;
}

/** What a layer is to its block, '' for one that stands in a row: stages number their layers, blocks name their parts. */
function roleIn(graph: Graph, { group, id }: Node): string {
  const kind = blocksByPath(graph).get(group)?.kind ?? 'stage';
  return kind === 'stage' ? '' : id.slice(id.lastIndexOf('/') + 1);
}

const known = new WeakMap<Graph, ReadonlyMap<string, Block>>();
function blocksByPath(graph: Graph): ReadonlyMap<string, Block> {
  const blocks = known.get(graph) ?? new Map(graph.blocks.map((block) => [block.path, block]));
  known.set(graph, blocks);
  return blocks;
}

/** What only one network has: whole blocks, layers with the in-place ops on them, and in-place ops on common layers. */
function alone(
  graph: Graph,
  ids: readonly string[],
  kind: 'onlyFirst' | 'onlySecond',
  common: ReadonlySet<string>,
): readonly Found[] {
  const lone = new Set(ids);
  const nodes = scoredNodes(graph).filter(({ node }) => lone.has(node.id));
  const wholeOf = wholeBlocks(graph, common, lone);
  const gathered = new Map<string, { block: Block | null; nodes: Scored[] }>();
  const owner = new Map<string, string>();
  for (const each of nodes) {
    const { node, role } = each;
    const block = wholeOf(node);
    // What works on a whole block's result is not the block's.
    const source = owner.get(node.inputs[0] ?? '');
    const own = role.major || source === undefined || gathered.get(source)?.block ? node.id : source;
    const key = block?.path ?? own;
    owner.set(node.id, key);
    if (!gathered.has(key)) gathered.set(key, { block, nodes: [] });
    gathered.get(key)!.nodes.push(each);
  }
  return [...gathered.values()].map(({ block, nodes: members }): Found => {
    const { node, role, kernel, index } = members[0]!;
    const source = nodesById(graph).get(node.inputs[0] ?? '')?.op.kind ?? '';
    const what =
      block === null
        ? [kernel, role.major ? '' : source, roleIn(graph, node), ...members.map((m) => m.node.op.kind)]
        : [block.kind];
    const all = members.map((m) => m.node.id);
    const head = block === null ? node.id : all.at(-1)!;
    return {
      key: [kind, ...what].join(' '),
      kind,
      block,
      member: {
        first: kind === 'onlyFirst' ? head : null,
        second: kind === 'onlySecond' ? head : null,
        nodes: all,
      },
      aspects: [],
      place: index / graph.nodes.length,
    };
  });
}

/**
 * The outermost block around a node in which nothing has a counterpart, null where there is none; stages are headings and
 * branches lanes: neither is counted.
 */
function wholeBlocks(
  graph: Graph,
  common: ReadonlySet<string>,
  lone: ReadonlySet<string>,
): (node: Node) => Block | null {
  const blocks = blocksByPath(graph);
  const shared = new Set(common);
  for (const { id, group } of graph.nodes)
    if (!lone.has(id)) for (const path of pathsOf(group)) shared.add(path);
  return ({ group }) => {
    const whole = pathsOf(group)
      .flatMap((path) => (shared.has(path) ? [] : (blocks.get(path) ?? [])))
      .find(({ kind }) => kind !== 'stage' && kind !== 'branch');
    return whole ?? null;
  };
}

/** The paths of all blocks around a group, outermost first. */
function pathsOf(group: string): readonly string[] {
  const segments = group === '' ? [] : group.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'));
}

function ranges(found: readonly Found[]): readonly AspectRange[] {
  const keys = new Set(found.flatMap(({ aspects }) => aspects.map(({ key }) => key)));
  return [...keys].map((key): AspectRange => {
    const all = found.flatMap(({ aspects }) => aspects.filter((aspect) => aspect.key === key));
    const distinct = new Map(all.map(({ before, after }) => [`${before}>${after}`, { before, after }]));
    const quotients = new Set(all.map(({ before, after }) => quotient(before, after)));
    const [ratio] = quotients.size === 1 ? quotients : [null];
    return { key, values: [...distinct.values()], ratio: ratio ?? null };
  });
}

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
  const found = [
    ...difference.pairs.flatMap((pair) => changed(first, second, pair)),
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

function changed(first: Graph, second: Graph, pair: NodePair): readonly Found[] {
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
      place: first.nodes.indexOf(before) / first.nodes.length,
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
  const kind = graph.blocks.find(({ path }) => path === group)?.kind ?? 'stage';
  return kind === 'stage' ? '' : id.slice(id.lastIndexOf('/') + 1);
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
  const blocks = graph.blocks.filter(({ path }) => !common.has(path));
  const wholes = wholeBlocks(graph, blocks, lone);
  const gathered = new Map<string, { block: Block | null; nodes: Scored[] }>();
  const owner = new Map<string, string>();
  for (const each of nodes) {
    const { node, role } = each;
    const block = wholes.find(({ path }) => inside(node.group, path)) ?? null;
    const source = node.inputs[0] ?? '';
    const own = block?.path ?? (role.major ? node.id : (owner.get(source) ?? node.id));
    // What works on a whole block's result is not the block's.
    const key = block === null && wholes.some(({ path }) => path === own) ? node.id : own;
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

/** The outermost of these blocks in which nothing has a counterpart; stages are headings and branches lanes, not counted. */
function wholeBlocks(graph: Graph, blocks: readonly Block[], lone: ReadonlySet<string>): readonly Block[] {
  const whole = blocks.filter(
    ({ path, kind }) =>
      kind !== 'branch' &&
      kind !== 'stage' &&
      graph.nodes.every(({ id, group }) => !inside(group, path) || lone.has(id)),
  );
  return whole.filter(({ path }) => !whole.some((outer) => outer.path !== path && inside(path, outer.path)));
}

function inside(group: string, path: string): boolean {
  return group === path || group.startsWith(`${path}/`);
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

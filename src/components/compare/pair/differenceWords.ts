import type { TFunction } from 'i18next';
import type { AspectKey, AspectValue, GraphDifference } from '../../../models/difference.ts';
import type { AspectRange, DifferenceGroup } from '../../../models/differenceGroups.ts';
import type { Graph, Node } from '../../../models/graph.ts';
import { inputShapes, nodesById } from '../../../models/lookup.ts';
import type { Network } from '../../../models/network.ts';
import type { Side } from '../../../viz/differenceMarks.ts';
import { formatExact } from '../../../viz/numbers.ts';
import type { Chosen } from './usePairDiagrams.ts';

export type PairText = TFunction<readonly ['pair', 'diagram']>;
type Graphs = readonly [first: Graph, second: Graph];

/** What a group of equal differences is about: `convolution 3×3`, `batch normalisation with ReLU after sum`, `bottleneck block`. */
export function groupSubject(t: PairText, group: DifferenceGroup, graphs: Graphs): string {
  if (group.kind === 'reads' || group.kind === 'shape') return t(`subject.${group.kind}`);
  if (group.block !== null) return t(`block.${group.block.kind}`);
  const member = group.members[0]!;
  const [graph, id] = member.first !== null ? [graphs[0], member.first] : [graphs[1], member.second!];
  const nodes = nodesById(graph);
  const node = nodes.get(id)!;
  const name = kernelChanges(group) ? opName(t, graph, node) : `${opName(t, graph, node)}${kernelOf(node)}`;
  if (group.kind === 'changed') return name;
  const more = member.nodes.slice(1).map((each) => t(`diagram:kinds.${nodes.get(each)!.op.kind}`));
  const what =
    more.length === 0 ? name : t('subject.with', { what: name, more: [...new Set(more)].join(', ') });
  const source = nodes.get(node.inputs[0] ?? '');
  if (source === undefined || kernelOf(node) !== '' || joins(node)) return what;
  return t('subject.after', { what, source: `${opName(t, graph, source)}${kernelOf(source)}` });
}

const joins = ({ op }: Node): boolean => op.kind === 'add' || op.kind === 'concat' || op.kind === 'mean';
const kernelOf = ({ op }: Node): string => ('kernel' in op ? ` ${op.kernel.join('×')}` : '');
const kernelChanges = ({ aspects }: DifferenceGroup): boolean =>
  aspects.some(({ key }) => key === 'kernel' || key === 'kind');

function opName(t: PairText, graph: Graph, node: Node): string {
  const { op } = node;
  const depthwise = op.kind === 'conv' && op.groups > 1 && op.groups === inputShapes(graph, node)[0]?.[2];
  return t(`diagram:kinds.${depthwise ? 'depthwise' : op.kind}`);
}

/** How it changes, aspect by aspect: `kernel 11×11 → 7×7, stride 4 → 2`; nothing for what only one network has. */
export function changeWords(t: PairText, aspects: readonly AspectRange[]): string {
  const another = aspects.some(({ key }) => key === 'kind');
  return (
    [...aspects]
      .sort((a, b) => rank(a.key) - rank(b.key))
      // Another op has hyper-parameters of its own: that it is another says so.
      .filter(
        ({ key, values }) =>
          !another || values.every((v) => v.before !== null && v.after !== null) || key === 'kind',
      )
      .map((range) => rangeWords(t, range))
      .join(', ')
  );
}

const order: readonly AspectKey[] = ['kind', 'kernel', 'stride', 'groups', 'filters', 'units', 'inputs'];
const last: readonly AspectKey[] = ['reads', 'shape'];
function rank(key: AspectKey): number {
  const place = order.indexOf(key);
  return place >= 0 ? place : order.length + 1 + last.indexOf(key);
}

function rangeWords(t: PairText, { key, values, ratio }: AspectRange): string {
  const [first] = values;
  const step = ({ before, after }: (typeof values)[number]): string =>
    `${valueWords(t, key, before)} → ${valueWords(t, key, after)}`;
  const few = values.length <= 2 ? values.map(step).join(', ') : `${step(first!)} … ${step(values.at(-1)!)}`;
  if (key === 'kind') return few;
  if (values.length === 1 || ratio === null)
    return t('aspect.change', { name: t(`aspect.${key}`), change: few });
  return t('aspect.ratio', { name: t(`aspect.${key}`), ratio: short(ratio), change: few });
}

function valueWords(t: PairText, key: AspectKey, value: AspectValue | null): string {
  if (value === null) return t('value.none');
  if (key === 'kind') return t(`diagram:kinds.${String(value)}`);
  if (key === 'table') return t('value.table');
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return Number.isInteger(value) ? formatExact(value) : short(value);
  if (typeof value === 'string') return value;
  if (key === 'pad' || key === 'counted')
    return value.every((each) => each === value[0]) ? String(value[0]) : value.join('/');
  return (key === 'stride' || key === 'dilation') && value[0] === value[1]
    ? String(value[0])
    : value.join('×');
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** Where it is: `conv1`, `conv2_x/1/add … conv5_x/3/add`. */
export function groupPlaces({ members, block }: DifferenceGroup, graphs: Graphs): string {
  const places = members.map(({ first, second }) => {
    const id = first ?? second!;
    if (block === null) return id;
    const group = nodesById(first !== null ? graphs[0] : graphs[1]).get(id)!.group;
    return group.split('/').slice(0, block.path.split('/').length).join('/');
  });
  return places.length <= 2 ? places.join(', ') : `${places[0]} … ${places.at(-1)}`;
}

/** What the chosen layer is in both networks, as a sentence. */
export function chosenWords(
  t: PairText,
  { difference, chosen }: { readonly difference: GraphDifference; readonly chosen: Chosen },
  networks: { readonly [S in Side]: Network },
): string {
  const { first, second } = chosen;
  if (first === null && second === null) return t('chosen.none');
  if (first === null || second === null) {
    const { name } = networks[first === null ? 'second' : 'first'].info;
    return t('chosen.only', { node: first ?? second, name });
  }
  const aspects = difference.pairs.find((pair) => pair.first === first)?.aspects ?? [];
  const changes = changeWords(
    t,
    aspects.map(({ key, before, after }) => ({ key, values: [{ before, after }], ratio: null })),
  );
  return t(changes === '' ? 'chosen.same' : 'chosen.changed', { first, second, changes });
}

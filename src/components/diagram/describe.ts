import type { TFunction } from 'i18next';
import type { Graph, Node, Op, Shape } from '../../models/graph.ts';
import type { DiagramBox } from '../../viz/diagram.ts';
import { OP_GROUPS } from '../../viz/opStyle.ts';
import type { OpGroup } from '../../viz/opStyle.ts';
import { formatExact, formatShape } from '../../viz/numbers.ts';

type T = TFunction<'diagram'>;

/** The legend's words. */
export function groupWords(t: T): Readonly<Record<OpGroup, string>> {
  return Object.fromEntries(OP_GROUPS.map((group) => [group, t(`groups.${group}`)])) as Record<
    OpGroup,
    string
  >;
}

/** An op in words: `convolution 5×5, stride 2, 2 groups`. */
export function opWords(t: T, op: Op, inputChannels: number): string {
  if (op.kind === 'conv') {
    const depthwise = op.groups > 1 && op.groups === inputChannels;
    const parts = [`${t(depthwise ? 'kinds.depthwise' : 'kinds.conv')} ${op.kernel.join('×')}`];
    if (Math.max(...op.stride) > 1) parts.push(t('stride', { stride: op.stride[0] }));
    if (op.groups > 1 && !depthwise) parts.push(t('groupCount', { count: op.groups }));
    return parts.join(', ');
  }
  if (op.kind === 'maxPool' || op.kind === 'avgPool' || op.kind === 'subsample') {
    const stride = Math.max(...op.stride) > 1 ? `, ${t('stride', { stride: op.stride[0] })}` : '';
    return `${t(`kinds.${op.kind}`)} ${op.kernel.join('×')}${stride}`;
  }
  if (op.kind === 'relu' && op.cap !== undefined) return `ReLU${op.cap}`;
  return t(`kinds.${op.kind}`);
}

/** `256 maps, 26×26` or `4 096 units`. */
export function shapeWords(t: T, [height, width, channels]: Shape): string {
  return height === 1 && width === 1
    ? t('units', { count: channels, exact: formatExact(channels) })
    : `${t('maps', { count: channels, exact: formatExact(channels) })}, ${height}×${width}`;
}

/** What a screen reader says of a box. */
export function boxWords(t: T, box: DiagramBox, nodes: ReadonlyMap<string, Node>): string {
  const shape = shapeWords(t, box.shape);
  if (box.form === 'block')
    return box.count > 1
      ? t('foldedRun', { name: box.path, count: box.count, shape })
      : t('foldedBlock', { name: box.path, shape });
  const head = nodes.get(box.head);
  return head === undefined ? box.head : `${head.id}: ${nodeWords(t, head, nodes)}, ${shape}`;
}

/** The op of a node in words, with what it reads. */
export function nodeWords(t: T, node: Node, nodes: ReadonlyMap<string, Node>): string {
  return opWords(t, node.op, nodes.get(node.inputs[0] ?? '')?.shape[2] ?? 0);
}

/** `26×26×256 → 13×13×256`; inputs that are equal are said once. */
export function flowWords(node: Node, nodes: ReadonlyMap<string, Node>): string {
  const inputs = node.inputs.map((id) => formatShape(nodes.get(id)?.shape ?? [0, 0, 0]));
  const from = [...new Set(inputs)].map((text) => {
    const count = inputs.filter((other) => other === text).length;
    return count > 1 ? `${count} × ${text}` : text;
  });
  return [...(from.length > 0 ? [from.join(' + ')] : []), formatShape(node.shape)].join(' → ');
}

const maps = new WeakMap<Graph, ReadonlyMap<string, Node>>();

export function nodesOf(graph: Graph): ReadonlyMap<string, Node> {
  const made = maps.get(graph) ?? new Map(graph.nodes.map((node) => [node.id, node]));
  maps.set(graph, made);
  return made;
}

import { useTranslation } from 'react-i18next';
import { networkCost } from '../../models/cost.ts';
import type { NetworkCost } from '../../models/cost.ts';
import { receptiveFields } from '../../models/field.ts';
import type { ReceptiveField } from '../../models/field.ts';
import type { Graph } from '../../models/graph.ts';
import type { DiagramBox } from '../../viz/diagram.ts';
import { formatShare, nodeValues, type NodeValues, type OverlayQuantity } from '../../viz/diagramOverlay.ts';
import { formatBytes, formatExact, formatMilliseconds, formatShape } from '../../viz/numbers.ts';
import type { LayerTimes } from '../../workers/contract.ts';
import { flowWords, nodesOf, nodeWords } from './describe.ts';
import styles from './HoverCard.module.css';

export interface CardPlace {
  readonly box: string;
  readonly node: string;
  /** Middle of the box on screen, and its upper and lower edge. */
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

interface Facts {
  readonly cost: NetworkCost;
  readonly fields: ReadonlyMap<string, ReceptiveField>;
}
const known = new WeakMap<Graph, Facts>();
function factsOf(graph: Graph): Facts {
  const facts = known.get(graph) ?? { cost: networkCost(graph), fields: receptiveFields(graph) };
  known.set(graph, facts);
  return facts;
}

interface HoverCardProps {
  readonly graph: Graph;
  readonly box: DiagramBox;
  readonly place: CardPlace;
  readonly room: { readonly width: number; readonly height: number };
  /** The measurement of the layers, where there is one. */
  readonly times: LayerTimes | null;
  /** What lies over the boxes: its share is told too. */
  readonly values: NodeValues | null;
}

const CARD_WIDTH = 268;
/** Title, op and padding; a line. */
const CARD_HEAD = 62;
const CARD_ROW = 17;

/** The line that the layer table has for a node (or the sum over a folded block), beside the box. */
export function HoverCard({ graph, box, place, room, times, values }: HoverCardProps) {
  const { t } = useTranslation('diagram');
  const nodes = nodesOf(graph);
  const { cost, fields } = factsOf(graph);
  const block = box.form === 'block';
  const node = nodes.get(block ? box.tail : place.node);
  if (node === undefined) return null;
  const meant = block ? box.nodes : [node.id];
  const counted = meant.map((id) => cost.nodes.get(id));
  const sum = (of: (c: NonNullable<(typeof counted)[number]>) => number): number =>
    counted.reduce((total, one) => total + (one === undefined ? 0 : of(one)), 0);
  const bytes = sum((one) => (one.inPlace ? 0 : one.outputElements * 4));
  const field = fields.get(node.id);
  const share = (quantity: OverlayQuantity): string => {
    if (values?.quantity !== quantity || values.total === 0) return '';
    const value = meant.reduce((total, id) => total + values.of(id), 0);
    return ` (${formatShare(value / values.total)})`;
  };
  const timed = nodeValues(graph, 'time', times);
  const joinedWith = block ? undefined : times?.layers.find((layer) => layer.node === node.id)?.joinedWith;
  const milliseconds = meant.reduce((total, id) => total + (timed?.of(id) ?? 0), 0);
  const time =
    joinedWith === undefined
      ? formatMilliseconds(milliseconds) + share('time')
      : t('timeJoined', { layer: joinedWith });
  const rows: readonly (readonly [string, string])[] = [
    [t('shape'), block ? formatShape(box.shape) : flowWords(node, nodes)],
    [t('parameters'), formatExact(sum((one) => one.params)) + share('parameters')],
    [t('macs'), formatExact(sum((one) => one.macs)) + share('macs')],
    [t('memory'), bytes === 0 ? t('inPlace') : formatBytes(bytes) + share('memory')],
    ...(timed === null ? [] : [[t('time'), time] as const]),
    ...(field === undefined ? [] : [[t('field'), fieldText(field)] as const]),
  ];
  function fieldText({ size, jump, whole }: ReceptiveField): string {
    return whole ? t('wholeImage') : t('fieldSize', { height: size[0], width: size[1], jump: jump[0] });
  }
  const left = Math.max(8, Math.min(room.width - CARD_WIDTH - 8, place.x - CARD_WIDTH / 2));
  const above = place.top > room.height - place.bottom;
  // In a low room it covers a part of its box sooner than it loses a line.
  const most = room.height - CARD_HEAD - rows.length * CARD_ROW - 4;
  return (
    <div
      className={styles.card}
      style={{
        left,
        width: CARD_WIDTH,
        ...(above
          ? { bottom: Math.max(4, Math.min(most, room.height - place.top + 10)) }
          : { top: Math.max(4, Math.min(most, place.bottom + 10)) }),
      }}
    >
      <div className={styles.cardTitle}>{block ? box.path : node.id}</div>
      <div className={styles.cardOp}>
        {block ? t('blockTitle', { count: box.count }) : nodeWords(t, node, nodes)}
      </div>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { networkCost, type NodeCost } from '../../models/cost.ts';
import { receptiveFields, type ReceptiveField } from '../../models/field.ts';
import type { Graph, Node, Op } from '../../models/graph.ts';
import { inputShapes } from '../../models/lookup.ts';
import type { Network } from '../../models/network.ts';
import { formatBytes, formatExact, formatShape, formatSi } from '../../viz/numbers.ts';
import { useOpText, type OpText } from '../panel/opText.ts';
import type { Column } from './copy.ts';
import { DataTable } from './DataTable.tsx';
import type { NetworkTiming } from '../../viz/layerTiming.ts';
import { TimingStatus } from '../timing/TimingStatus.tsx';
import { useIsStale, useTiming } from '../timing/useTiming.ts';
import { timeColumns, timeTotals } from './timeColumns.ts';

export interface LayerRow {
  readonly order: number;
  readonly node: Node;
  readonly op: OpText;
  readonly input: string;
  readonly cost: NodeCost;
  readonly field: ReceptiveField | undefined;
}

interface LayerTableProps {
  readonly network: Network;
  readonly selected: string | null;
  readonly onSelect: (node: string) => void;
  readonly onHover: (node: string | null) => void;
}

/** Every node of the network with its numbers and their totals; the same selection as the diagram's. */
export function LayerTable({ network, selected, onSelect, onHover }: LayerTableProps) {
  const { t } = useTranslation(['app', 'timing']);
  const timing = useTiming();
  const stale = useIsStale();
  const opText = useOpText();
  const { graph } = network;
  const total = networkCost(graph);
  const rows = useMemo(
    () => graph.nodes.map((node, order) => layerRow(graph, node, order, opText)),
    [graph, opText],
  );
  const columns = useMemo(() => layerColumns(t, timing, stale), [t, timing, stale]);
  const bytes = total.allOutputElements * 4;
  const totals: Record<string, string> = {
    id: t('table.total'),
    params: formatExact(total.params),
    macs: formatExact(total.macs),
    memory: formatBytes(bytes),
    ...(timing ? timeTotals(timing, total.macs) : {}),
  };
  return (
    <DataTable
      label={t('table.layersOf', { name: network.info.name })}
      rows={rows}
      columns={columns}
      idOf={(row) => row.node.id}
      selected={selected}
      onSelect={onSelect}
      onHover={onHover}
      totals={columns.map(({ id }) => totals[id] ?? '')}
      fileName={`${network.ref}-layers`}
      note={t('table.layerConventions')}
      status={<TimingStatus />}
    />
  );
}

/** Words are made when they are first read: a network of thousands of layers shows a screenful. */
function layerRow(graph: Graph, node: Node, order: number, opText: (op: Op) => OpText): LayerRow {
  const cost = networkCost(graph).nodes.get(node.id);
  if (!cost) throw new Error(`${node.id} has no cost`);
  let [op, input]: [OpText?, string?] = [];
  return {
    order,
    node,
    cost,
    get op() {
      return (op ??= opText(node.op));
    },
    get input() {
      return (input ??= inputShapes(graph, node).map(formatShape).join(' + '));
    },
    get field() {
      return receptiveFields(graph).get(node.id);
    },
  };
}

type Translate = TFunction<readonly ['app', 'timing']>;

function layerColumns(
  t: Translate,
  timing: NetworkTiming | null,
  stale: boolean,
): readonly Column<LayerRow>[] {
  const number = (id: string, header: string, of: (row: LayerRow) => number): Column<LayerRow> => ({
    id,
    header,
    numeric: true,
    value: of,
    text: (row) => (of(row) === 0 ? '' : formatExact(of(row))),
  });
  return [
    { id: 'id', header: t('table.layer'), value: (r) => r.node.id, text: (r) => r.node.id },
    { id: 'op', header: t('table.op'), value: (r) => r.op.name, text: (r) => r.op.name },
    {
      id: 'settings',
      header: t('table.settings'),
      value: (r) => settingsText(r, t),
      text: (r) => settingsText(r, t),
      // On a page's width the times would be out of sight.
      ...(timing ? { gives: true, exact: (r) => settingsText(r, t) } : {}),
    },
    {
      id: 'output',
      header: t('layer.output'),
      value: (r) => formatShape(r.node.shape),
      text: (r) => formatShape(r.node.shape),
    },
    number('params', t('layer.params'), (r) => r.cost.params),
    {
      ...number('macs', 'MACs', (r) => r.cost.macs),
      text: (r) => (r.cost.macs === 0 ? '' : formatSi(r.cost.macs)),
      exact: (r) => formatExact(r.cost.macs),
    },
    ...(timing ? timeColumns(t, timing, stale) : []),
    {
      ...number('memory', t('layer.memory'), (r) => (r.cost.inPlace ? 0 : r.cost.outputElements * 4)),
      text: (r) => (r.cost.inPlace ? t('layer.inPlaceShort') : formatBytes(r.cost.outputElements * 4)),
      exact: (r) => `${formatExact(r.cost.outputElements * 4)} B`,
    },
    {
      ...number('field', t('layer.field'), (r) => r.field?.size[0] ?? 0),
      text: (r) => (r.field?.whole ? t('layer.whole') : r.field ? String(r.field.size[0]) : ''),
    },
    {
      ...number('jump', t('layer.jump'), (r) => r.field?.jump[0] ?? 0),
      text: (r) => (r.field && !r.field.whole ? String(r.field.jump[0]) : ''),
    },
    { id: 'input', header: t('layer.input'), value: (r) => r.input, text: (r) => r.input },
  ];
}

/** `5×5 stride 2 padding 1`: what tells two layers of a kind apart at a glance; the usual is left out. */
function settingsText({ op }: LayerRow, t: Translate): string {
  const shown = new Set(['kernel', 'stride', 'pad', 'groups', 'dilation', 'cap', 'lrn', 'rate', 'survival']);
  const usual: Readonly<Record<string, string>> = { stride: '1', pad: '0' };
  return op.settings
    .filter(([term, value]) => shown.has(term) && usual[term] !== value)
    .map(([term, value]) =>
      term === 'kernel' || term === 'lrn' ? value : `${t(`op.${term}`).toLowerCase()} ${value}`,
    )
    .join(', ');
}

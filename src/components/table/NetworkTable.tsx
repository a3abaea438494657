import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import {
  buildNetwork,
  members,
  networkCost,
  weightBytes,
  type NetworkCost,
  type NetworkInfo,
  type PublishedError,
} from '../../models/index.ts';
import type { WeightEntry } from '../../workers/contract.ts';
import { formatBytes, formatExact, formatPercent, formatSi } from '../../viz/numbers.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import type { Column } from './copy.ts';
import { DataTable } from './DataTable.tsx';

interface Row {
  readonly info: NetworkInfo;
  readonly cost: NetworkCost;
  readonly error: PublishedError | undefined;
  readonly weights: WeightEntry | undefined;
}

/** Every network by its numbers; choosing one opens it. */
export function NetworkTable() {
  const { t } = useTranslation('app');
  const manifest = useStore((s) => lastValue(s.manifest));
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const current = useStore((s) => s.network);
  const rows = useMemo(
    () =>
      [...members]
        .sort((a, b) => a.year - b.year)
        .map((info): Row => ({
          info,
          cost: networkCost(buildNetwork(info.id).graph),
          error: info.publishedErrors[0],
          weights: manifest?.weights.find(({ network }) => network === info.id),
        })),
    [manifest],
  );
  const columns = useMemo(() => networkColumns(t), [t]);
  return (
    <DataTable
      label={t('rail.table')}
      rows={rows}
      columns={columns}
      idOf={(row) => row.info.id}
      selected={current}
      onSelect={chooseNetwork}
      fileName="networks"
      note={t('table.networkConventions')}
    />
  );
}

function networkColumns(t: TFunction): readonly Column<Row>[] {
  const protocol = (error: PublishedError) => t(`protocol.${error.protocol}`, error.protocol);
  return [
    { id: 'name', header: t('table.network'), value: (r) => r.info.name, text: (r) => r.info.name },
    {
      id: 'year',
      header: t('table.year'),
      numeric: true,
      value: (r) => r.info.year,
      text: (r) => String(r.info.year),
    },
    {
      id: 'depth',
      header: t('table.depth'),
      title: t('table.depthTitle'),
      numeric: true,
      value: (r) => r.info.depth,
      text: (r) => String(r.info.depth),
    },
    {
      id: 'params',
      header: t('layer.params'),
      numeric: true,
      value: (r) => r.cost.params,
      text: (r) => formatSi(r.cost.params),
      exact: (r) => formatExact(r.cost.params),
    },
    {
      id: 'macs',
      header: 'MACs',
      numeric: true,
      value: (r) => r.cost.macs,
      text: (r) => formatSi(r.cost.macs),
      exact: (r) => formatExact(r.cost.macs),
    },
    {
      id: 'weights',
      header: t('table.weightBytes'),
      numeric: true,
      value: (r) => weightBytes(r.cost, 'fp32'),
      text: (r) => formatBytes(weightBytes(r.cost, 'fp32')),
      exact: (r) => `${formatExact(weightBytes(r.cost, 'fp32'))} B`,
    },
    {
      id: 'peak',
      header: t('table.peakBytes'),
      numeric: true,
      value: (r) => r.cost.peak.elements * 4,
      text: (r) => formatBytes(r.cost.peak.elements * 4),
      exact: (r) => `${formatExact(r.cost.peak.elements * 4)} B`,
    },
    { id: 'dataset', header: t('table.dataset'), value: (r) => r.info.dataset, text: (r) => r.info.dataset },
    {
      id: 'top1',
      header: t('table.top1'),
      numeric: true,
      value: (r) => r.error?.top1 ?? null,
      text: (r) => (r.error?.top1 === undefined ? '' : `${r.error.top1}\u2009%`),
    },
    {
      id: 'top5',
      header: t('table.top5'),
      numeric: true,
      value: (r) => r.error?.top5 ?? null,
      text: (r) => (r.error?.top5 === undefined ? '' : `${r.error.top5}\u2009%`),
    },
    {
      id: 'protocol',
      header: t('table.protocol'),
      value: (r) => (r.error ? protocol(r.error) : null),
      text: (r) => (r.error ? protocol(r.error) : ''),
      exact: (r) => r.error?.source ?? '',
    },
    {
      id: 'here',
      header: t('table.here'),
      title: t('table.hereTitle'),
      numeric: true,
      value: (r) => r.weights?.accuracy.top1 ?? null,
      text: (r) => (r.weights ? formatPercent(r.weights.accuracy.top1) : ''),
      exact: (r) => r.weights?.accuracy.measuredOn ?? '',
    },
    {
      id: 'images',
      header: t('table.hereImages'),
      title: t('table.hereTitle'),
      numeric: true,
      value: (r) => r.weights?.accuracy.images ?? null,
      text: (r) => (r.weights ? formatExact(r.weights.accuracy.images) : ''),
      exact: (r) => r.weights?.accuracy.measuredOn ?? '',
    },
  ];
}

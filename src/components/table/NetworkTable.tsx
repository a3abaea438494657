import type { TFunction } from 'i18next';
import { memo, useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkInfo, Notes, PublishedError } from '../../models/network.ts';
import { sourceText } from '../../models/zoo/figureTexts.ts';
import { notesOf } from '../../models/zoo/notes.ts';
import type { WeightEntry } from '../../workers/contract.ts';
import { formatBytes, formatExact, formatPercent, formatSi } from '../../viz/numbers.ts';
import type { NetworkFacts } from '../networks/facts.ts';
import { useFacts, useWantedFacts } from '../networks/useFacts.ts';
import { useNetworks, type Networks } from '../networks/useNetworks.ts';
import { lastValue } from '../store/requests.ts';
import { useStore } from '../store/store.ts';
import type { Language } from '../store/types.ts';
import type { Column } from './copy.ts';
import { DataTable } from './DataTable.tsx';

interface Row {
  readonly info: NetworkInfo;
  /** Null as long as its graph is being built elsewhere. */
  readonly facts: NetworkFacts | null;
  readonly error: PublishedError | undefined;
  readonly weights: WeightEntry | undefined;
}

/** Every network by its numbers; choosing one opens it. It follows a filter as the list does. */
export function NetworkTable() {
  return <Listed networks={useDeferredValue(useNetworks())} />;
}

const Listed = memo(function Listed({ networks }: { readonly networks: Networks }) {
  const { t } = useTranslation('app');
  const manifest = useStore((s) => lastValue(s.manifest));
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const current = useStore((s) => s.network);
  const { groups } = networks;
  const facts = useFacts((s) => s.facts);
  const infos = useMemo(() => groups.flatMap(({ found }) => found).sort((a, b) => a.year - b.year), [groups]);
  useWantedFacts(infos.map(({ id }) => id));
  const rows = useMemo(
    () =>
      infos.map((info): Row => ({
        info,
        facts: facts.get(info.id) ?? null,
        error: shownError(notesOf(info.id)),
        weights: manifest?.weights.find(({ network }) => network === info.id),
      })),
    [infos, facts, manifest],
  );
  const language = useStore((s) => s.language);
  const columns = useMemo(() => networkColumns(t, language), [t, language]);
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
});

/** The error that compares with others', else the first that was published. */
const shownError = ({ publishedErrors }: Notes): PublishedError | undefined =>
  publishedErrors.find(({ comparable }) => comparable) ?? publishedErrors[0];

const exactBytes = (bytes: number) => `${formatExact(bytes)} B`;

/** A column of a number that only a graph can tell: an ellipsis until it is there. */
function counted(
  key: 'params' | 'macs' | 'weightBytes' | 'peakBytes',
  text: (value: number) => string,
  exact: (value: number) => string,
): Pick<Column<Row>, 'value' | 'text' | 'exact'> {
  return {
    value: (r) => r.facts?.[key] ?? null,
    text: (r) => (r.facts ? text(r.facts[key]) : '…'),
    exact: (r) => (r.facts ? exact(r.facts[key]) : ''),
  };
}

function networkColumns(t: TFunction, language: Language): readonly Column<Row>[] {
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
      ...counted('params', formatSi, formatExact),
    },
    {
      id: 'macs',
      header: 'MACs',
      numeric: true,
      ...counted('macs', formatSi, formatExact),
    },
    {
      id: 'weights',
      header: t('table.weightBytes'),
      numeric: true,
      ...counted('weightBytes', formatBytes, exactBytes),
    },
    {
      id: 'peak',
      header: t('table.peakBytes'),
      numeric: true,
      ...counted('peakBytes', formatBytes, exactBytes),
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
      exact: (r) => (r.error ? sourceText(r.error.source, language) : ''),
    },
    {
      id: 'here',
      header: t('table.here'),
      title: t('table.hereTitle'),
      numeric: true,
      value: (r) => r.weights?.accuracy?.top1 ?? null,
      text: (r) => (r.weights?.accuracy ? formatPercent(r.weights.accuracy.top1) : ''),
      exact: (r) => r.weights?.accuracy?.measuredOn ?? '',
    },
    {
      id: 'images',
      header: t('table.hereImages'),
      title: t('table.hereTitle'),
      numeric: true,
      value: (r) => r.weights?.accuracy?.images ?? null,
      text: (r) => (r.weights?.accuracy ? formatExact(r.weights.accuracy.images) : ''),
      exact: (r) => r.weights?.accuracy?.measuredOn ?? '',
    },
  ];
}

import type { TFunction } from 'i18next';
import { tableMilliseconds, type NetworkTiming, type NodeTiming } from '../../viz/layerTiming.ts';
import { formatMilliseconds, formatPercent } from '../../viz/numbers.ts';
import type { Column } from './copy.ts';
import type { LayerRow } from './LayerTable.tsx';

type Translate = TFunction<readonly ['app', 'timing']>;
type TimeColumn = 'time' | 'timeShare' | 'macRate';

/** A layer's measured milliseconds, their part of all layers', and the MACs that it does in a second. */
export function timeColumns(
  t: Translate,
  timing: NetworkTiming,
  stale: boolean,
): readonly Column<LayerRow>[] {
  const of = ({ node }: LayerRow): NodeTiming | undefined => timing.nodes.get(node.id);
  const joined = (row: LayerRow): string | null => of(row)?.joinedWith ?? null;
  const median = (row: LayerRow): number | null => of(row)?.milliseconds?.median ?? null;
  const rate = (row: LayerRow): number | null => {
    const macs = of(row)?.macsPerSecond ?? null;
    return macs === null ? null : macs / 1e9;
  };
  const columns: readonly (Column<LayerRow> & { readonly id: TimeColumn })[] = [
    {
      id: 'time',
      header: t('timing:timeMs'),
      title: t('timing:timeTitle'),
      numeric: true,
      value: median,
      file: (row) => {
        const layer = joined(row);
        return layer === null ? median(row) : t('timing:joined', { layer });
      },
      text: (row) => timeText(t, timing, row),
      exact: (row) => timeTitle(t, timing, of(row)),
    },
    {
      id: 'timeShare',
      header: t('timing:share'),
      title: t('timing:shareTitle'),
      numeric: true,
      value: (row) => (median(row) === null ? null : (of(row)?.share ?? null)),
      text: (row) => (median(row) === null ? '' : formatPercent(of(row)?.share ?? 0)),
    },
    {
      id: 'macRate',
      header: t('timing:rate'),
      title: t('timing:rateTitle'),
      numeric: true,
      value: rate,
      text: (row) => rateText(rate(row)),
    },
  ];
  return columns.map((column) => ({ ...column, stale }));
}

/** What stands below the columns. */
export function timeTotals(timing: NetworkTiming, macs: number): Readonly<Record<TimeColumn, string>> {
  const { totalMilliseconds } = timing;
  return {
    time: tableMilliseconds(totalMilliseconds, timing),
    timeShare: '',
    macRate: rateText(totalMilliseconds > 0 ? macs / totalMilliseconds / 1e6 : null),
  };
}

function timeText(t: Translate, network: NetworkTiming, { node }: LayerRow): string {
  const timing = network.nodes.get(node.id);
  if (!timing) return '';
  const { milliseconds, joinedWith } = timing;
  // The whole name is on hover: beside the normalisation it is the next row.
  if (joinedWith !== null) return t('timing:joinedShort');
  return milliseconds ? tableMilliseconds(milliseconds.median, network) : t('timing:unmeasured');
}

function timeTitle(
  t: Translate,
  { resolutionMilliseconds }: NetworkTiming,
  timing: NodeTiming | undefined,
): string {
  if (!timing) return '';
  if (timing.joinedWith !== null) return t('timing:joinedTitle', { layer: timing.joinedWith });
  if (!timing.milliseconds) return '';
  if (timing.tooShort) return t('timing:tooShort', { step: formatMilliseconds(resolutionMilliseconds) });
  const { lower, median, upper } = timing.milliseconds;
  return t('timing:quartiles', {
    lower: formatMilliseconds(lower),
    median: formatMilliseconds(median),
    upper: formatMilliseconds(upper),
  });
}

/** Three digits are as many as a second measurement would find again. */
function rateText(gigaMacs: number | null): string {
  if (gigaMacs === null) return '';
  return gigaMacs >= 100 ? gigaMacs.toFixed(0) : gigaMacs.toPrecision(3);
}

import { Download } from 'lucide-react';
import { useMemo } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import type { FeatureMaps } from '../../workers/contract.ts';
import { isDead, layerRange, mapRange } from '../../viz/mosaic.ts';
import { formatValue } from '../../viz/numbers.ts';
import { useStore } from '../store/store.ts';
import type { MapOrder, MapScale } from '../store/types.ts';
import ui from '../ui/ui.module.css';
import { Choice } from './Choice.tsx';
import { useInkTheme } from './hooks.ts';
import type { Reading } from './MapGrid.tsx';
import { saveMaps } from './mapsPicture.ts';
import { barRange, isVector } from './paintTiles.ts';
import { ScaleBar } from './ScaleBar.tsx';

/** `conv2: 256 maps, 26×26`, or `fc6: 4096 units`. */
export function layerHeading(t: TFunction<'maps'>, { id, shape: [height, width, count] }: Node): string {
  if (height === 1 && width === 1) return t('unitsHeading', { node: id, count });
  return t('mapsHeading', { node: id, count, height, width });
}

/** What the pointer or the cursor reads, or how to read. */
export function readingText(t: TFunction<'maps'>, node: Node, reading: Reading | null): string {
  if (!reading) return isVector(node) ? t('hoverUnitsHint') : t('hoverHint');
  const value = formatValue(reading.value);
  if (isVector(node)) return t('unitRead', { channel: reading.channel, value });
  return t(reading.exact ? 'read' : 'readMean', { ...reading, value });
}

/** Order and scale of the maps, and all of them as a file once they are here. */
export function MapsControls({
  node,
  maps,
  network,
  order,
  scale,
  heading,
}: {
  node: Node;
  maps: FeatureMaps | null;
  network: Network;
  order: MapOrder;
  scale: MapScale;
  heading: string;
}) {
  const { t } = useTranslation('maps');
  const theme = useInkTheme();
  const setPreferences = useStore((s) => s.setPreferences);
  return (
    <>
      <Choice
        quiet
        label={t('order')}
        value={order}
        options={[
          { value: 'strength', text: t('orders.strength') },
          { value: 'channel', text: t('orders.channel') },
        ]}
        onChange={(mapOrder) => setPreferences({ mapOrder })}
      />
      {!isVector(node) && (
        <Choice
          quiet
          label={t('scale')}
          value={scale}
          options={[
            { value: 'layer', text: t('scales.layer') },
            { value: 'map', text: t('scales.map') },
          ]}
          onChange={(mapScale) => setPreferences({ mapScale })}
        />
      )}
      <button
        type="button"
        className={ui.iconButton}
        aria-label={t('saveMaps')}
        title={t('saveMaps')}
        disabled={maps === null}
        onClick={() =>
          maps &&
          void saveMaps(maps, { order, scale, theme }, { heading, ownScale: t('ownScale') }, [
            network.ref,
            maps.node,
          ])
        }
      >
        <Download size={16} aria-hidden="true" />
      </button>
    </>
  );
}

/** The scale bar: the layer's range, or that of the map under the pointer or else the chosen one. */
export function MapsLegend({
  maps,
  scale,
  channel,
}: {
  maps: FeatureMaps;
  scale: MapScale;
  channel: number | null;
}) {
  const { t } = useTranslation('maps');
  const theme = useInkTheme();
  const layer = useMemo(() => layerRange(maps.stats), [maps]);
  const stats = channel === null ? undefined : maps.stats[channel];
  if (isVector(maps)) {
    const bars = barRange(maps);
    return <p>{t('barRange', { low: formatValue(bars.low), high: formatValue(bars.high) })}</p>;
  }
  if (scale === 'map' && !stats) return <p>{t('ownScale')}</p>;
  const range = stats ? mapRange(stats, layer, scale) : layer;
  const label = t(scale === 'map' ? 'mapScaleLabel' : 'layerScaleLabel', {
    channel,
    low: formatValue(range.low),
    high: formatValue(range.high),
  });
  return (
    <>
      <ScaleBar range={range} theme={theme} label={label} />
      {scale === 'map' && <p>{t('scaleOfMap', { channel })}</p>}
    </>
  );
}

/** How many maps answer nothing to this picture. */
export function DeadCount({ maps }: { maps: FeatureMaps }) {
  const { t } = useTranslation('maps');
  const dead = maps.stats.filter(isDead).length;
  if (dead === 0) return null;
  return t(isVector(maps) ? 'deadUnits' : 'deadCount', { count: dead });
}

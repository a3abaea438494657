import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nodesById } from '../../models/lookup.ts';
import type { Node } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import type { FeatureMaps } from '../../workers/contract.ts';
import { layerRange, mapRange } from '../../viz/mosaic.ts';
import { useStore } from '../store/store.ts';
import { useHasWeights } from '../store/useHasWeights.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Gallery } from './Gallery.tsx';
import { useInkTheme } from './hooks.ts';
import { useHoverUnit } from './hoverUnit.ts';
import { MapGrid, type Reading } from './MapGrid.tsx';
import { DeadCount, layerHeading, MapsControls, MapsLegend, readingText } from './MapsHeader.tsx';
import { isVector } from './paintTiles.ts';
import { ProjectionPanel } from './ProjectionPanel.tsx';
import { viewRequest } from './requestView.ts';
import styles from './MapsDrawer.module.css';

/** The chosen layer's maps, and beside them the chosen map's projection to pixels. */
export function MapsDrawer({ network }: { network: Network }) {
  const { t } = useTranslation('maps');
  const layer = useStore((s) => s.layer);
  const node = layer === null ? undefined : nodesById(network.graph).get(layer);
  if (!node) return <p className={styles.hint}>{t('chooseLayer')}</p>;
  return <LayerMaps key={`${network.ref}/${node.id}`} network={network} node={node} />;
}

function LayerMaps({ network, node }: { network: Network; node: Node }) {
  const { t } = useTranslation('maps');
  const theme = useInkTheme();
  const request = useStore((s) => s.maps);
  const weights = useStore((s) => s.weights);
  const order = useStore((s) => s.mapOrder);
  const scale = useStore((s) => s.mapScale);
  const channel = useStore((s) => s.channel);
  const chooseChannel = useStore((s) => s.chooseChannel);
  const cancel = useStore((s) => s.cancel);
  const retry = useStore((s) => s.retry);
  const galleryOpen = useStore((s) => s.galleryOpen);
  const showGallery = useStore((s) => s.showGallery);
  const hover = useHoverUnit((s) => s.hover);
  const [reading, setReading] = useState<Reading | null>(null);
  const { value, stale, failure } = viewRequest(request);
  const maps = value?.node === node.id ? value : null;
  // What will stand around the maps stands before they come, so that nothing moves when they do.
  const hasWeights = useHasWeights();
  const framed = maps !== null || (hasWeights && failure === null && weights.state !== 'failed');
  const heading = layerHeading(t, node);

  const onRead = useCallback(
    (next: Reading | null) => {
      setReading(next);
      hover(next && { node: node.id, channel: next.channel, y: next.y, x: next.x });
    },
    [hover, node.id],
  );

  return (
    <div className={styles.drawer}>
      <div className={styles.columns} data-alone={!framed || undefined}>
        <section className={styles.maps} aria-label={heading}>
          <header className={styles.header}>
            <h2 className={styles.heading}>{heading}</h2>
            {framed && (
              <Segments
                label={t('gallery.view')}
                value={galleryOpen ? 'strongest' : 'all'}
                options={[
                  { value: 'all', text: t(isVector(node) ? 'gallery.allUnits' : 'gallery.all') },
                  { value: 'strongest', text: t('gallery.strongest') },
                ]}
                onChange={(view) => showGallery(view === 'strongest')}
              />
            )}
            {framed && !galleryOpen && (
              <div className={styles.controls}>
                <MapsControls
                  node={node}
                  maps={maps}
                  network={network}
                  order={order}
                  scale={scale}
                  heading={heading}
                />
              </div>
            )}
          </header>
          {framed && !galleryOpen && (
            <div className={styles.legend}>
              {maps && <MapsLegend maps={maps} scale={scale} channel={reading?.channel ?? channel} />}
              <div className={styles.words}>
                {maps && (
                  <>
                    <p className={styles.reading}>{readingText(t, node, reading)}</p>
                    <p>
                      <DeadCount maps={maps} />
                    </p>
                  </>
                )}
              </div>
            </div>
          )}
          <ProgressLine request={request} label={t('readingMaps')} onCancel={cancel} />
          {failure && <FailureNote failure={failure} onRetry={retry} />}
          <div
            className={styles.grid}
            data-stale={stale || undefined}
            data-gallery={galleryOpen || undefined}
          >
            {maps && galleryOpen ? (
              <Gallery network={network} node={node} />
            ) : maps ? (
              <MapGrid
                maps={maps}
                order={order}
                scale={scale}
                theme={theme}
                selected={channel}
                label={heading}
                onRead={onRead}
                onChoose={chooseChannel}
              />
            ) : (
              request.state === 'idle' && (
                <p className={styles.hint}>{weights.state === 'idle' ? t('noWeights') : t('notYet')}</p>
              )
            )}
          </div>
        </section>
        {framed && (
          <aside className={styles.projection}>
            {maps && <Projection network={network} node={node} maps={maps} />}
          </aside>
        )}
      </div>
    </div>
  );
}

function Projection({ network, node, maps }: { network: Network; node: Node; maps: FeatureMaps }) {
  const { t } = useTranslation('maps');
  const theme = useInkTheme();
  const channel = useStore((s) => s.channel);
  const seed = useStore((s) => s.seed);
  const rule = useStore((s) => s.rule);
  const lrn = useStore((s) => s.lrn);
  const seen = useStore((s) => s.seen);
  const projection = useStore((s) => s.projection);
  const channelMap = useStore((s) => s.channelMap);
  const chooseChannel = useStore((s) => s.chooseChannel);
  const chooseRule = useStore((s) => s.chooseRule);
  const chooseLrn = useStore((s) => s.chooseLrn);
  const cancel = useStore((s) => s.cancel);
  const retry = useStore((s) => s.retry);
  const hover = useHoverUnit((s) => s.hover);
  const layer = useMemo(() => layerRange(maps.stats), [maps]);
  const stats = channel === null ? undefined : maps.stats[channel];
  if (channel === null || !stats) {
    return <p className={styles.hint}>{t(isVector(node) ? 'chooseUnit' : 'chooseMap')}</p>;
  }
  return (
    <ProjectionPanel
      network={network}
      node={node}
      channel={channel}
      seed={seed}
      strongest={{ y: stats.y, x: stats.x }}
      rule={rule}
      lrn={lrn}
      seen={viewRequest(seen).value}
      projection={projection}
      channelMap={channelMap}
      // Large, a map shows itself by its own range, however the grid beside it is scaled.
      range={mapRange(stats, layer, 'map')}
      theme={theme}
      onSeed={(next) => chooseChannel(channel, next)}
      onRule={chooseRule}
      onLrn={chooseLrn}
      onHoverUnit={(unit) => hover(unit && { node: node.id, channel, ...unit })}
      onCancel={cancel}
      onRetry={retry}
    />
  );
}

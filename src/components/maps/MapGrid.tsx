import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { FeatureMaps } from '../../workers/contract.ts';
import {
  hitMosaic,
  isDead,
  layerRange,
  orderChannels,
  packMosaic,
  thumbnailValue,
  tileBox,
  tileSize,
  unitAt,
  visibleTiles,
  type Mosaic,
} from '../../viz/mosaic.ts';
import type { RampTheme } from '../../viz/ramps.ts';
import { formatValue } from '../../viz/numbers.ts';
import { useSize } from './hooks.ts';
import { isVector, paintTiles } from './paintTiles.ts';
import styles from './MapGrid.module.css';

/** What the pointer or the cursor reads off the grid. `exact`: false where the thumbnail averages several units. */
export interface Reading {
  readonly channel: number;
  readonly y: number;
  readonly x: number;
  readonly value: number;
  readonly exact: boolean;
}

/** Room around the tiles for the outline of a selected one; the style sheet's padding. */
const framePx = 4;

export interface MapGridProps {
  readonly maps: FeatureMaps;
  readonly order: 'channel' | 'strength';
  readonly scale: 'layer' | 'map';
  readonly theme: RampTheme;
  readonly selected: number | null;
  readonly label: string;
  readonly onRead: (reading: Reading | null) => void;
  readonly onChoose: (channel: number) => void;
}

/** All maps of a layer: one canvas over the rows in view, and one option a map for keyboard and screen reader. */
export function MapGrid({ maps, order, scale, theme, selected, label, onRead, onChoose }: MapGridProps) {
  const { t } = useTranslation('maps');
  const listId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const [moved, setMoved] = useState<{ node: string; channel: number } | null>(null);

  const channels = useMemo(() => orderChannels(maps.stats, order), [maps, order]);
  const positions = useMemo(() => {
    const at = new Int32Array(channels.length);
    channels.forEach((channel, position) => (at[channel] = position));
    return at;
  }, [channels]);
  const range = useMemo(() => layerRange(maps.stats), [maps]);
  const mosaic = useMemo(() => mosaicOf(maps, size.width - 2 * framePx), [maps, size.width]);
  const [first, last] = visibleTiles(mosaic, scrollTop, size.height);
  const windowTop = first < last ? tileBox(mosaic, first).top : 0;
  const windowHeight = first < last ? tileBox(mosaic, last - 1).top + mosaic.tileHeight - windowTop : 0;

  // The cursor is a channel, so that it stays on its map when the order changes.
  const cursorChannel = (moved?.node === maps.node ? moved.channel : selected) ?? channels[0] ?? 0;
  const cursor = positions[Math.min(cursorChannel, positions.length - 1)] ?? 0;

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || size.width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.ceil(mosaic.width * ratio);
    element.height = Math.max(1, Math.ceil(windowHeight * ratio));
    paintTiles(context, maps, channels, mosaic, [first, last], windowTop, ratio, { scale, range, theme });
  }, [maps, channels, mosaic, first, last, windowTop, windowHeight, scale, range, theme, size.width]);

  const reveal = useCallback(
    (position: number) => {
      const element = scroller.current;
      if (!element) return;
      const box = tileBox(mosaic, position);
      if (box.top < element.scrollTop) element.scrollTop = Math.max(0, box.top - mosaic.gap);
      else if (box.top + box.height > element.scrollTop + element.clientHeight) {
        element.scrollTop = box.top + box.height + mosaic.gap - element.clientHeight;
      }
    },
    [mosaic],
  );
  // A map chosen elsewhere (a link, the back button, another order) comes into view.
  const selectedPosition = selected === null ? null : positions[selected];
  useEffect(() => {
    if (selectedPosition !== null && selectedPosition !== undefined && size.height > 0)
      reveal(selectedPosition);
  }, [selectedPosition, reveal, size.height]);

  const moveTo = (position: number) => {
    const target = Math.max(0, Math.min(channels.length - 1, position));
    const channel = channels[target];
    if (channel === undefined) return;
    setMoved({ node: maps.node, channel });
    reveal(target);
    const stats = maps.stats[channel]!;
    onRead({ channel, y: stats.y, x: stats.x, value: stats.max, exact: true });
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(size.height / (mosaic.tileHeight + mosaic.gap))) * mosaic.columns;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -mosaic.columns,
      ArrowDown: mosaic.columns,
      PageUp: -page,
      PageDown: page,
      Home: -channels.length,
      End: channels.length,
    };
    const step = steps[event.key];
    if (step !== undefined) moveTo(cursor + step);
    else if (event.key === 'Enter' || event.key === ' ') onChoose(cursorChannel);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const hitOf = (event: React.MouseEvent) => {
    const plane = event.currentTarget.getBoundingClientRect();
    return hitMosaic(mosaic, event.clientX - plane.left, event.clientY - plane.top);
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const hit = hitOf(event);
    if (!hit) return onRead(null);
    const channel = channels[hit.position]!;
    const unit = unitAt(hit, maps.shape[0], maps.shape[1]);
    onRead({ channel, ...unit, ...thumbnailValue(maps, channel, hit) });
  };
  const onClick = (event: React.MouseEvent) => {
    const hit = hitOf(event);
    const channel = hit ? channels[hit.position] : undefined;
    if (channel === undefined) return;
    setMoved({ node: maps.node, channel });
    onChoose(channel);
  };

  const shown = [];
  for (let position = first; position < last; position += 1) shown.push(position);
  if (channels.length > 0 && (cursor < first || cursor >= last)) shown.push(cursor);
  const idOf = (position: number) => `${listId}-${channels[position]}`;

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={channels.length > 0 ? idOf(cursor) : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      {/* The listbox above has the keys; these are the pointer's half of the same choices. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div
        className={styles.plane}
        style={{ height: mosaic.height, width: mosaic.width }}
        onPointerMove={onPointerMove}
        onPointerLeave={() => onRead(null)}
        onClick={onClick}
      >
        <canvas
          ref={canvas}
          aria-hidden="true"
          className={styles.canvas}
          style={{ top: windowTop, width: mosaic.width, height: windowHeight }}
        />
        {shown.map((position) => {
          const channel = channels[position]!;
          const stats = maps.stats[channel]!;
          const dead = isDead(stats);
          const box = tileBox(mosaic, position);
          return (
            <div
              key={channel}
              id={idOf(position)}
              role="option"
              aria-selected={channel === selected}
              aria-setsize={channels.length}
              aria-posinset={position + 1}
              aria-label={mapLabel(t, maps, channel)}
              data-channel={channel}
              data-dead={dead || undefined}
              data-cursor={position === cursor || undefined}
              className={isVector(maps) ? styles.barOption : styles.option}
              style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
            />
          );
        })}
      </div>
    </div>
  );
}

function mapLabel(t: TFunction<'maps'>, maps: FeatureMaps, channel: number): string {
  const { min, max, mean, y, x } = maps.stats[channel]!;
  if (isVector(maps)) return t('unitOption', { channel, value: formatValue(max) });
  if (isDead({ min, max, mean, y, x })) return t('deadOption', { channel });
  return t('mapOption', { channel, max: formatValue(max), mean: formatValue(mean), y, x });
}

/** Maps as square tiles near 56 px; vectors as bars that share the width while they are few. */
function mosaicOf(maps: FeatureMaps, width: number): Mosaic {
  const count = maps.stats.length;
  if (!isVector(maps)) return packMosaic(count, tileSize(maps.thumbHeight, maps.thumbWidth, 56), width, 4);
  const barWidth = Math.max(6, Math.min(40, Math.floor(width / count) - 2));
  return packMosaic(count, { width: barWidth, height: 64 }, width, 2);
}

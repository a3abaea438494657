import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Volume } from '../../models/graph.ts';
import { paintPlane, unitAt } from '../../viz/mosaic.ts';
import { divergingLut, sequentialLut, type RampTheme } from '../../viz/ramps.ts';
import type { ValueRange } from '../../viz/scale.ts';
import { PixelCanvas } from './PixelCanvas.tsx';
import type { Unit } from './projectionProps.ts';
import styles from './ProjectionPanel.module.css';

/** One map at full resolution; a click or the arrow keys and Enter choose the unit to project. */
export function ChannelMapView({
  map,
  range,
  theme,
  unit,
  onPoint,
  onPick,
}: {
  map: Volume;
  range: ValueRange;
  theme: RampTheme;
  /** The unit that is projected, null for the whole map. */
  unit: Unit | null;
  onPoint: (unit: Unit | null) => void;
  onPick: (unit: Unit) => void;
}) {
  const { t } = useTranslation('maps');
  const [height, width] = map.shape;
  const [cursor, setCursor] = useState<Unit | null>(null);
  const pixels = useMemo(() => {
    const data = new Uint8ClampedArray(height * width * 4);
    const lut = range.signed ? divergingLut(theme) : sequentialLut(theme);
    paintPlane(new Uint32Array(data.buffer), 0, width, map.values, 0, width, height * width, range, lut);
    return { width, height, data };
  }, [map, height, width, range, theme]);

  const point = (next: Unit | null) => {
    setCursor(next);
    onPoint(next);
  };
  const unitOf = (event: React.MouseEvent): Unit => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = { v: (event.clientY - box.top) / box.height, u: (event.clientX - box.left) / box.width };
    return unitAt(place, height, width);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const from = cursor ?? unit ?? { y: Math.floor(height / 2), x: Math.floor(width / 2) };
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    point({
      y: Math.max(0, Math.min(height - 1, from.y + step[0])),
      x: Math.max(0, Math.min(width - 1, from.x + step[1])),
    });
  };
  const onClick = (event: React.MouseEvent) => {
    // Enter and space click without a pointer (detail 0): they pick the cursor's unit.
    const picked = event.detail === 0 ? (cursor ?? unit) : unitOf(event);
    if (picked) onPick(picked);
  };
  const marked = cursor ?? unit;

  return (
    <button
      type="button"
      className={styles.channelMap}
      aria-label={t('pickUnit', { height, width })}
      aria-describedby="maps-unit-reading"
      onPointerMove={(event) => point(unitOf(event))}
      onPointerLeave={() => point(null)}
      onBlur={() => point(null)}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <PixelCanvas pixels={pixels} className={styles.picture} />
      {marked && (
        <span
          className={styles.unitMark}
          style={{
            left: `${((marked.x + 0.5) / width) * 100}%`,
            top: `${((marked.y + 0.5) / height) * 100}%`,
          }}
        />
      )}
    </button>
  );
}

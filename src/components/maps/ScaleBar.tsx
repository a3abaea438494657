import { useMemo } from 'react';
import { divergingLut, sequentialLut, type RampTheme } from '../../viz/ramps.ts';
import { scaleTicks, type ValueRange } from '../../viz/scale.ts';
import { formatValue } from '../../viz/numbers.ts';
import { PixelCanvas } from './PixelCanvas.tsx';
import styles from './ScaleBar.module.css';

/** What a map's colours mean, with numbers. */
export function ScaleBar({ range, theme, label }: { range: ValueRange; theme: RampTheme; label: string }) {
  const pixels = useMemo(() => {
    const lut = range.signed ? divergingLut(theme) : sequentialLut(theme);
    return { width: 256, height: 1, data: new Uint8ClampedArray(lut.slice().buffer) };
  }, [range.signed, theme]);
  const ticks = scaleTicks(range, 2, 0.3);
  return (
    <div className={styles.bar}>
      <PixelCanvas pixels={pixels} label={label} className={styles.ramp} />
      <div className={styles.ticks} aria-hidden="true">
        {ticks.map(({ value, at }) => (
          <span
            key={at}
            className={styles.tick}
            data-end={at === 0 ? 'low' : at === 1 ? 'high' : undefined}
            style={{ left: `${at * 100}%` }}
          >
            {formatValue(value)}
          </span>
        ))}
      </div>
    </div>
  );
}

import { useMemo } from 'react';
import { formatShare, heatScale } from '../../viz/diagramOverlay.ts';
import type { ThemeName } from '../../viz/opStyle.ts';
import styles from './DiagramBar.module.css';
import type { LaidOverlay } from './useOverlay.ts';

/** The colours of an overlay from nothing to the largest box, and what the shares are of. */
export function OverlayScale({
  overlay,
  theme,
}: {
  readonly overlay: LaidOverlay;
  readonly theme: ThemeName;
}) {
  const colours = useMemo(() => heatScale(theme), [theme]);
  return (
    <>
      <span className={styles.scaleEnd}>0</span>
      <svg
        className={styles.scale}
        viewBox={`0 0 ${colours.length} 1`}
        preserveAspectRatio="none"
        aria-hidden
      >
        {colours.map((colour, i) => (
          // A little wider than its step, so that no line shows between two.
          <rect key={colour} x={i} width={1.1} height={1} fill={colour} />
        ))}
      </svg>
      <span className={styles.scaleEnd}>{formatShare(overlay.boxes.mostShare)}</span>
      <span>{overlay.scale}</span>
    </>
  );
}

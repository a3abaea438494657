import { useMemo } from 'react';
import type { Pixels } from '../../models/preprocessing.ts';
import { boxSize, boxWithin, cropPixels, type PixelBox } from '../../viz/displayCrop.ts';
import { PixelCanvas } from './PixelCanvas.tsx';
import { placedAt } from './placedAt.ts';
import styles from './ProjectionPanel.module.css';

/** A picture cut to a frame, with a box outlined in it. */
export function FieldPicture({
  pixels,
  frame,
  box,
  label,
}: {
  pixels: Pixels;
  frame: PixelBox;
  box: PixelBox;
  label: string;
}) {
  const { top, left, bottom, right } = frame;
  const crop = useMemo(
    () => cropPixels(pixels, { top, left, bottom, right }),
    [pixels, top, left, bottom, right],
  );
  const { width, height } = boxSize(frame);
  const outline = boxWithin(box, frame);
  return (
    <div
      className={styles.fit}
      style={{ aspectRatio: `${width} / ${height}` }}
      data-tall={height > width || undefined}
    >
      <PixelCanvas pixels={crop} label={label} className={styles.picture} />
      <span className={styles.outline} style={placedAt(outline)} />
    </div>
  );
}

import { memo, useImperativeHandle, useMemo, useRef } from 'react';
import type { PointerEvent, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagramGeometry } from '../../viz/diagram.ts';
import { round } from '../../viz/diagramRoute.ts';
import styles from './Minimap.module.css';
import type { View } from './useZoom.ts';

export interface MinimapHandle {
  /** Moves the frame of what is on screen; called for every pan, without a render. */
  readonly follow: (view: View, width: number, height: number) => void;
}

interface MinimapProps {
  readonly geometry: DiagramGeometry;
  readonly ref: Ref<MinimapHandle>;
  /** A place in the drawing that was pointed at. */
  readonly onPoint: (x: number, y: number) => void;
}

const WIDTH = 168;
const MAX_HEIGHT = 56;
const MIN_HEIGHT = 10;
/** Least width of the frame around what is on screen, px. */
const LEAST = 4;

/** The whole network, small, with a frame around what is on screen. Pointer only: keys have their own ways to move. */
export const Minimap = memo(function Minimap({ geometry, ref, onPoint }: MinimapProps) {
  const { t } = useTranslation('diagram');
  const frame = useRef<SVGRectElement>(null);
  const { bounds } = geometry;
  const boxes = useMemo(
    () =>
      geometry.boxes
        .map((box) => {
          const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(round);
          return `M${x} ${y}h${width}v${height}H${x}z`;
        })
        .join(''),
    [geometry],
  );
  const scale = Math.min(WIDTH / bounds.width, MAX_HEIGHT / bounds.height);
  // A network of a thousand blocks would be a hair: it is drawn higher than it is.
  const shown = { width: bounds.width * scale, height: Math.max(MIN_HEIGHT, bounds.height * scale) };
  const [across, down] = [scale, shown.height / bounds.height];
  useImperativeHandle(ref, () => ({
    follow: ({ k, x, y }, width, height) => {
      const wide = Math.max(width / k, LEAST / across);
      const place = { x: -x / k, y: -y / k, width: wide, height: height / k };
      for (const [name, value] of Object.entries(place)) {
        const text = value.toFixed(1);
        if (frame.current?.getAttribute(name) !== text) frame.current?.setAttribute(name, text);
      }
    },
  }));
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { offsetX, offsetY } = event.nativeEvent;
    onPoint(bounds.x + offsetX / across, bounds.y + offsetY / down);
  };
  return (
    <svg
      className={styles.minimap}
      width={shown.width}
      height={shown.height}
      preserveAspectRatio="none"
      viewBox={`${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}`}
      aria-hidden
      onPointerDown={point}
      onPointerMove={point}
    >
      <title>{t('minimap')}</title>
      <path d={boxes} className={styles.mini} />
      <rect ref={frame} className={styles.miniFrame} />
    </svg>
  );
});

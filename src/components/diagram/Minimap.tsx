import { memo, useImperativeHandle, useRef } from 'react';
import type { PointerEvent, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagramGeometry } from '../../viz/diagram.ts';
import styles from './Diagram.module.css';
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

/** The whole network, small, with a frame around what is on screen. Pointer only: keys have their own ways to move. */
export const Minimap = memo(function Minimap({ geometry, ref, onPoint }: MinimapProps) {
  const { t } = useTranslation('diagram');
  const frame = useRef<SVGRectElement>(null);
  const { bounds } = geometry;
  const scale = Math.min(WIDTH / bounds.width, MAX_HEIGHT / bounds.height);
  useImperativeHandle(ref, () => ({
    follow: ({ k, x, y }, width, height) => {
      frame.current?.setAttribute('x', String(-x / k));
      frame.current?.setAttribute('y', String(-y / k));
      frame.current?.setAttribute('width', String(width / k));
      frame.current?.setAttribute('height', String(height / k));
    },
  }));
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { offsetX, offsetY } = event.nativeEvent;
    onPoint(bounds.x + offsetX / scale, bounds.y + offsetY / scale);
  };
  return (
    <svg
      className={styles.minimap}
      width={Math.max(1, bounds.width * scale)}
      height={Math.max(1, bounds.height * scale)}
      viewBox={`${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}`}
      aria-hidden
      onPointerDown={point}
      onPointerMove={point}
    >
      <title>{t('minimap')}</title>
      {geometry.boxes.map((box) => (
        <rect
          key={box.id}
          x={box.x}
          y={box.y}
          width={box.width}
          height={box.height}
          className={styles.mini}
        />
      ))}
      <rect ref={frame} className={styles.miniFrame} />
    </svg>
  );
});

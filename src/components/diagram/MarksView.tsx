import { memo, useId } from 'react';
import type { BoxMark, DiagramBox } from '../../viz/diagram.ts';
import { measurePlex } from '../../viz/textMeasure.ts';
import styles from './MarksView.module.css';

interface MarksViewProps {
  readonly boxes: readonly DiagramBox[];
  /** By box. */
  readonly marks: ReadonlyMap<string, BoxMark>;
  readonly zoom: number;
}

const SIZE_PX = 11;
const HIGH_PX = 15;
const PAD_PX = 4;

/**
 * What is said about boxes, on them: an outline of its own kind (broken, dotted, plain), a hatch on what is nowhere else,
 * and as much of the text as the box has room for at this zoom. The boxes' names say it too.
 */
export const MarksView = memo(function MarksView({ boxes, marks, zoom }: MarksViewProps) {
  const hatch = useId();
  return (
    <g aria-hidden className={styles.marks}>
      {boxes.map((box) => {
        const mark = marks.get(box.id);
        if (mark === undefined) return null;
        const { room } = box;
        const frame = { x: room.x - 2, y: room.y - 2, width: room.width + 3, height: room.height + 4, rx: 4 };
        const free = box.room.width * zoom;
        const text = mark.texts.find((each) => measurePlex(each, 'sans-bold', SIZE_PX) + 2 * PAD_PX <= free);
        const wide = text === undefined ? 0 : measurePlex(text, 'sans-bold', SIZE_PX) + 2 * PAD_PX;
        const at = `translate(${box.x + box.width / 2}px, ${box.y + box.height / 2}px)`;
        return (
          <g key={box.id} data-mark={mark.kind} data-owner={box.id}>
            {mark.kind === 'only' && <rect {...frame} fill={`url(#${hatch})`} className={styles.hatch} />}
            <rect {...frame} className={styles.markFrame} />
            {text !== undefined && box.height * zoom >= HIGH_PX && (
              <g className={styles.markText} style={{ transform: `${at} scale(calc(1 / var(--zoom)))` }}>
                <rect x={-wide / 2} y={-HIGH_PX / 2} width={wide} height={HIGH_PX} rx={3} />
                <text y={4} fontSize={SIZE_PX} textAnchor="middle">
                  {text}
                </text>
              </g>
            )}
          </g>
        );
      })}
      <defs>
        {/* As dense at every zoom. */}
        <pattern
          id={hatch}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform={`rotate(45) scale(${1 / zoom})`}
        >
          <path d="M0 0V6" className={styles.hatchLine} />
        </pattern>
      </defs>
    </g>
  );
});

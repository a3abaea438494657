import { memo, useId } from 'react';
import type { BoxMark, DiagramBox } from '../../viz/diagram.ts';
import { MARK_TEXT, markFrame, markText } from '../../viz/boxMarks.ts';
import styles from './MarksView.module.css';

interface MarksViewProps {
  readonly boxes: readonly DiagramBox[];
  /** By box. */
  readonly marks: ReadonlyMap<string, BoxMark>;
  readonly zoom: number;
}

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
        const frame = { ...markFrame(box), rx: 4 };
        const said = markText(mark, box, zoom);
        const at = `translate(${box.x + box.width / 2}px, ${box.y + box.height / 2}px)`;
        return (
          <g key={box.id} data-mark={mark.kind} data-owner={box.id}>
            {mark.kind === 'only' && <rect {...frame} fill={`url(#${hatch})`} className={styles.hatch} />}
            <rect {...frame} className={styles.markFrame} />
            {said !== null && (
              <g className={styles.markText} style={{ transform: `${at} scale(calc(1 / var(--zoom)))` }}>
                <rect
                  x={-said.wide / 2}
                  y={-MARK_TEXT.height / 2}
                  width={said.wide}
                  height={MARK_TEXT.height}
                  rx={3}
                />
                <text y={4} fontSize={MARK_TEXT.size} textAnchor="middle">
                  {said.text}
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

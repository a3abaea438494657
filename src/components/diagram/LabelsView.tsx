import { memo, useMemo } from 'react';
import type { LabelStack, Point } from '../../viz/diagram.ts';
import { visibleLabels } from '../../viz/diagramLabelFit.ts';
import { round } from '../../viz/diagramRoute.ts';
import { measurePlex } from '../../viz/textMeasure.ts';
import styles from './Drawing.module.css';

interface LabelsViewProps {
  readonly stacks: readonly LabelStack[];
  readonly answerAt: Point;
  readonly zoom: number;
  readonly selectedBox: string | null;
  readonly near: ReadonlySet<string> | null;
  readonly answer: readonly string[];
}

/**
 * The text of the drawing. It stands in the zoomed layer but is scaled back by the `--zoom` variable, so that panning moves it
 * and zooming keeps its size without React; React only decides which labels fit. The boxes' names say all of it already.
 */
export const LabelsView = memo(function LabelsView({
  stacks,
  answerAt,
  zoom,
  selectedBox,
  near,
  answer,
}: LabelsViewProps) {
  const labels = useMemo(() => visibleLabels(stacks, zoom, measurePlex), [stacks, zoom]);
  return (
    <g aria-hidden className={styles.labels}>
      {labels.map((label) => (
        <text
          key={label.id}
          style={{ transform: at(label.anchor.x, label.anchor.y) }}
          x={round(label.shift)}
          y={round(label.offset)}
          fontSize={label.sizePx}
          textAnchor={label.align}
          data-owner={label.owner}
          className={[
            styles.label,
            styles[label.kind],
            label.font === 'mono' ? styles.mono : '',
            label.owner === selectedBox ? styles.chosen : '',
            near?.has(label.owner) === true ? styles.near : '',
          ].join(' ')}
        >
          {label.text}
        </text>
      ))}
      {answer.map((line, i) => (
        <text
          key={i}
          style={{ transform: at(answerAt.x, answerAt.y) }}
          y={4 + i * 15}
          fontSize={i === 0 ? 13 : 12}
          className={`${styles.label} ${i === 0 ? styles.name : styles.mono} ${styles.near}`}
        >
          {line}
        </text>
      ))}
    </g>
  );
});

function at(x: number, y: number): string {
  return `translate(${round(x)}px, ${round(y)}px) scale(calc(1 / var(--zoom)))`;
}

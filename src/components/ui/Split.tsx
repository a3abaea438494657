import { useId, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { keptShare, keepShare, splitRows } from './splitKept.ts';
import styles from './Split.module.css';

interface SplitProps {
  /** Under this name the share is kept for the next visit. */
  readonly name: string;
  /** What the separator sets, for those who do not see it. */
  readonly label: string;
  readonly above: ReactNode;
  readonly below: ReactNode;
  /** Of the height, in percent, that `above` has at first, and the least that each part keeps. */
  readonly share: number;
  readonly least: { readonly above: number; readonly below: number };
}

/** A press of an arrow key moves the separator by this many percent. */
const stepPercent = 5;

/** Two parts over each other and a separator between them that pointer and keys move; a double click puts it back. */
export function Split({ name, label, above, below, share: first, least }: SplitProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(() => within(keptShare(name) ?? first, least));
  const [dragging, setDragging] = useState(false);
  const move = (next: number) => {
    const possible = within(next, least);
    setShare(possible);
    keepShare(name, possible);
  };

  const drag = (event: PointerEvent) => {
    if (!dragging || !frame.current) return;
    const { top, height } = frame.current.getBoundingClientRect();
    move(((event.clientY - top) / height) * 100);
  };
  const press = (event: KeyboardEvent) => {
    const to: Readonly<Record<string, number>> = {
      ArrowUp: share - stepPercent,
      ArrowDown: share + stepPercent,
      Home: 0,
      End: 100,
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  };

  return (
    <div ref={frame} className={styles.split} style={{ gridTemplateRows: splitRows(share) }}>
      <div id={id} className={styles.part}>
        {above}
      </div>
      {/* A separator that can be moved is a widget (WAI-ARIA 1.2, separator): it has the focus and a value. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="separator"
        className={styles.separator}
        aria-label={label}
        aria-orientation="horizontal"
        aria-controls={id}
        aria-valuenow={Math.round(share)}
        aria-valuemin={least.above}
        aria-valuemax={100 - least.below}
        data-dragging={dragging || undefined}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={press}
        onDoubleClick={() => move(first)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
        }}
        onPointerMove={drag}
        onLostPointerCapture={() => setDragging(false)}
      />
      <div className={styles.part}>{below}</div>
    </div>
  );
}

const within = (share: number, { above, below }: SplitProps['least']): number =>
  Math.min(Math.max(share, above), 100 - below);

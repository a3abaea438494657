import { memo } from 'react';
import type { DiagramBox, DiagramJoint, Rect } from '../../viz/diagram.ts';
import { boxGlyph, OP_PATTERNS } from '../../viz/diagramGlyph.ts';
import { signPath, viewBox } from '../../viz/diagramSvg.ts';
import { opVariable } from '../../viz/opStyle.ts';
import styles from './Diagram.module.css';

interface BoxViewProps {
  readonly box: DiagramBox;
  readonly joints: readonly DiagramJoint[];
  readonly name: string;
  readonly face: string | undefined;
  readonly selected: boolean;
  /** The chosen node, where it is one of this box's. */
  readonly chosen: string | null;
  /** Stays while the rest fades. */
  readonly near: boolean;
  readonly focusable: boolean;
}

/** One box with its joint and bands: a button whose name says what it is. Events are handled by the whole drawing. */
export const BoxView = memo(function BoxView({
  box,
  joints,
  name,
  face,
  selected,
  chosen,
  near,
  focusable,
}: BoxViewProps) {
  const { room } = box;
  const ring = { x: room.x - 4, y: room.y - 4, width: room.width + 7, height: room.height + 8, rx: 5 };
  return (
    <g
      role="button"
      tabIndex={focusable ? 0 : -1}
      aria-label={name}
      aria-pressed={selected}
      aria-expanded={box.form === 'block' ? false : undefined}
      data-box={box.id}
      data-node={box.head}
      className={near ? `${styles.box} ${styles.near}` : styles.box}
    >
      <rect {...ring} className={styles.ring} />
      {box.form === 'node' ? <Join box={box} /> : <Solid box={box} face={face} />}
      {joints.map((joint) => (
        <g
          key={joint.id}
          data-node={joint.node}
          className={joint.role === 'band' && joint.node === chosen ? styles.chosenBand : undefined}
        >
          <rect {...rect(joint)} fill={opVariable(joint.group)} />
          {OP_PATTERNS[joint.group] !== '' && (
            <rect {...rect(joint)} fill={`url(#op-${joint.group})`} className={styles.print} />
          )}
        </g>
      ))}
    </g>
  );
});

function Join({ box }: { readonly box: DiagramBox }) {
  const radius = box.width / 2;
  return (
    <>
      <circle cx={box.x + radius} cy={box.y + radius} r={radius} className={styles.join} />
      <path d={signPath(box)} className={styles.sign} />
    </>
  );
}

function Solid({ box, face }: { readonly box: DiagramBox; readonly face: string | undefined }) {
  const glyph = boxGlyph(box);
  const shows = face !== undefined && box.form !== 'vector' && box.shape[0] > 1;
  return (
    <>
      {[...glyph.copies, { ...glyph, front: box }].map(({ front, top, side }) => (
        <g key={front.x} className={styles.solid}>
          <path d={top} className={styles.top} />
          <path d={side} className={styles.side} />
          <rect {...rect(front)} className={styles.front} />
        </g>
      ))}
      {shows && (
        <svg {...rect(box)} viewBox={viewBox(box)} preserveAspectRatio="none">
          <image href={face} width={1} height={1} preserveAspectRatio="none" className={styles.face} />
        </svg>
      )}
      {shows && <rect {...rect(box)} className={styles.outline} />}
    </>
  );
}

function rect({ x, y, width, height }: Rect) {
  return { x, y, width, height };
}

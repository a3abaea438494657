import type { TFunction } from 'i18next';
import { memo, useMemo } from 'react';
import type { CSSProperties } from 'react';
import type { Node } from '../../models/graph.ts';
import type { DiagramBox, DiagramJoint, Rect } from '../../viz/diagram.ts';
import { viewBox } from '../../viz/diagramFace.ts';
import { boxGlyph, signPath } from '../../viz/diagramGlyph.ts';
import type { HeatShades } from '../../viz/diagramOverlay.ts';
import { round } from '../../viz/diagramRoute.ts';
import { opVariable } from '../../viz/opStyle.ts';
import { boxWords } from './describe.ts';
import styles from './Drawing.module.css';

interface BoxViewProps {
  readonly box: DiagramBox;
  readonly joints: readonly DiagramJoint[];
  readonly nodes: ReadonlyMap<string, Node>;
  readonly t: TFunction<'diagram'>;
  /** What is said of the box beside what it is. */
  readonly said: string;
  /** Its colours, in place of its picture. */
  readonly heat: HeatShades | null;
  readonly face: string | undefined;
  readonly selected: boolean;
  /** The chosen node, where it is one of this box's. */
  readonly chosen: string | null;
  /** Stays while the rest fades. */
  readonly near: boolean;
  readonly focusable: boolean;
  /** Seen from so far that it is a few pixels wide. */
  readonly far: boolean;
}

/**
 * One box with its joint and bands: a button whose name says what it is. Events are handled by the whole drawing, and no
 * element is there for grouping alone: large drawings have thousands.
 */
export const BoxView = memo(function BoxView(props: BoxViewProps) {
  const { box, joints, nodes, t, said, heat, face, selected, chosen, near, focusable, far } = props;
  const { room } = box;
  const words = useMemo(() => boxWords(t, box, nodes), [t, box, nodes]);
  const pause = heat === null ? '' : ',';
  const ring = rect({ x: room.x - 4, y: room.y - 4, width: room.width + 7, height: room.height + 8 });
  return (
    <g
      role="button"
      tabIndex={focusable ? 0 : -1}
      aria-label={said === '' ? words : `${words}${words.endsWith('.') ? '' : pause} ${said}`}
      aria-pressed={selected}
      aria-expanded={box.form === 'block' ? false : undefined}
      data-box={box.id}
      data-node={box.head}
      className={`${styles.box} ${near ? styles.near : ''} ${heat === null ? '' : styles.heated}`}
      style={heat === null ? undefined : variablesOf(heat)}
    >
      <rect {...ring} rx={5} className={styles.ring} />
      {far && <rect {...rect(box)} fill={heat?.front ?? opVariable(box.group)} />}
      {!far && (box.form === 'node' ? <Join box={box} /> : <Solid box={box} face={face} />)}
      {!far &&
        joints.map((joint) => (
          <rect
            key={joint.id}
            {...rect(joint)}
            fill={opVariable(joint.group)}
            data-node={joint.node}
            data-op={joint.group}
            className={joint.role === 'band' && joint.node === chosen ? styles.chosenBand : undefined}
          />
        ))}
    </g>
  );
});

/** An overlay changes these and no element inside: large drawings have thousands. */
function variablesOf({ front, top, side, sign }: HeatShades): CSSProperties {
  return { '--heat': front, '--heat-top': top, '--heat-side': side, '--heat-sign': sign } as CSSProperties;
}

const Join = memo(function Join({ box }: { readonly box: DiagramBox }) {
  const radius = box.width / 2;
  return (
    <>
      <circle cx={box.x + radius} cy={box.y + radius} r={radius} className={styles.join} />
      <path d={signPath(box)} className={styles.sign} />
    </>
  );
});

interface SolidProps {
  readonly box: DiagramBox;
  readonly face: string | undefined;
}

const Solid = memo(function Solid({ box, face }: SolidProps) {
  const glyph = boxGlyph(box);
  const shows = face !== undefined && box.form !== 'vector' && box.shape[0] > 1;
  return (
    <>
      {glyph.copies.map((copy) => (
        <Cuboid key={copy.front.x} {...copy} />
      ))}
      <Cuboid front={box} top={glyph.top} side={glyph.side} />
      {shows && (
        <svg {...rect(box)} viewBox={viewBox(box)} preserveAspectRatio="none">
          <image href={face} width={1} height={1} preserveAspectRatio="none" className={styles.face} />
        </svg>
      )}
      {shows && <rect {...rect(box)} className={styles.outline} />}
    </>
  );
});

function Cuboid({ front, top, side }: { readonly front: Rect; readonly top: string; readonly side: string }) {
  return (
    <>
      <path d={top} className={styles.top} />
      <path d={side} className={styles.side} />
      <rect {...rect(front)} className={styles.front} />
    </>
  );
}

/** To a hundredth of a pixel: more is not seen, and the page carries it (src/first). */
function rect({ x, y, width, height }: Rect) {
  return { x: round(x), y: round(y), width: round(width), height: round(height) };
}

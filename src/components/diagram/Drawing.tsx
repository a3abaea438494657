import { memo, useMemo } from 'react';
import type { FocusEvent, KeyboardEvent, MouseEvent, PointerEvent, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Network } from '../../models/network.ts';
import type {
  BoxMark,
  DiagramBox,
  DiagramEdge,
  DiagramFrame,
  DiagramGeometry,
  DiagramJoint,
  LabelStack,
  Rect,
} from '../../viz/diagram.ts';
import type { HeatShades } from '../../viz/diagramOverlay.ts';
import { OP_PATTERNS } from '../../viz/diagramGlyph.ts';
import type { Faces } from '../../viz/diagramSvg.ts';
import { partIn, withPinned } from '../../viz/diagramWindow.ts';
import { append } from '../../viz/diagramUnits.ts';
import { OP_GROUPS, opVariable } from '../../viz/opStyle.ts';
import { BoxView } from './BoxView.tsx';
import { nodesOf } from './describe.ts';
import styles from './Drawing.module.css';
import { LabelsView } from './LabelsView.tsx';
import { MarksView } from './MarksView.tsx';

/** What is laid over the boxes in place of their pictures. Its functions are called for what is drawn, and for nothing else. */
export interface DrawnOverlay {
  readonly shades: (box: DiagramBox) => HeatShades;
  /** What is said of a box after its name. */
  readonly words: (box: DiagramBox) => string;
  readonly relabel: (stacks: readonly LabelStack[]) => readonly LabelStack[];
}

interface DrawingProps {
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly layer: RefObject<SVGGElement | null>;
  readonly label: string;
  readonly network: Pick<Network, 'graph'>;
  readonly geometry: DiagramGeometry;
  readonly zoom: number;
  /** The part of the drawing to draw; null: all of it. */
  readonly region: Rect | null;
  readonly pictures: Faces;
  readonly selected: string | null;
  readonly selectedBox: string | null;
  readonly hoveredBox: string | null;
  readonly near: ReadonlySet<string> | null;
  readonly focusBox: string | null;
  readonly answer: readonly string[];
  /** What is said about boxes, by box. */
  readonly marks: ReadonlyMap<string, BoxMark>;
  readonly overlay?: DrawnOverlay | null;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onDoubleClick: (event: MouseEvent) => void;
  readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerDown: () => void;
  readonly onPointerLeave: () => void;
  readonly onFold: (path: string) => void;
}

/** Below this zoom a box is a few pixels wide: its face's colour says what it is. */
const FAR = 0.1;
const noJoints: readonly DiagramJoint[] = [];

/** The picture itself: frames, lines, boxes, text, in one layer that pan and zoom move. */
export function Drawing(props: DrawingProps) {
  const { svg, layer, label, network, geometry, pictures, selected, selectedBox, near, focusBox, marks } =
    props;
  const { overlay = null } = props;
  const { t } = useTranslation('diagram');
  const nodes = nodesOf(network.graph);
  const jointsOf = useMemo(() => {
    const joints = new Map<string, DiagramJoint[]>();
    for (const joint of geometry.joints) append(joints, joint.box, joint);
    return joints;
  }, [geometry]);
  // What has the focus, or the selection, is there wherever it is: keys start from it.
  const pinned = useMemo(
    () => new Set([focusBox, selectedBox].filter((id) => id !== null)),
    [focusBox, selectedBox],
  );
  const part = useMemo(() => partIn(geometry, props.region), [geometry, props.region]);
  const boxes = useMemo(() => withPinned(part, geometry, pinned), [part, geometry, pinned]);
  const stacks = useMemo(() => (overlay ? overlay.relabel(part.labels) : part.labels), [part, overlay]);
  const far = props.zoom < FAR;
  return (
    // The picture is a group of buttons: the keys here move between them, as in a toolbar.
    <svg
      ref={svg}
      role="group"
      aria-label={label}
      className={near === null ? styles.drawing : `${styles.drawing} ${styles.fading}`}
      onKeyDown={props.onKeyDown}
      onFocus={props.onFocus}
      onClick={props.onClick}
      onDoubleClick={props.onDoubleClick}
      onPointerMove={props.onPointerMove}
      onPointerDown={props.onPointerDown}
      onPointerLeave={props.onPointerLeave}
    >
      <PrintPatterns />
      <g ref={layer}>
        <Frames frames={part.frames} onFold={props.onFold} />
        <Edges edges={part.edges} hoveredBox={props.hoveredBox} />
        {boxes.map((box) => (
          <BoxView
            key={box.id}
            box={box}
            joints={jointsOf.get(box.id) ?? noJoints}
            nodes={nodes}
            t={t}
            said={overlay ? overlay.words(box) : (marks.get(box.id)?.words ?? '')}
            heat={overlay?.shades(box) ?? null}
            far={far}
            face={pictures.get(box.tail) ?? pictures.get(box.head)}
            selected={selected !== null && box.id === selectedBox}
            chosen={box.id === selectedBox ? selected : null}
            near={near?.has(box.id) === true}
            focusable={box.id === focusBox}
          />
        ))}
        {marks.size > 0 && <MarksView boxes={boxes} marks={marks} zoom={props.zoom} />}
        <LabelsView
          stacks={stacks}
          answerAt={geometry.answer}
          zoom={props.zoom}
          selectedBox={selectedBox}
          near={near}
          answer={props.answer}
        />
      </g>
    </svg>
  );
}

/** All lines are one path, which fades as one; those of the box that is pointed at lie over it. */
const Edges = memo(function Edges({
  edges,
  hoveredBox,
}: {
  readonly edges: readonly DiagramEdge[];
  readonly hoveredBox: string | null;
}) {
  const all = useMemo(() => edges.map(({ path }) => path).join(''), [edges]);
  const near =
    hoveredBox === null ? [] : edges.filter(({ from, to }) => from === hoveredBox || to === hoveredBox);
  return (
    <g aria-hidden className={styles.edges}>
      <path d={all} />
      {near.map((edge) => (
        <path key={edge.id} d={edge.path} className={styles.near} />
      ))}
    </g>
  );
});

const Frames = memo(function Frames({
  frames,
  onFold,
}: {
  readonly frames: readonly DiagramFrame[];
  readonly onFold: (path: string) => void;
}) {
  return (
    <g aria-hidden>
      {frames.map((frame) => (
        <rect
          key={frame.path}
          x={frame.x}
          y={frame.y}
          width={frame.width}
          height={frame.height}
          rx={6}
          data-frame={frame.path}
          className={frame.depth % 2 === 0 ? styles.frameBox : `${styles.frameBox} ${styles.inner}`}
          onDoubleClick={(event) => {
            event.stopPropagation();
            onFold(frame.path);
          }}
        />
      ))}
    </g>
  );
});

const PrintPatterns = memo(function PrintPatterns() {
  return (
    <defs>
      {OP_GROUPS.filter((group) => OP_PATTERNS[group] !== '').map((group) => (
        <pattern key={group} id={`op-${group}`} width="4" height="4" patternUnits="userSpaceOnUse">
          <rect width="4" height="4" fill={opVariable(group)} />
          <path d={OP_PATTERNS[group]} stroke="var(--paper)" strokeWidth="1" fill="none" />
        </pattern>
      ))}
    </defs>
  );
});

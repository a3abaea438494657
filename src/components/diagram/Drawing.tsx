import { memo, useMemo } from 'react';
import type { FocusEvent, KeyboardEvent, MouseEvent, PointerEvent, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Network } from '../../models/network.ts';
import type { BoxMark, DiagramFrame, DiagramGeometry, DiagramJoint } from '../../viz/diagram.ts';
import { OP_PATTERNS } from '../../viz/diagramGlyph.ts';
import { append } from '../../viz/diagramUnits.ts';
import { OP_GROUPS } from '../../viz/opStyle.ts';
import { BoxView } from './BoxView.tsx';
import { boxWords, nodesOf } from './describe.ts';
import styles from './Diagram.module.css';
import { LabelsView } from './LabelsView.tsx';
import { MarksView } from './MarksView.tsx';

interface DrawingProps {
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly layer: RefObject<SVGGElement | null>;
  readonly label: string;
  readonly network: Network;
  readonly geometry: DiagramGeometry;
  readonly zoom: number;
  readonly pictures: ReadonlyMap<string, string>;
  readonly selected: string | null;
  readonly selectedBox: string | null;
  readonly hoveredBox: string | null;
  readonly near: ReadonlySet<string> | null;
  readonly focusBox: string | null;
  readonly answer: readonly string[];
  /** What is said about boxes, by box. */
  readonly marks: ReadonlyMap<string, BoxMark>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onDoubleClick: (event: MouseEvent) => void;
  readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerDown: () => void;
  readonly onPointerLeave: () => void;
  readonly onFold: (path: string) => void;
}

/** The picture itself: frames, lines, boxes, text, in one layer that pan and zoom move. */
export function Drawing(props: DrawingProps) {
  const { svg, layer, label, network, geometry, pictures, selected, selectedBox, near, focusBox, marks } =
    props;
  const { t } = useTranslation('diagram');
  const nodes = nodesOf(network.graph);
  const jointsOf = useMemo(() => {
    const joints = new Map<string, DiagramJoint[]>();
    for (const joint of geometry.joints) append(joints, joint.box, joint);
    return joints;
  }, [geometry]);
  const names = useMemo(
    () =>
      new Map(
        geometry.boxes.map((box) => {
          const said = marks.get(box.id)?.words ?? '';
          return [box.id, boxWords(t, box, nodes) + (said === '' ? '' : ` ${said}`)];
        }),
      ),
    [geometry, nodes, marks, t],
  );
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
        <Frames frames={geometry.frames} onFold={props.onFold} />
        <Edges geometry={geometry} hoveredBox={props.hoveredBox} />
        {geometry.boxes.map((box) => (
          <BoxView
            key={box.id}
            box={box}
            joints={jointsOf.get(box.id) ?? []}
            name={names.get(box.id) ?? box.id}
            face={pictures.get(box.tail) ?? pictures.get(box.head)}
            selected={selected !== null && box.id === selectedBox}
            chosen={box.id === selectedBox ? selected : null}
            near={near?.has(box.id) === true}
            focusable={box.id === focusBox}
          />
        ))}
        {marks.size > 0 && <MarksView geometry={geometry} marks={marks} zoom={props.zoom} />}
        <LabelsView
          geometry={geometry}
          zoom={props.zoom}
          selectedBox={selectedBox}
          near={near}
          answer={props.answer}
        />
      </g>
    </svg>
  );
}

const Edges = memo(function Edges({
  geometry,
  hoveredBox,
}: {
  readonly geometry: DiagramGeometry;
  readonly hoveredBox: string | null;
}) {
  return (
    <g aria-hidden className={styles.edges}>
      {geometry.edges.map((edge) => {
        const near = hoveredBox !== null && (edge.from === hoveredBox || edge.to === hoveredBox);
        return <path key={edge.id} d={edge.path} className={near ? styles.near : undefined} />;
      })}
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
          <path d={OP_PATTERNS[group]} stroke="var(--paper)" strokeWidth="1" fill="none" />
        </pattern>
      ))}
    </defs>
  );
});

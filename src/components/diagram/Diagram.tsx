import {
  memo,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { PointerEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { inputNode } from '../../models/lookup.ts';
import type { Graph } from '../../models/graph.ts';
import type { Network } from '../../models/network.ts';
import type { Pixels } from '../../models/preprocessing.ts';
import { diagramGeometry } from '../../viz/diagram.ts';
import type { BoxMark, DiagramBox } from '../../viz/diagram.ts';
import { graphFigures } from '../../viz/diagramFigures.ts';
import { measurePlex, fitText } from '../../viz/textMeasure.ts';
import { formatPercent } from '../../viz/numbers.ts';
import type { ThemeName } from '../../viz/opStyle.ts';
import { ANSWER_PX } from '../../viz/diagramView.ts';
import { withNeighbours } from '../../viz/diagramWalk.ts';
import type { Answer, LayerFace, LayerTimes } from '../../workers/contract.ts';
import { DiagramBar } from './DiagramBar.tsx';
import { Drawing } from './Drawing.tsx';
import { HoverCard } from './HoverCard.tsx';
import type { CardPlace } from './HoverCard.tsx';
import { LayerSearch } from './LayerSearch.tsx';
import { Minimap } from './Minimap.tsx';
import type { MinimapHandle } from './Minimap.tsx';
import { saveDiagram } from './saveDiagram.ts';
import type { SaveAs } from './saveDiagram.ts';
import { useDiagramKeys } from './useDiagramKeys.ts';
import { useFaces } from './useFaces.ts';
import { useFolding } from './useFolding.ts';
import { useOverlay, type ShownQuantity } from './useOverlay.ts';
import type { Folding } from './useFolding.ts';
import { useRoom, useSettledRoom } from './useRoom.ts';
import { useTallness } from './useTallness.ts';
import { useView } from './useView.ts';
import type { ViewLink } from './viewLink.ts';
import { groupWords } from './describe.ts';
import styles from './Diagram.module.css';

export interface DiagramProps {
  readonly network: Network;
  readonly selected: string | null;
  readonly hovered: string | null;
  readonly faces: readonly LayerFace[] | null;
  readonly answer: Answer | null;
  /** What the network saw: the input's face. */
  readonly picture?: Pixels | null;
  readonly onSelect: (node: string | null) => void;
  readonly onHover: (node: string | null) => void;
  readonly theme: ThemeName;
  /** What the boxes are coloured by; null: they show activations. */
  readonly quantity?: ShownQuantity | null;
  /** The measurement of the layers, where there is one. */
  readonly times?: LayerTimes | null;
  /** Where the quantity is chosen, and where its values come from: in the bar. They must keep their identity. */
  readonly choice?: ReactNode;
  readonly status?: ReactNode;
  /** One diagram of several on a page: no bar of its own, and keys count only while it has the focus. */
  readonly among?: DiagramAmong;
}

/** What a diagram shares with others on the page. The object and its functions must keep their identity. */
export interface DiagramAmong {
  /** Zooms and pans with these. */
  readonly link?: ViewLink;
  /** Which blocks are open, where somebody else keeps it. */
  readonly folding?: Folding;
  /** Networks that are drawn at one scale, this one among them, and how tall (see `tallnessFor`). */
  readonly scale?: { readonly graphs: readonly Graph[]; readonly tallness: number };
  /** What is said about a box beside what it is. */
  readonly markOf?: (box: DiagramBox) => BoxMark | null;
}
const noMarks: ReadonlyMap<string, BoxMark> = new Map();

/**
 * The network as one picture: choose, unfold, walk, zoom, search, save. It is drawn after what answers at once, in a task of its
 * own, which anything more urgent interrupts.
 */
export function Diagram(props: DiagramProps) {
  return <Drawn {...useDeferredValue(props)} />;
}

const Drawn = memo(function Drawn(props: DiagramProps) {
  const { network, selected, hovered, answer, onSelect, onHover, theme, among } = props;
  const { graph } = network;
  const { t } = useTranslation('diagram');
  const own = useFolding(network, selected);
  const folding = among?.folding ?? own;
  const figures = useMemo(() => graphFigures(graph), [graph]);
  const stage = useRef<HTMLDivElement>(null);
  const room = useSettledRoom(useRoom(stage, among === undefined ? network.ref : null));
  const filling = useTallness(graph, room);
  const tallness = among?.scale?.tallness ?? filling;
  const scaleOf = among?.scale?.graphs;
  const geometry = useMemo(
    () => diagramGeometry(graph, folding.unfolded, figures, tallness, scaleOf),
    [graph, folding.unfolded, figures, tallness, scaleOf],
  );
  const markOf = among?.markOf;
  const marks = useMemo(() => marksOf(geometry.boxes, markOf), [geometry, markOf]);
  const pictures = useFaces(props.faces, { node: inputNode(graph).id, pixels: props.picture ?? null }, theme);

  const overlay = useOverlay(graph, geometry, props.quantity ?? null, theme);

  const svg = useRef<SVGSVGElement>(null);
  const layer = useRef<SVGGElement>(null);
  const minimap = useRef<MinimapHandle>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const [card, setCard] = useState<CardPlace | null>(null);
  const [searching, setSearching] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const view = useView({
    size: room,
    svg,
    layer,
    minimap,
    geometry,
    network: network.ref,
    link: among?.link,
  });
  const selectedBox = selected === null ? null : (geometry.boxOf.get(selected) ?? null);
  const hoveredBox = hovered === null ? null : (geometry.boxOf.get(hovered) ?? null);
  const near = useMemo(
    () => (hoveredBox === null ? null : withNeighbours(geometry, hoveredBox)),
    [geometry, hoveredBox],
  );

  const { selectedHere, unfold } = folding;
  const choose = useCallback(
    (node: string | null) => {
      selectedHere(node);
      onSelect(node);
    },
    [selectedHere, onSelect],
  );
  const roomy = room.width > 0;
  // What was chosen elsewhere must be seen here; what is chosen at first, from the first paint on (see `openingView`).
  const { reveal } = view;
  const opened = useRef(false);
  useLayoutEffect(() => {
    if (!roomy || opened.current) return;
    opened.current = true;
    if (selectedBox !== null) reveal(selectedBox, 0);
  }, [roomy, selectedBox, reveal]);
  useEffect(() => {
    if (selectedBox !== null) reveal(selectedBox);
    // Another network's layer of the same name is another place, and nothing is seen before there is room.
  }, [selectedBox, reveal, network.ref, roomy]);
  useLayoutEffect(() => {
    if (searching) searchInput.current?.focus();
  }, [searching]);

  const { hold } = view;
  const open = useCallback(
    (path: string) => {
      hold(`block:${path}`);
      unfold(path);
    },
    [hold, unfold],
  );
  const close = useCallback(
    (path: string) => {
      hold(`block:${path}`);
      folding.fold(path);
    },
    [hold, folding],
  );
  const keys = useDiagramKeys({
    svg,
    graph,
    geometry,
    unfolded: folding.unfolded,
    selectedBox,
    choose,
    open,
    close,
    fit: view.fit,
    zoomBy: view.zoomBy,
    search: () => setSearching(true),
    shared: among !== undefined,
  });

  const point = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.pointerType === 'touch' || event.buttons !== 0) return;
    const target = event.target instanceof Element ? event.target : null;
    const box = target?.closest('[data-box]')?.getAttribute('data-box') ?? null;
    const node = target?.closest('[data-node]')?.getAttribute('data-node') ?? null;
    if (box === null || node === null) {
      leave();
      return;
    }
    if (card?.node === node && card.box === box) return;
    const place = view.onScreen(box);
    if (place !== null) setCard({ box, node, ...place });
    onHover(node);
  };
  const leave = (): void => {
    if (card !== null) setCard(null);
    if (hovered !== null) onHover(null);
  };

  const best = answer?.ref === network.ref ? answer.top[0] : undefined;
  const classes = t('classes', { count: network.info.classes });
  const answerLines =
    best === undefined
      ? [classes]
      : [fitText(best.name, 'sans-bold', 13, ANSWER_PX - 8, measurePlex), formatPercent(best.probability)];
  const save = (as: SaveAs): void => {
    const words = {
      title: network.info.name,
      groups: groupWords(t),
      answer: answerLines,
      note: t('legendBox'),
      ...(overlay && { overlay: overlay.scale }),
    };
    setFailure(null);
    saveDiagram(
      {
        geometry,
        theme,
        words,
        faces: pictures,
        overlay: overlay?.boxes ?? null,
        fileName: `${network.info.id}-${props.quantity?.quantity ?? 'diagram'}`,
      },
      as,
    ).catch((error: unknown) =>
      setFailure(t('saveFailed', { reason: error instanceof Error ? error.message : String(error) })),
    );
  };
  const cardBox = card === null ? undefined : geometry.boxes.find((box) => box.id === card.box);

  return (
    <div className={styles.diagram}>
      <div className={styles.stage} ref={stage}>
        <Drawing
          svg={svg}
          layer={layer}
          label={t('label', { name: network.info.name })}
          network={network}
          geometry={geometry}
          zoom={view.labelZoom}
          region={view.region}
          pictures={pictures}
          selected={selected}
          selectedBox={selectedBox}
          hoveredBox={hoveredBox}
          near={near}
          focusBox={keys.focusBox}
          answer={answerLines}
          marks={marks}
          overlay={overlay?.drawn ?? null}
          onKeyDown={keys.onKeyDown}
          onFocus={keys.onFocus}
          onClick={keys.onClick}
          onDoubleClick={keys.onDoubleClick}
          onPointerMove={point}
          onPointerDown={() => setCard(null)}
          onPointerLeave={leave}
          onFold={close}
        />
        {view.overflows && <Minimap geometry={geometry} ref={minimap} onPoint={view.centre} />}
        {card !== null && cardBox !== undefined && (
          <HoverCard
            graph={graph}
            box={cardBox}
            place={card}
            room={room}
            times={props.times ?? null}
            values={overlay?.values ?? null}
          />
        )}
        {searching && (
          <LayerSearch
            ref={searchInput}
            graph={graph}
            onClose={() => setSearching(false)}
            onChoose={(node) => {
              setSearching(false);
              keys.focusNode(node);
              // Not the diagram's own choice: what hides the layer must open.
              onSelect(node);
              folding.reveal(node);
            }}
          />
        )}
        {failure !== null && (
          <p role="alert" className={styles.failure}>
            {failure}
          </p>
        )}
      </div>
      {among === undefined && (
        <DiagramBar
          groups={geometry.groups}
          zoom={view.labelZoom}
          foldable={graph.blocks.length > 0}
          onZoom={view.zoomBy}
          onActual={view.actualSize}
          onFit={view.fit}
          onSearch={() => setSearching(true)}
          onFoldAll={folding.foldAll}
          onUnfoldAll={folding.unfoldAll}
          onSave={save}
          theme={theme}
          overlay={overlay}
          choice={props.choice}
          status={props.status}
        />
      )}
    </div>
  );
});

function marksOf(boxes: readonly DiagramBox[], markOf: DiagramAmong['markOf']): ReadonlyMap<string, BoxMark> {
  if (markOf === undefined) return noMarks;
  const marks = boxes.flatMap((box) => {
    const mark = markOf(box);
    return mark === null ? [] : [[box.id, mark] as const];
  });
  return new Map(marks);
}

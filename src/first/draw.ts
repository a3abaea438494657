import { Drawing } from '../components/diagram/Drawing.tsx';
import { diagramGeometry } from '../viz/diagram.ts';
import { firstFolding } from '../viz/diagramFolding.ts';
import { openingView, tallnessFor } from '../viz/diagramView.ts';
import { placeDrawing, showFrame, shownFrame, shownZoom, type Shown } from './frame.ts';
import type { Scene } from './scene.ts';

/**
 * The page's first view in all other windows, and in phones of an uncommon height: the frame as it was drawn when the page
 * was built, and the diagram drawn here by the diagram's own components for the window as it is. It runs within the page
 * itself, at its end.
 */
declare const __SCENE__: Scene;

const nothing = (): void => undefined;

/** Draws the diagram for its room in the place that waits for it. */
function draw(shown: Shown, scene: Scene): void {
  const { graph, heights, figures, layer, classes } = scene;
  const { there, stage } = shown;
  const room = { width: stage.clientWidth, height: stage.clientHeight };
  const geometry = diagramGeometry(
    graph,
    firstFolding(graph),
    (ids) => {
      const known = ids.map((id) => figures[id] ?? [0, 0]);
      const sum = (of: 0 | 1) => known.reduce((all, each) => all + each[of], 0);
      return { parameters: sum(0), bytes: sum(1) };
    },
    tallnessFor(...heights, room),
  );
  const selectedBox = geometry.boxOf.get(layer) ?? null;
  const view = openingView(geometry, selectedBox, room);
  const svg: { current: SVGSVGElement | null } = { current: null };
  const moved: { current: SVGGElement | null } = { current: null };
  const drawn = Drawing({
    svg,
    layer: moved,
    label: '',
    network: { graph },
    geometry,
    zoom: shownZoom(view.k),
    region: null,
    pictures: new Map(),
    selected: layer,
    selectedBox,
    hoveredBox: null,
    near: null,
    focusBox: selectedBox,
    answer: [classes[document.documentElement.lang === 'ko' ? 'ko' : 'en']],
    marks: new Map(),
    onKeyDown: nothing,
    onFocus: nothing,
    onClick: nothing,
    onDoubleClick: nothing,
    onPointerMove: nothing,
    onPointerDown: nothing,
    onPointerLeave: nothing,
    onFold: nothing,
  });
  // The components make elements here (see elements.ts), whatever their types say.
  there.replaceWith(drawn as unknown as Element);
  placeDrawing(shown, svg.current, moved.current, view);
}

const shown = document.querySelector('#root > [inert]') ? shownFrame() : showFrame(__SCENE__);
if (shown) draw(shown, __SCENE__);

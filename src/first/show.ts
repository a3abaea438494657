import { Drawing } from '../components/diagram/Drawing.tsx';
import { languageFor } from '../components/store/defaults.ts';
import type { Language } from '../components/store/types.ts';
import { keptShare, splitRows } from '../components/ui/splitKept.ts';
import { diagramGeometry } from '../viz/diagram.ts';
import { firstFolding } from '../viz/diagramFolding.ts';
import { firstView, openingView, tallnessFor } from '../viz/diagramView.ts';
import type { DrawingView, Room } from '../viz/diagramView.ts';
import { formatPercent } from '../viz/numbers.ts';
import { templateId, type Scene } from './scene.ts';

/**
 * What the page shows before its code is there: its own frame, drawn when it was built, and the diagram of the network
 * that a first visit opens, drawn here by the diagram's own components for the window as it is. It answers no click;
 * React draws the same in its place. It runs within the page itself, before the first paint.
 */
declare const __SCENE__: Scene;
/** The address of the style sheet that names the Korean fonts. */
declare const __KOREAN__: string;

const nothing = (): void => undefined;

function show(scene: Scene): void {
  const root = document.getElementById('root');
  const language = askedLanguage();
  if (!root || language === null) return;
  const frame = matchMedia('(min-width: 1200px)').matches
    ? 'wide'
    : matchMedia('(min-width: 700px)').matches
      ? 'medium'
      : 'narrow';
  const template = document.getElementById(templateId(frame, language));
  if (!(template instanceof HTMLTemplateElement)) return;
  const still = document.createElement('div');
  still.inert = true;
  still.append(template.content.cloneNode(true));
  const { documentElement } = document;
  documentElement.dataset.first = '';
  documentElement.lang = language;
  document.title = `${scene.name} · ConvScope`;
  // The syllables' fonts would else be asked for when the page's own code is here, and lines would break anew.
  if (language === 'ko') document.head.append(styleSheet(__KOREAN__));
  root.append(still);
  keepShare(still);

  const there = still.querySelector('[data-drawing]');
  const stage = there?.parentElement;
  if (!there || !stage) return;
  const room = { width: stage.clientWidth, height: stage.clientHeight };
  // The live diagram asks for its room here (useRoom.ts).
  stage.dataset.picture = '';
  const ready = there instanceof SVGSVGElement && isReady(scene, room) ? there : null;
  const zoom = ready ? moveReady(ready, scene, room) : draw(there, scene, room, language);
  const percent = still.querySelector('[data-percent]');
  if (percent) percent.textContent = formatPercent(zoom, 0);
}

/** Whether the diagram that a phone's frame holds is that of this room. */
function isReady({ heights, phone }: Scene, room: Room): boolean {
  const sameZoom = Math.abs(firstView(phone, room).k - phone.zoom) < 1e-9;
  return sameZoom && tallnessFor(...heights, room) === phone.tallness;
}

function moveReady(svg: SVGSVGElement, { phone }: Scene, room: Room): number {
  const { bounds, chosen } = phone;
  delete svg.dataset.drawing;
  place(svg, svg.querySelector('defs + g'), openingView({ bounds, boxes: [chosen] }, chosen.id, room));
  return shownZoom(phone.zoom);
}

function place(svg: SVGSVGElement | null, layer: Element | null, { k, x, y }: DrawingView): void {
  svg?.style.setProperty('--zoom', String(k));
  layer?.setAttribute('transform', `translate(${x} ${y}) scale(${k})`);
}

/** As the live one: within half a percent of 100 %, text is that of 100 %. */
const shownZoom = (k: number): number => (Math.abs(1 / k - 1) < 0.005 ? 1 : k);

/** Draws the diagram for its room in the place of `there`; its zoom. */
function draw(there: Element, scene: Scene, room: Room, language: Language): number {
  const { graph, heights, figures, layer, classes } = scene;
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
  const zoom = shownZoom(view.k);
  const svg: { current: SVGSVGElement | null } = { current: null };
  const moved: { current: SVGGElement | null } = { current: null };
  const drawn = Drawing({
    svg,
    layer: moved,
    label: '',
    network: { graph },
    geometry,
    zoom,
    region: null,
    pictures: new Map(),
    selected: layer,
    selectedBox,
    hoveredBox: null,
    near: null,
    focusBox: selectedBox,
    answer: [classes[language]],
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
  place(svg.current, moved.current, view);
  return zoom;
}

function styleSheet(href: string): HTMLLinkElement {
  const link = document.createElement('link');
  return Object.assign(link, { rel: 'stylesheet', crossOrigin: '', href });
}

/** The language of this visit; null where the address asks for more than a language, which is not what is drawn here. */
function askedLanguage(): Language | null {
  const query = new URLSearchParams(location.search);
  const asked = query.get('lang');
  query.delete('lang');
  if (query.size > 0) return null;
  return asked === 'en' || asked === 'ko' ? asked : languageFor(navigator.languages);
}

/** The border under the diagram stands where an earlier visit left it. */
function keepShare(still: Element): void {
  const separator = still.querySelector('[role=separator]');
  const kept = keptShare('maps');
  const split = separator?.parentElement;
  if (!separator || !split || kept === null) return;
  const [least, most] = ['aria-valuemin', 'aria-valuemax'].map((name) =>
    Number(separator.getAttribute(name)),
  );
  split.style.gridTemplateRows = splitRows(Math.min(Math.max(kept, least ?? 0), most ?? 100));
}

show(__SCENE__);

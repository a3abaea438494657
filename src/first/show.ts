import { Drawing } from '../components/diagram/Drawing.tsx';
import { languageFor } from '../components/store/defaults.ts';
import type { Language } from '../components/store/types.ts';
import { keptShare, splitRows } from '../components/ui/splitKept.ts';
import { diagramGeometry } from '../viz/diagram.ts';
import { firstFolding } from '../viz/diagramFolding.ts';
import { openingView, tallnessFor } from '../viz/diagramView.ts';
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

function show({ graph, heights, figures, layer, name, classes }: Scene): void {
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
  document.title = `${name} · ConvScope`;
  // The syllables' fonts would else be asked for when the page's own code is here, and lines would break anew.
  if (language === 'ko') document.head.append(styleSheet(__KOREAN__));
  root.append(still);
  keepShare(still);

  const place = still.querySelector('[data-drawing]');
  const stage = place?.parentElement;
  if (!place || !stage) return;
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
  const { k, x, y } = openingView(geometry, selectedBox, room);
  // As the live one: within half a percent of 100 %, text is that of 100 %.
  const zoom = Math.abs(1 / k - 1) < 0.005 ? 1 : k;
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
  place.replaceWith(drawn as unknown as Element);
  // The live diagram asks for its room here (useRoom.ts).
  stage.dataset.picture = '';
  svg.current?.style.setProperty('--zoom', String(k));
  moved.current?.setAttribute('transform', `translate(${x} ${y}) scale(${k})`);
  const percent = still.querySelector('[data-percent]');
  if (percent) percent.textContent = formatPercent(zoom, 0);
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

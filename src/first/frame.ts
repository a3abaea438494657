import { languageFor } from '../components/store/defaults.ts';
import type { Language } from '../components/store/types.ts';
import { keptShare, splitRows } from '../components/ui/splitKept.ts';
import type { DrawingView } from '../viz/diagramView.ts';
import { formatPercent } from '../viz/numbers.ts';
import { templateId, type Outline } from './scene.ts';

/** The page's frame, and the place in it where the diagram is or is to be. */
export interface Shown {
  readonly still: Element;
  readonly there: Element;
  readonly stage: HTMLElement;
}

/**
 * Shows the page's frame for this window and language, as it was drawn when the page was built. Null where the address asks
 * for something else, or the frame's template has not come yet: those of phones come first.
 */
export function showFrame({ name, korean }: Outline): Shown | null {
  const root = document.getElementById('root');
  const language = askedLanguage();
  if (!root || language === null) return null;
  const frame = matchMedia('(min-width: 1200px)').matches
    ? 'wide'
    : matchMedia('(min-width: 700px)').matches
      ? 'medium'
      : 'narrow';
  const template = document.getElementById(templateId(frame, language));
  if (!(template instanceof HTMLTemplateElement)) return null;
  const still = document.createElement('div');
  still.inert = true;
  still.append(template.content.cloneNode(true));
  const { documentElement } = document;
  documentElement.dataset.first = '';
  documentElement.lang = language;
  document.title = `${name} · ConvScope`;
  // The syllables' fonts would else be asked for when the page's own code is here, and lines would break anew.
  if (language === 'ko') document.head.append(styleSheet(korean));
  root.append(still);
  keepShare(still);
  return placeIn(still);
}

/** The frame that is shown already, where its diagram is still to be drawn. */
export function shownFrame(): Shown | null {
  const still = document.querySelector('#root > [inert]');
  return still && placeIn(still);
}

function placeIn(still: Element): Shown | null {
  const there = still.querySelector('[data-drawing]');
  const stage = there?.parentElement;
  if (!there || !stage) return null;
  // The live diagram asks for its room here (useRoom.ts).
  stage.dataset.picture = '';
  return { still, there, stage };
}

/** Puts a drawn diagram where it opens, and says how large it is. */
export function placeDrawing(
  { still }: Shown,
  svg: SVGSVGElement | null,
  layer: Element | null,
  { k, x, y }: DrawingView,
): void {
  const zoom = String(k);
  // Setting it styles all text anew.
  if (svg?.style.getPropertyValue('--zoom') !== zoom) svg?.style.setProperty('--zoom', zoom);
  layer?.setAttribute('transform', `translate(${x} ${y}) scale(${k})`);
  const percent = still.querySelector('[data-percent]');
  const words = formatPercent(shownZoom(k), 0);
  if (percent && percent.textContent !== words) percent.textContent = words;
}

/** As the live one: within half a percent of 100 %, text is that of 100 %. */
export const shownZoom = (k: number): number => (Math.abs(1 / k - 1) < 0.005 ? 1 : k);

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

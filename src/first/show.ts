import { openingView, tallnessFor } from '../viz/diagramView.ts';
import { placeDrawing, showFrame } from './frame.ts';
import type { Outline } from './scene.ts';

/**
 * What a phone shows before the page's code is there: its frame with the diagram of the network that a first visit opens,
 * both drawn when the page was built, moved to where the diagram opens in the window as it is. It answers no click; React
 * draws the same in its place. This script stands in the page right behind the phones' templates, before all that phones
 * have no use for: what comes after it on the link does not keep the first paint waiting.
 */
declare const __OUTLINE__: Outline;

function show(outline: Outline): void {
  const shown = showFrame(outline);
  if (!shown) return;
  const { there, stage } = shown;
  const room = { width: stage.clientWidth, height: stage.clientHeight };
  if (!(there instanceof SVGSVGElement)) return;
  const { heights, phone } = outline;
  const { bounds, chosen, zoom, tallness } = phone;
  const view = openingView({ bounds, boxes: [chosen] }, chosen.id, room);
  placeDrawing(shown, there, there.querySelector('defs + g'), view);
  // In a room of another height it is nearly right; draw.ts draws it anew.
  const exact = Math.abs(view.k - zoom) < 1e-9 && tallnessFor(...heights, room) === tallness;
  if (exact) delete there.dataset.drawing;
}

show(__OUTLINE__);

import type { DiagramBox, Rect } from './diagramTypes.ts';

/** How far a map may be squeezed to show all of itself on its box's front; beyond that its edges are cut. */
const MOST_SQUEEZE = 2;
/** A photo is known to the eye: it keeps its proportion. */
const isPhoto = (box: DiagramBox): boolean => box.group === 'output' && box.form === 'tensor';

/** The part of a map (its sides are 1) that its box's front shows: all of it, or its middle where it would be squeezed too much. */
export function faceView(box: DiagramBox): Rect {
  const front = (box.width / box.height) * (box.shape[0] / box.shape[1]);
  const squeeze = isPhoto(box) ? 1 : MOST_SQUEEZE;
  const width = Math.min(1, front * squeeze);
  const height = Math.min(1, squeeze / front);
  return { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
}

/** The part of its map that a box's front shows, as SVG states it. */
export function viewBox(box: DiagramBox): string {
  const { x, y, width, height } = faceView(box);
  return [x, y, width, height].map((value) => value.toFixed(4)).join(' ');
}

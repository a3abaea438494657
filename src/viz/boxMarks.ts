import type { BoxMark, DiagramBox, Rect } from './diagramTypes.ts';
import { measurePlex } from './textMeasure.ts';

/** Text of a mark on screen, CSS px at every zoom. */
export const MARK_TEXT = { size: 11, height: 15, pad: 4 } as const;

/** The outline of a mark around all that is drawn for its box, in diagram units. */
export function markFrame({ room }: DiagramBox): Rect {
  return { x: room.x - 2, y: room.y - 2, width: room.width + 3, height: room.height + 4 };
}

/** As much of what a mark says as its box has room for at this zoom, and how wide its plate is (px); null for nothing. */
export function markText(
  { texts }: BoxMark,
  box: DiagramBox,
  zoom: number,
): { readonly text: string; readonly wide: number } | null {
  if (box.height * zoom < MARK_TEXT.height) return null;
  const widthOf = (text: string): number =>
    measurePlex(text, 'sans-bold', MARK_TEXT.size) + 2 * MARK_TEXT.pad;
  const text = texts.find((each) => widthOf(each) <= box.room.width * zoom);
  return text === undefined ? null : { text, wide: widthOf(text) };
}

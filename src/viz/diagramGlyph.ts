import type { DiagramBox, Rect } from './diagramTypes.ts';
import { round } from './diagramRoute.ts';
import { SIZE } from './diagramSizes.ts';
import type { OpGroup } from './opStyle.ts';

/** The light edge of a box, as SVG path data: its top, its right side, and the outlines of copies stacked behind it. */
export interface BoxGlyph {
  readonly top: string;
  readonly side: string;
  /** Farthest first, so that they can be drawn in order. */
  readonly copies: readonly { readonly front: Rect; readonly top: string; readonly side: string }[];
}

/** The shapes that a box is drawn with. */
export function boxGlyph(box: DiagramBox): BoxGlyph {
  const copies = box.form === 'block' ? Math.min(box.count, 3) - 1 : 0;
  return {
    ...edges(box, box.depth),
    copies: Array.from({ length: copies }, (_, i) => {
      const shift = (copies - i) * SIZE.stack;
      const front = { x: box.x + shift, y: box.y - shift, width: box.width, height: box.height };
      return { front, ...edges(front, box.depth) };
    }),
  };
}

function edges(front: Rect, { dx, dy }: DiagramBox['depth']): { top: string; side: string } {
  const { x, y, width, height } = front;
  const right = x + width;
  return {
    top: polygon([x, y], [x + dx, y - dy], [right + dx, y - dy], [right, y]),
    side: polygon([right, y], [right + dx, y - dy], [right + dx, y + height - dy], [right, y + height]),
  };
}

function polygon(...points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z`;
}

/** The sign in a join's circle, as strokes: fonts differ, strokes do not. */
export function signPath(box: DiagramBox): string {
  const [cx, cy] = [round(box.x + box.width / 2), round(box.y + box.height / 2)];
  if (box.sign === '+') return `M${cx - 4.5} ${cy}h9M${cx} ${cy - 4.5}v9`;
  if (box.sign === '‖') return `M${cx - 2} ${cy - 4.5}v9M${cx + 2} ${cy - 4.5}v9`;
  return `M${cx - 4.5} ${cy - 2}h9M${cx - 4.5} ${cy + 2}h9`;
}

/**
 * Print patterns, one a group: strokes in a tile of 4x4 over the group's colour, so that greyscale print keeps the
 * groups apart. Convolutions, the most common, stay plain.
 */
export const OP_PATTERNS: Readonly<Record<OpGroup, string>> = {
  conv: '',
  dense: 'M0 1H4M0 3H4',
  pool: 'M0 4L4 0M-1 1L1 -1M3 5L5 3',
  norm: 'M2 0V4',
  activation: 'M0 0L4 4M-1 3L1 5M3 -1L5 1',
  join: 'M0 2H4M2 0V4',
  output: 'M1.2 2a.8 .8 0 1 0 1.6 0a.8 .8 0 1 0 -1.6 0',
};

export type TipSide = 'top' | 'right' | 'bottom' | 'left';

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Place extends Size {
  readonly left: number;
  readonly top: number;
}

/** Between a label and what it names, and between a label and the window's edge, px. */
const gap = 5;
const edge = 8;
const opposite = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' } as const;

/** Where a label stands: beside its owner, in the middle, on the other side where there is no room; always in the window. */
export function tipPlace(
  owner: Place,
  label: Size,
  side: TipSide,
  room: Size,
): { left: number; top: number } {
  const at = (where: TipSide) => {
    const middle = {
      left: owner.left + (owner.width - label.width) / 2,
      top: owner.top + (owner.height - label.height) / 2,
    };
    if (where === 'top') return { ...middle, top: owner.top - gap - label.height };
    if (where === 'bottom') return { ...middle, top: owner.top + owner.height + gap };
    if (where === 'left') return { ...middle, left: owner.left - gap - label.width };
    return { ...middle, left: owner.left + owner.width + gap };
  };
  const fits = ({ left, top }: { left: number; top: number }): boolean =>
    side === 'left' || side === 'right'
      ? left >= edge && left + label.width <= room.width - edge
      : top >= edge && top + label.height <= room.height - edge;
  const wanted = at(side);
  const other = at(opposite[side]);
  const { left, top } = fits(wanted) || !fits(other) ? wanted : other;
  return {
    left: Math.max(edge, Math.min(left, room.width - edge - label.width)),
    top: Math.max(edge, Math.min(top, room.height - edge - label.height)),
  };
}

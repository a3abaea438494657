import { create } from 'zustand';

/** One unit of a layer under the pointer or the keyboard cursor. */
export interface HoverUnit {
  readonly node: string;
  readonly channel: number;
  readonly y: number;
  readonly x: number;
}

interface HoverUnitState {
  readonly unit: HoverUnit | null;
  hover(unit: HoverUnit | null): void;
}

/** Which unit is looked at: maps write it, the picture that the network saw outlines its field. Not part of the URL. */
export const useHoverUnit = create<HoverUnitState>()((set, get) => ({
  unit: null,
  hover(unit) {
    const { unit: before } = get();
    // Pointers move in pixels and units are larger: only a change of unit is worth a render.
    if (unit !== null && before !== null && sameUnit(unit, before)) return;
    if (unit !== before) set({ unit });
  },
}));

function sameUnit(a: HoverUnit, b: HoverUnit): boolean {
  return a.node === b.node && a.channel === b.channel && a.y === b.y && a.x === b.x;
}

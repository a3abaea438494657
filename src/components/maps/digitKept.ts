import type { Stroke } from './digitStrokes.ts';

const key = 'convscope:digit';

/** Keeps a drawing on this machine; an empty canvas keeps nothing. Four digits are a ten-thousandth of the square. */
export function keepStrokes(strokes: readonly Stroke[]): void {
  try {
    if (strokes.length === 0) localStorage.removeItem(key);
    else
      localStorage.setItem(
        key,
        JSON.stringify(strokes, (_, v) => (typeof v === 'number' ? +v.toFixed(4) : v)),
      );
  } catch {
    // A drawing that cannot be kept is still the drawing of this visit.
  }
}

/** The drawing of the last visit, or null where there is none or it is not one. */
export function keptStrokes(): readonly Stroke[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return Array.isArray(kept) && kept.length > 0 && kept.every(isStroke) ? kept : null;
  } catch {
    return null;
  }
}

function isStroke(value: unknown): value is Stroke {
  const inside = (n: unknown) => typeof n === 'number' && Number.isFinite(n);
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((point) => Array.isArray(point) && point.length === 2 && point.every(inside))
  );
}

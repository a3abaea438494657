import type { CSSProperties } from 'react';

interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const percent = (part: number): string => `${part * 100}%`;

/** The style of an element over a part of a picture, in parts of the picture's sides (0 to 1). */
export const placedAt = ({ left, top, width, height }: Part): CSSProperties => ({
  left: percent(left),
  top: percent(top),
  width: percent(width),
  height: percent(height),
});

import { hcl } from 'd3-color';
import { interpolateNumber, piecewise } from 'd3-interpolate';

/**
 * Colour ramps with lightness linear in the value (CIE L*), so that equal steps of activation look equal and a grey
 * print keeps the order. Both merge with the page at zero: paper in the light theme, near black in the dark one.
 */

export type RampTheme = 'light' | 'dark';

/** 256 colours as packed RGBA, in the byte order of an ImageData on this machine. */
export type Lut = Uint32Array<ArrayBuffer>;

const hueOf = piecewise(interpolateNumber, [95, 150, 205, 255, 285]);
const chromaOf = {
  light: piecewise(interpolateNumber, [2, 26, 30, 34, 26]),
  dark: piecewise(interpolateNumber, [3, 30, 34, 30, 3]),
};

/** A colour of the sequential ramp as `rgb(...)`; `t` from 0 (nothing) to 1 (the strongest). */
export function sequentialColour(t: number, theme: RampTheme): string {
  return sequential(clamp01(t), theme).toString();
}

/** A colour of the diverging ramp; `t` from -1 (most negative, blue) through 0 (the page) to 1 (most positive, red). */
export function divergingColour(t: number, theme: RampTheme): string {
  return diverging(Math.max(-1, Math.min(1, t)), theme).toString();
}

/** The sequential ramp as a table over 0..1, made once a theme. */
export const sequentialLut = perTheme((theme) => table((i) => sequential(i / 255, theme)));

/** The diverging ramp as a table over -1..1; entry 128 is zero. Made once a theme. */
export const divergingLut = perTheme((theme) =>
  table((i) => diverging(i < 128 ? (i - 128) / 128 : (i - 128) / 127, theme)),
);

function sequential(t: number, theme: RampTheme) {
  const [start, end] = theme === 'light' ? [95, 14] : [11, 95];
  // In the dark theme the bright end takes the warm, paper-like hue and the dark end the blue: the same family reversed.
  const u = theme === 'light' ? t : 1 - t;
  return hcl(hueOf(u), chromaOf[theme](t), start + (end - start) * t)
    .rgb()
    .clamp();
}

function diverging(t: number, theme: RampTheme) {
  const size = Math.abs(t);
  const [zero, end] = theme === 'light' ? [95, 34] : [11, 80];
  const chroma = 2 + 46 * size;
  return hcl(t < 0 ? 262 : 42, chroma, zero + (end - zero) * size)
    .rgb()
    .clamp();
}

function table(colour: (i: number) => { r: number; g: number; b: number }): Lut {
  const lut = new Uint32Array(256);
  const bytes = new Uint8ClampedArray(lut.buffer);
  for (let i = 0; i < 256; i += 1) {
    const { r, g, b } = colour(i);
    bytes.set([r, g, b, 255], i * 4);
  }
  return lut;
}

function perTheme(make: (theme: RampTheme) => Lut): (theme: RampTheme) => Lut {
  const made = new Map<RampTheme, Lut>();
  return (theme) => {
    const lut = made.get(theme) ?? make(theme);
    made.set(theme, lut);
    return lut;
  };
}

function clamp01(t: number): number {
  return t > 0 ? Math.min(1, t) : 0;
}

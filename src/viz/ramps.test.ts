import { lab } from 'd3-color';
import { describe, expect, it } from 'vitest';
import { divergingColour, divergingLut, sequentialColour, sequentialLut, type Lut } from './ramps.ts';

function lightness(lut: Lut): number[] {
  const bytes = new Uint8Array(lut.buffer);
  return Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = bytes.subarray(i * 4, i * 4 + 3);
    return lab(`rgb(${r}, ${g}, ${b})`).l;
  });
}

describe.each(['light', 'dark'] as const)('the sequential ramp, %s', (theme) => {
  const l = lightness(sequentialLut(theme));
  const direction = theme === 'light' ? -1 : 1;

  it('moves from the page to its opposite without turning back', () => {
    expect(l[0]).toBeCloseTo(theme === 'light' ? 95 : 11, 0);
    expect(l[255]).toBeCloseTo(theme === 'light' ? 14 : 95, 0);
    for (let i = 4; i < 256; i += 1) expect(direction * (l[i]! - l[i - 4]!)).toBeGreaterThan(0);
  });

  it('has equal steps of lightness for equal steps of value', () => {
    for (let i = 0; i < 256; i += 1) {
      const straight = l[0]! + ((l[255]! - l[0]!) * i) / 255;
      expect(Math.abs(l[i]! - straight)).toBeLessThan(1.5);
    }
  });

  it('is opaque everywhere', () => {
    const bytes = new Uint8Array(sequentialLut(theme).buffer);
    for (let i = 3; i < 1024; i += 4) expect(bytes[i]).toBe(255);
  });
});

describe.each(['light', 'dark'] as const)('the diverging ramp, %s', (theme) => {
  it('has zero at entry 128 and equal lightness on both sides', () => {
    const l = lightness(divergingLut(theme));
    expect(l[128]).toBeCloseTo(theme === 'light' ? 95 : 11, 0);
    for (const step of [32, 64, 96, 127]) expect(Math.abs(l[128 + step]! - l[128 - step]!)).toBeLessThan(3);
  });

  it('tells the signs apart by hue', () => {
    expect(divergingColour(-1, theme)).not.toBe(divergingColour(1, theme));
    expect(divergingColour(-7, theme)).toBe(divergingColour(-1, theme));
  });
});

it('clamps what lies outside 0..1 and takes NaN for nothing', () => {
  expect(sequentialColour(2, 'light')).toBe(sequentialColour(1, 'light'));
  expect(sequentialColour(Number.NaN, 'light')).toBe(sequentialColour(0, 'light'));
});

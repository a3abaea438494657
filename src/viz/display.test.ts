import { describe, expect, it } from 'vitest';
import vectors from '../../tests/display/vectors.json' with { type: 'json' };
import { displayBytes, displayRgba, displayScale } from './display.ts';

const decode = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

describe.each(vectors.entries)('$projection as PyTorch and NumPy display it', (entry) => {
  const values = new Float32Array(decode(entry.values).buffer);
  it.each(entry.displays)('at the percentile $percentile', (display) => {
    const scale = displayScale(values, display.percentile);
    expect(scale.s).toBeCloseTo(display.scale, 12);
    expect(scale.clippedShare).toBeCloseTo(display.clippedFraction, 12);
    expect(scale.allZero).toBe(false);
    expect([...displayBytes(values, scale.s)]).toEqual([...decode(display.bytes)]);
  });
});

describe('display of a projection', () => {
  it('shows zero as the same grey whatever the other values are', () => {
    expect(displayBytes([0, 5, -0.25], 5)[0]).toBe(128);
    expect(displayBytes([0, -1e-9], 1e-9)[0]).toBe(128);
  });

  it('is symmetric: plus and minus s are 255 and 1, and what lies beyond is clipped', () => {
    expect([...displayBytes([2, -2, 9, -9], 2)]).toEqual([255, 1, 255, 1]);
  });

  it('rounds half to even, as rint does', () => {
    const half = 0.5 / 127;
    expect([...displayBytes([half, 3 * half], 1)]).toEqual([128, 130]);
  });

  it('says that all is zero instead of amplifying noise', () => {
    expect(displayScale(new Float32Array(12))).toEqual({ s: 0, clippedShare: 0, allZero: true });
    expect([...displayBytes([0, 0], 0)]).toEqual([128, 128]);
  });

  it('tells a percentile of zero from an all-zero picture', () => {
    const sparse = new Float32Array(1000);
    sparse[3] = 1;
    expect(displayScale(sparse, 99.5)).toEqual({ s: 0, clippedShare: 0, allZero: false });
  });

  it('writes one channel as grey and three as colour', () => {
    expect([...displayRgba([1, -1], 1, 1)]).toEqual([255, 255, 255, 255, 1, 1, 1, 255]);
    expect([...displayRgba([1, 0, -1], 3, 1)]).toEqual([255, 128, 1, 255]);
  });
});

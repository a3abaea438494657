import { describe, expect, it } from 'vitest';
import { tipPlace } from './tipPlace.ts';

const room = { width: 400, height: 300 };
const label = { width: 100, height: 20 };
const owner = { left: 150, top: 140, width: 40, height: 30 };

describe('the place of a label', () => {
  it.each([
    ['top', { left: 120, top: 115 }],
    ['bottom', { left: 120, top: 175 }],
    ['left', { left: 45, top: 145 }],
    ['right', { left: 195, top: 145 }],
  ] as const)('is beside its owner and in its middle: %s', (side, place) => {
    expect(tipPlace(owner, label, side, room)).toEqual(place);
  });

  it('is on the other side where there is no room', () => {
    expect(tipPlace({ ...owner, top: 10 }, label, 'top', room).top).toBe(45);
    expect(tipPlace({ ...owner, left: 350 }, label, 'right', room).left).toBe(245);
  });

  it('is in the window, whatever its owner is', () => {
    expect(tipPlace({ ...owner, left: 0 }, label, 'bottom', room).left).toBe(8);
    expect(tipPlace({ ...owner, left: 390 }, label, 'bottom', room).left).toBe(292);
    expect(tipPlace({ left: 0, top: 0, width: 400, height: 300 }, label, 'top', room).top).toBe(8);
  });
});

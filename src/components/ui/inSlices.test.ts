// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { inSlices } from './inSlices.ts';

afterEach(() => vi.unstubAllGlobals());

it('lets parts out of sight follow a change a screenful a frame, at the size that they had', () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  const parts = [-900, 100, 2000, 2500].map((top) => {
    const part = document.createElement('section');
    part.dataset.follows = '';
    part.getBoundingClientRect = () => new DOMRect(0, top, 100, 400);
    document.body.append(part);
    return part;
  });
  const hidden = () => parts.map(({ style }) => style.contentVisibility === 'hidden');
  let changed: readonly boolean[] = [];
  inSlices(() => (changed = hidden()));
  expect(changed).toEqual([true, false, true, true]);
  expect(parts[0]!.style.containIntrinsicBlockSize).toBe('400px');
  const seen: (readonly boolean[])[] = [];
  while (frames.length > 0) {
    frames.shift()!();
    seen.push(hidden());
  }
  expect(seen.slice(0, 3)).toEqual([
    [true, false, true, true],
    [false, false, false, true],
    [false, false, false, false],
  ]);
  expect(parts[0]!.style.containIntrinsicBlockSize).toBe('');
});

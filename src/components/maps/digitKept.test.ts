// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { keepStrokes, keptStrokes } from './digitKept.ts';

beforeEach(() => localStorage.clear());

describe('a drawing that is kept', () => {
  it('comes back to four digits, and a wiped one does not', () => {
    keepStrokes([
      [
        [0.123456, 0.5],
        [1, 0],
      ],
      [[0.25, 0.75]],
    ]);
    expect(keptStrokes()).toEqual([
      [
        [0.1235, 0.5],
        [1, 0],
      ],
      [[0.25, 0.75]],
    ]);
    keepStrokes([]);
    expect(keptStrokes()).toBeNull();
  });

  it.each(['', '{', '[]', '{}', '[[]]', '[[[1]]]', '[[["a",1]]]', '[[[1,null]]]'])(
    'is none where storage has %j',
    (text) => {
      localStorage.setItem('convscope:digit', text);
      expect(keptStrokes()).toBeNull();
    },
  );
});

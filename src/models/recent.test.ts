import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createRecent, type Recent } from './recent.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Value {
  readonly size: number;
}
const sized = () => createRecent<Value>(10, ({ size }) => size);
/** Puts values that nobody else holds, by their keys' sizes. */
const put = (recent: Recent<Value>, ...sizes: readonly number[]) =>
  sizes.forEach((size) => recent.set(String(size), { size }));

/** What is left once the browser has collected: a value that was just looked at lives until the task is over. */
async function left(recent: Recent<Value>, ...sizes: readonly number[]): Promise<boolean[]> {
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  const there = sizes.map((size) => recent.get(String(size)) !== undefined);
  return there;
}

describe('what was used last', () => {
  it('stays up to its room, the oldest goes first', async () => {
    const recent = sized();
    put(recent, 5, 4, 3, 2);
    expect(await left(recent, 5, 4, 3, 2)).toEqual([false, true, true, true]);
  });

  it('counts as used when it is read', async () => {
    const recent = sized();
    put(recent, 5, 4);
    expect(recent.get('5')).toEqual({ size: 5 });
    put(recent, 3);
    expect(await left(recent, 5, 4, 3)).toEqual([true, false, true]);
  });

  it('is never fewer than two, however large', async () => {
    const recent = sized();
    put(recent, 1, 50, 60);
    expect(await left(recent, 1, 50, 60)).toEqual([false, true, true]);
  });

  it('is the same object for as long as somebody holds it', async () => {
    const recent = sized();
    const held = { size: 5 };
    recent.set('5', held);
    put(recent, 11, 12, 13);
    expect(await left(recent, 11, 12, 13)).toEqual([false, true, true]);
    expect(recent.get('5')).toBe(held);
  });
});

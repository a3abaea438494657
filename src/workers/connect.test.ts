import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connectEngine, farewellMs } from './connect.ts';

/** A worker that takes every message and answers none. */
class SilentWorker extends EventTarget {
  terminated = 0;
  postMessage(): void {}
  terminate(): void {
    this.terminated += 1;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { baseURI: 'https://localhost/' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a worker that does not end when it is told to is ended all the same', async () => {
  const worker = new SilentWorker();
  const engine = connectEngine(() => worker as unknown as Worker);
  void engine.start('auto');
  let ended = false;
  const disposal = engine.dispose().then(() => (ended = true));
  await vi.advanceTimersByTimeAsync(farewellMs - 1);
  expect([ended, worker.terminated]).toEqual([false, 0]);
  await vi.advanceTimersByTimeAsync(1);
  await disposal;
  expect(worker.terminated).toBe(1);
});

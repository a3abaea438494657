import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createQueue } from './engine.queue.ts';
import { throwIfCancelled } from './engine.time.ts';

/** Work that goes on until it is let end, or until its signal ends it. */
function held() {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const signals: AbortSignal[] = [];
  const task = async (signal: AbortSignal) => {
    signals.push(signal);
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([released, ended]);
    throwIfCancelled(signal);
  };
  return { task, signals, release };
}

describe('work at rest', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const aWhile = () => vi.advanceTimersByTimeAsync(1000);

  it('waits until nothing has been asked for a while', async () => {
    const queue = createQueue();
    const request = held();
    const answer = queue.run(request.task);
    const work = vi.fn(async () => undefined);
    queue.atRest(work);
    await aWhile();
    expect(work).not.toHaveBeenCalled();
    request.release();
    await answer;
    expect(work).not.toHaveBeenCalled();
    await aWhile();
    expect(work).toHaveBeenCalledOnce();
    await aWhile();
    expect(work).toHaveBeenCalledOnce();
  });

  it('ends at once where something is asked, and is done again at the next rest', async () => {
    const queue = createQueue();
    const work = held();
    queue.atRest(work.task);
    await aWhile();
    expect(work.signals).toHaveLength(1);
    expect(await queue.run(async () => 'answer')).toBe('answer');
    expect(work.signals[0]!.aborted).toBe(true);
    await aWhile();
    expect(work.signals).toHaveLength(2);
    expect(work.signals[1]!.aborted).toBe(false);
    work.release();
    await aWhile();
    await queue.run(async () => undefined);
    await aWhile();
    expect(work.signals).toHaveLength(2);
  });

  it('is replaced by later work', async () => {
    const queue = createQueue();
    const [first, second] = [vi.fn(async () => undefined), vi.fn(async () => undefined)];
    queue.atRest(first);
    queue.atRest(second);
    await aWhile();
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
  });

  it('is not tried again where it fails, and the failure is written down', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const queue = createQueue();
    const work = vi.fn(async () => {
      throw new Error('no such program');
    });
    queue.atRest(work);
    await aWhile();
    expect(await queue.run(async () => 'answer')).toBe('answer');
    await aWhile();
    expect(work).toHaveBeenCalledOnce();
    expect(warn.mock.calls).toEqual([[expect.stringContaining('no such program')]]);
  });
});

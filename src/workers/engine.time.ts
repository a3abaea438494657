import { ConvScopeError } from '../models/errors.ts';

/** How the engine shares its thread: between two nodes it lets messages in, so that a cancel arrives. */

export const cancelled = (): ConvScopeError =>
  new ConvScopeError('cancelled', 'Cancelled; what was loaded before is still there.');

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

/** Milliseconds that may pass before the engine looks for messages. */
const sliceMilliseconds = 8;

/**
 * A function that yields to the event loop when the last yield is long enough ago, and throws 'cancelled' after the
 * signal. There is nothing to await where it returns nothing. Through a message, because nested timers are held back
 * for 4 ms each.
 */
export function createYield(signal: AbortSignal): () => Promise<void> | void {
  let last = performance.now();
  const letOthersRun = async () => {
    await nextTurn();
    last = performance.now();
    throwIfCancelled(signal);
  };
  return () => {
    throwIfCancelled(signal);
    if (performance.now() - last >= sliceMilliseconds) return letOthersRun();
  };
}

/** Resolves after the messages that wait now. */
export function nextTurn(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

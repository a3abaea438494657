import { ConvScopeError } from '../models/errors.ts';

/** How the engine shares its thread: between two nodes it lets messages in, so that a cancel arrives. */

export const cancelled = (): ConvScopeError =>
  new ConvScopeError('cancelled', 'Cancelled; what was loaded before is still there.');

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

/**
 * Milliseconds that may pass before the engine looks for messages: each look costs 0.15 to 0.3 ms, and nobody sees whether
 * a cancel arrives one frame later.
 */
const sliceMilliseconds = 16;

/**
 * A function that yields to the event loop when the last yield is long enough ago, and throws 'cancelled' after the
 * signal. There is nothing to await where it returns nothing. Through a message, because nested timers are held back
 * for 4 ms each and `scheduler.yield()` goes on before the messages that wait.
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
  channel ??= openChannel();
  const { port, waiting } = channel;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port.postMessage(null);
  });
}

/** A channel to ourselves, opened once: opening one for each turn costs more than the turn. */
let channel: { readonly port: MessagePort; readonly waiting: (() => void)[] } | null = null;

function openChannel() {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  // Messages arrive in the order in which they were sent.
  port1.onmessage = () => waiting.shift()?.();
  return { port: port2, waiting };
}

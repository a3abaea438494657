import * as Comlink from 'comlink';
import type { Shelf, ShelfEvent } from './shelf.contract.ts';
// Comlink's handler that lets errors keep their code and details is set up there, once for all ports.
import './wire.ts';

/** The shelf over a message port: the same calls on both sides. */

const methods = [
  'list',
  'room',
  'get',
  'pause',
  'keep',
  'remove',
  'persist',
  'listen',
] as const satisfies readonly (keyof Shelf)[];
export type ShelfMethod = (typeof methods)[number];
/** A type error here: a method of the contract is missing in the list above. */
const _complete: Exclude<keyof Shelf, ShelfMethod> extends never ? true : never = true;
void _complete;

type Call = (...args: unknown[]) => Promise<unknown>;
type Listener = (event: ShelfEvent) => void;

/** Serves a shelf at the other end of `endpoint`. */
export function exposeShelf(shelf: Shelf, endpoint: Comlink.Endpoint): void {
  const calls = Object.fromEntries(methods.map((method): [string, Call] => [method, shelf[method] as Call]));
  // The page may be gone or busy: nobody waits for a listener's answer.
  const listen = (onEvent: Listener | null): Promise<void> =>
    shelf.listen(onEvent && ((event) => void onEvent(event)));
  Comlink.expose({ ...calls, listen }, endpoint);
}

/** The shelf at the other end of a port. */
export function remoteShelf(endpoint: Comlink.Endpoint): Shelf {
  const remote = Comlink.wrap(endpoint) as unknown as Record<ShelfMethod, Call>;
  return shelfOf((method, args) =>
    remote[method](...args.map((arg) => (typeof arg === 'function' ? Comlink.proxy(arg) : arg))),
  );
}

/** A shelf all of whose calls go through one function. */
export function shelfOf(call: (method: ShelfMethod, args: readonly unknown[]) => Promise<unknown>): Shelf {
  const calls = methods.map((method): [ShelfMethod, Call] => [method, (...args) => call(method, args)]);
  // The seam to Comlink: `methods` lists the contract completely, and each call passes its arguments on unchanged.
  return Object.fromEntries(calls) as unknown as Shelf;
}

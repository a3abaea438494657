import * as Comlink from 'comlink';
import { ConvScopeError, type ErrorCode, type ErrorDetails } from '../models/errors.ts';
import type { Engine } from './contract.ts';
import { asConvScopeError } from './engine.queue.ts';

/**
 * The engine over a message port: the same calls on both sides. Results travel without being copied, callbacks as
 * proxies that end with the call, and errors with their code and details.
 */

const methods = [
  'start',
  'load',
  'capacity',
  'fittingNetworks',
  'setImage',
  'classify',
  'faces',
  'featureMaps',
  'channelMap',
  'activation',
  'kernels',
  'project',
  'projectMany',
  'layerTimes',
  'cancel',
  'memory',
  'listen',
  'dispose',
] as const satisfies readonly (keyof Engine)[];
type Method = (typeof methods)[number];
/** A type error here: a method of the contract is missing in the list above. */
const _complete: Exclude<keyof Engine, Method> extends never ? true : never = true;
void _complete;

type Call = (...args: unknown[]) => Promise<unknown>;
type Calls = Record<Method, Call>;

interface Thrown {
  readonly value: unknown;
}
interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Comlink's own handler keeps the message of an error only. Both sides need this one. */
function keepErrorCodes(): void {
  const usual = Comlink.transferHandlers.get('throw');
  if (!usual) throw new Error('comlink has no handler for thrown values');
  Comlink.transferHandlers.set('throw', {
    canHandle: (value): value is Thrown => usual.canHandle(value),
    serialize: (thrown: Thrown) => {
      const { code, message, details } = asConvScopeError(thrown.value);
      return [{ code, message, details } satisfies WireError, []];
    },
    deserialize: ({ code, message, details }: WireError): never => {
      throw new ConvScopeError(code, message, details);
    },
  });
}
keepErrorCodes();

/** The buffers of all typed arrays in an answer; the engine makes new ones for every answer. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}

/** Comlink marks what is transferred by its identity, which only objects have. */
function transferred(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  return Comlink.transfer(answer, [...buffersOf(answer)]);
}

type Proxied = ((...args: unknown[]) => unknown) & Partial<Record<typeof Comlink.releaseProxy, () => void>>;

/** Serves an engine on a port. Callbacks are let go when their call has ended; the listener stays. */
export function exposeEngine(engine: Engine, endpoint: Comlink.Endpoint): void {
  const calls = Object.fromEntries(
    methods.map((method): [Method, Call] => [
      method,
      async (...args) => {
        const callbacks = args.filter((arg): arg is Proxied => typeof arg === 'function');
        // The page may be gone or busy: nobody waits for a callback's answer.
        const local = args.map((arg) =>
          typeof arg === 'function' ? (value: unknown) => void (arg as Proxied)(value) : arg,
        );
        try {
          const answer = await (engine[method] as Call)(...local);
          return transferred(answer);
        } finally {
          if (method !== 'listen') callbacks.forEach((callback) => callback[Comlink.releaseProxy]?.());
        }
      },
    ]),
  );
  Comlink.expose(calls, endpoint);
}

/** The engine at the other end of a port. Arguments are copied, so that a caller can use them again. */
export function remoteEngine(endpoint: Comlink.Endpoint): Engine {
  const remote = Comlink.wrap(endpoint) as unknown as Calls;
  const calls = methods.map((method): [Method, Call] => [
    method,
    (...args) => remote[method](...args.map((arg) => (typeof arg === 'function' ? Comlink.proxy(arg) : arg))),
  ]);
  // The seam to Comlink: `methods` lists the contract completely, and each call passes its arguments on unchanged.
  return Object.fromEntries(calls) as unknown as Engine;
}

/** An engine whose calls go to `current()` at the time of the call, all through `wrap`. */
export function delegatingEngine(
  current: () => Engine,
  wrap: (method: Method, args: readonly unknown[], call: () => Promise<unknown>) => Promise<unknown>,
): Engine {
  const calls = methods.map((method): [Method, Call] => [
    method,
    (...args) => wrap(method, args, () => (current()[method] as Call)(...args)),
  ]);
  return Object.fromEntries(calls) as unknown as Engine;
}

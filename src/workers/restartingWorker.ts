import { ConvScopeError } from '../models/errors.ts';

/** Starts a worker; tests give another one. */
export type StartWorker = () => Worker;

interface Connection<Remote> {
  readonly remote: Remote;
  readonly worker: Worker;
  /** Rejects the calls that wait for an answer. */
  readonly pending: Set<(error: ConvScopeError) => void>;
}

interface Host<Remote> {
  readonly start: StartWorker;
  /** Speaks to a worker that has just been started. */
  connect(worker: Worker): Remote;
  /** The sentence of the calls that a crash cuts off. */
  stopped(message: string): string;
  /** A worker that had come has crashed; the calls that it had are rejected already. */
  onCrash?(message: string): void;
}

export interface RestartingWorker<Remote> {
  running(): boolean;
  remote(): Remote;
  /** Passes on what a call gives, or rejects it as soon as the worker crashes. */
  call<T>(work: (remote: Remote) => Promise<T>): Promise<T>;
  end(): void;
}

/**
 * A worker that is started by the first call. Where it crashes, all waiting calls are rejected with 'internal', and the next call
 * starts another one. A script that does not come at all is 'page-incomplete': the page may be older than its server.
 */
export function restartingWorker<Remote>(host: Host<Remote>): RestartingWorker<Remote> {
  let connection: Connection<Remote> | null = null;

  const drop = (dead: Connection<Remote>, error: ConvScopeError): boolean => {
    if (connection !== dead) return false;
    connection = null;
    dead.worker.terminate();
    dead.pending.forEach((reject) => reject(error));
    dead.pending.clear();
    return true;
  };
  const crash = (dead: Connection<Remote>, message: string): void => {
    const error = new ConvScopeError('internal', host.stopped(message), { message });
    if (drop(dead, error)) host.onCrash?.(message);
  };

  const open = (): Connection<Remote> => {
    const worker = host.start();
    const opened = { worker, remote: host.connect(worker), pending: new Set<(e: ConvScopeError) => void>() };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      // Only a script that could not be had is an event without words.
      if (event.message) crash(opened, event.message);
      else drop(opened, scriptMissing());
    });
    worker.addEventListener('messageerror', () => crash(opened, 'a message could not be read'));
    return opened;
  };

  return {
    running: () => connection !== null,
    remote: () => (connection ??= open()).remote,
    call(work) {
      return new Promise((resolve, reject) => {
        const { pending, remote } = (connection ??= open());
        pending.add(reject);
        work(remote)
          .then(resolve, reject)
          .finally(() => pending.delete(reject));
      });
    },
    end() {
      connection?.worker.terminate();
      connection = null;
    },
  };
}

function scriptMissing(): ConvScopeError {
  const message = 'the script of a worker could not be loaded';
  return new ConvScopeError('page-incomplete', `A part of this page did not arrive: ${message}.`, {
    message,
  });
}

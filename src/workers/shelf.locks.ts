/** Who may work on what: between the tabs of the page where the browser has locks, else within this one. */
export interface Locks {
  /** Waits for its turn. */
  inTurn<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Null where somebody else is at it. */
  ifFree<T>(name: string, work: () => Promise<T>): Promise<T | null>;
}

/** For one tab, one process: a page over plain http has no locks, and no storage that tabs could share either. */
export function ownLocks(): Locks {
  const held = new Map<string, Promise<unknown>>();
  const hold = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const running = (held.get(name) ?? Promise.resolve()).then(work, work);
    held.set(name, running);
    const done = (): void => {
      if (held.get(name) === running) held.delete(name);
    };
    running.then(done, done);
    return running;
  };
  return {
    inTurn: hold,
    ifFree: async (name, work) => (held.has(name) ? null : hold(name, work)),
  };
}

/** Over all tabs of the page; a tab that closes lets go of its locks. */
export function browserLocks(): Locks {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return ownLocks();
  return {
    inTurn: async (name, work) => locks.request(name, work),
    ifFree: async (name, work) =>
      locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : null)),
  };
}

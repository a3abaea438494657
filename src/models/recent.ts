/** Values by their keys, of which those used last are kept alive. */
export interface Recent<V extends object> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/**
 * A memory for what is costly to make and large to keep: the values used last stay, up to `room` in the units of `sizeOf`
 * and never fewer than two, so that a step back is at once. Others stay for as long as somebody holds them, so that
 * a key never has two values at a time; then the browser may collect them, and whatever hangs on them weakly.
 */
export function createRecent<V extends object>(room: number, sizeOf: (value: V) => number): Recent<V> {
  const strong = new Map<string, V>();
  const weak = new Map<string, WeakRef<V>>();

  function use(key: string, value: V): void {
    // A Map is in the order of insertion: what is used comes last.
    strong.delete(key);
    strong.set(key, value);
    let size = [...strong.values()].reduce((sum, each) => sum + sizeOf(each), 0);
    for (const [oldest, each] of strong) {
      if (size <= room || strong.size <= 2) break;
      strong.delete(oldest);
      size -= sizeOf(each);
    }
  }

  return {
    get(key) {
      const value = weak.get(key)?.deref();
      if (value) use(key, value);
      return value;
    },
    set(key, value) {
      for (const [old, ref] of weak) if (!ref.deref()) weak.delete(old);
      weak.set(key, new WeakRef(value));
      use(key, value);
    },
  };
}

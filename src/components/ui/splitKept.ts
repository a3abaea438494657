const key = (name: string): string => `convscope:split:${name}`;

/** The share in percent that was chosen on an earlier visit, or null where none was, or storage is closed to the page. */
export function keptShare(name: string): number | null {
  try {
    const text = localStorage.getItem(key(name));
    const share = text === null ? NaN : Number(text);
    return Number.isFinite(share) ? share : null;
  } catch {
    return null;
  }
}

export function keepShare(name: string, share: number): void {
  try {
    localStorage.setItem(key(name), share.toFixed(1));
  } catch {
    // Where nothing can be kept, the next visit starts as the first did.
  }
}

/** The grid rows of a split: so many percent above the separator. */
export const splitRows = (share: number): string => `minmax(0, ${share}fr) auto minmax(0, ${100 - share}fr)`;

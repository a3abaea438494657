/** Who asks again gets what is there or on its way; what failed is asked for anew. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => {
    if (reading) return reading;
    const mine = read();
    reading = mine;
    mine.catch(() => (reading = null));
    return mine;
  };
}

/**
 * The best order-keeping assignment of two sequences: pairs `[i, j]`, rising in both, whose scores have the largest sum
 * (Needleman and Wunsch 1970, without a price for gaps; with scores of 0 and 1 the longest common subsequence). A score of
 * 0 or less forbids a pair; of equal sums the one that pairs earlier wins. Time and memory grow with the product of lengths.
 */
export function aligned<T>(
  first: readonly T[],
  second: readonly T[],
  score: (a: T, b: T) => number,
): readonly (readonly [number, number])[] {
  const wide = second.length + 1;
  const scores = new Int32Array(first.length * wide);
  const best = new Int32Array((first.length + 1) * wide);
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      const own = score(first[i]!, second[j]!);
      scores[i * wide + j] = own;
      const skip = Math.max(best[(i + 1) * wide + j]!, best[i * wide + j + 1]!);
      best[i * wide + j] = own > 0 ? Math.max(skip, own + best[(i + 1) * wide + j + 1]!) : skip;
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < first.length && j < second.length) {
    const here = best[i * wide + j]!;
    const own = scores[i * wide + j]!;
    if (own > 0 && here === own + best[(i + 1) * wide + j + 1]!) pairs.push([i++, j++]);
    else if (here === best[(i + 1) * wide + j]!) i++;
    else j++;
  }
  return pairs;
}

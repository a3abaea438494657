/** The largest absolute difference, in units of the reference's largest absolute value. */
export function relativeError(got: ArrayLike<number>, reference: ArrayLike<number>): number {
  if (got.length !== reference.length) return Infinity;
  let scale = 0;
  let difference = 0;
  for (let i = 0; i < reference.length; i++) {
    scale = Math.max(scale, Math.abs(reference[i] ?? 0));
    const distance = Math.abs((got[i] ?? NaN) - (reference[i] ?? 0));
    difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance);
  }
  return scale === 0 ? (difference === 0 ? 0 : Infinity) : difference / scale;
}

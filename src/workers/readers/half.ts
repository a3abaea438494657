/** The 16-bit float formats of weight files: IEEE 754 binary16 and bfloat16. */

let halfTable: Float32Array | undefined;

/** The float32 value of every one of the 65,536 half-precision words: 256 KB, built once, one look-up a value. */
function table(): Float32Array {
  if (halfTable) return halfTable;
  const values = new Float32Array(65_536);
  for (let word = 0; word < 65_536; word++) {
    const exponent = (word >> 10) & 31;
    const fraction = word & 1023;
    const sign = word & 0x8000 ? -1 : 1;
    if (exponent === 31) values[word] = fraction ? NaN : sign * Infinity;
    else if (exponent === 0) values[word] = sign * fraction * 2 ** -24;
    else values[word] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  halfTable = values;
  return values;
}

export function halvesToFloats(words: Uint16Array): Float32Array<ArrayBuffer> {
  const values = table();
  const out = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) out[i] = values[words[i]!]!;
  return out;
}

/** A bfloat16 is the upper half of a float32. */
export function bfloatsToFloats(words: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i++) bits[i] = words[i]! << 16;
  return new Float32Array(bits.buffer);
}

/** Rounds to the nearest half, ties to even, as NumPy and PyTorch do: on the bits, 100 million numbers a second. */
export function floatsToHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    out[i] = ((word >>> 16) & 0x8000) | halfOfSize(word & 0x7fffffff);
  }
  return out;
}

/** The half nearest to the float32 of these bits, without signs. */
function halfOfSize(size: number): number {
  // 65520 is half-way between the largest half and the next step, and rounds to infinity.
  if (size >= 0x477ff000) return size > 0x7f800000 ? 0x7e00 : 0x7c00;
  // From 2^-14 on only the bias of the exponent differs; a carry out of the fraction goes into it by itself.
  if (size >= 0x38800000) return (size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13;
  // Half of the smallest half, 2^-25, and below.
  if (size <= 0x33000000) return 0;
  const significand = (size & 0x7fffff) | 0x800000;
  const shift = 126 - (size >>> 23);
  const steps = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return rest > middle || (rest === middle && (steps & 1) === 1) ? steps + 1 : steps;
}

export function floatsToBfloats(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.slice().buffer);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const word = bits[i]!;
    const isNan = (word & 0x7fffffff) > 0x7f800000;
    out[i] = isNan ? 0x7fc0 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return out;
}

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

/** Rounds to the nearest half, ties to even, as NumPy and PyTorch do. */
export function floatsToHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.slice().buffer);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    const size = Math.abs(values[i]!);
    out[i] = sign | halfOfSize(size);
  }
  return out;
}

function halfOfSize(size: number): number {
  if (Number.isNaN(size)) return 0x7e00;
  // 65520 is half-way between the largest half and the next step, and rounds to infinity.
  if (size >= 65_520) return 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  // The step between halves of this exponent; the quotient is exact, because only the exponent changes.
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // Steps of 1024 and above carry into the exponent by themselves: subnormals and normals are one number line.
  return exponent === -14 ? steps : steps + ((exponent + 14) << 10);
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
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

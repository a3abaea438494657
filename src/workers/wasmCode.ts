/**
 * Just enough of WebAssembly's binary format for kernels of our own that compute in the memory of tfjs's module: loops
 * over vectors of float32. Names are those of the text format; a piece of code is its bytes.
 */

export type Code = readonly number[];

const unsigned = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];

/** Of -64 to 63, which is all that is needed. */
const constant = (value: number): Code => [0x41, value & 0x7f];

// Loads and stores say how an address is aligned, as a power of two, and an offset: a tensor begins anywhere at 4 bytes.
export const i32 = { constant, add: [0x6a], sub: [0x6b], and: [0x71], lessThan: [0x49], atLeast: [0x4f] };
export const f32 = { load: [0x2a, 2, 0], store: [0x38, 2, 0], add: [0x92], mul: [0x94] };
export const v128 = {
  load: [...simd(0x00), 2, 0],
  store: [...simd(0x0b), 2, 0],
  zero: [...simd(0x0c), ...new Uint8Array(16)],
};
export const f32x4 = {
  constant: (value: number): Code => {
    const four = new Uint8Array(Float32Array.of(value, value, value, value).buffer);
    return [...simd(0x0c), ...four];
  },
  splat: simd(0x13),
  lane: (index: number): Code => [...simd(0x1f), index],
  add: simd(0xe4),
  mul: simd(0xe6),
  div: simd(0xe7),
  min: simd(0xe8),
  max: simd(0xe9),
};

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const code = (...parts: readonly Code[]): Code => parts.flat();
export const when = (condition: Code, ...body: readonly Code[]): Code =>
  code(condition, [0x04, 0x40], ...body, [0x0b]);
/** Repeats the body as long as the condition holds. */
export const whilst = (condition: Code, ...body: readonly Code[]): Code =>
  when(condition, [0x03, 0x40], ...body, condition, [0x0d, 0], [0x0b]);
/** Adds to a local of 32 bits. */
export const advance = (local: number, ...by: readonly Code[]): Code =>
  code(get(local), ...by, i32.add, set(local));

export const types = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

const sized = (parts: Code): Code => [...unsigned(parts.length), ...parts];
const named = (name: string): Code => sized([...new TextEncoder().encode(name)]);
const section = (id: number, parts: Code): Code => [id, ...sized(parts)];

export interface Kernel {
  /** The types of what it takes, which are its first locals; it returns nothing. */
  readonly parameters: readonly (keyof typeof types)[];
  /** The types of its further locals. */
  readonly locals: readonly (keyof typeof types)[];
  readonly body: Code;
}

/** A module of one function, `run`, that works in the memory `env.memory`; a shared one has a maximum of 4 GiB. */
export function moduleOf({ parameters, locals, body }: Kernel, shared: boolean): Uint8Array<ArrayBuffer> {
  const limits = shared ? [3, 0, ...unsigned(65536)] : [0, 0];
  const typed = locals.flatMap((type) => [1, types[type]]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...sized(parameters.map((type) => types[type])), 0]),
    ...section(2, [1, ...named('env'), ...named('memory'), 2, ...limits]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named('run'), 0, 0]),
    ...section(10, [1, ...sized([...unsigned(locals.length), ...typed, ...body, 0x0b])]),
  ]);
}

import type { Graph, Volume } from '../../src/models/graph.ts';
import { inputNode } from '../../src/models/lookup.ts';
import { nodeParameters, parameterSize } from '../../src/models/parameters.ts';
import type { RawParameter } from '../../src/workers/weightsLayout.ts';

/**
 * Random weights without a file: value i of a tensor is a hash of i and of the tensor's key, scaled. The same lines stand in
 * training/parity_seeded.py and give the same float32 bit for bit, as every step is exact or rounded once.
 */

/** FNV-1a over the characters (ASCII) of a key. */
export function keyHash(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** MurmurHash3's finaliser of `(i * 2^32/phi) xor salt`: 32 bits that look random. */
export function mixed(i: number, salt: number): number {
  let x = Math.imul(i, 0x9e3779b1) ^ salt;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** `centre + spread * u`, u uniform in [-1, 1) from the upper 24 bits; one in eight is negated where `signs` says so. */
function uniform(key: string, size: number, centre: number, spread: number, signs = false): Float32Array {
  const salt = keyHash(key);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const bits = mixed(i, salt);
    const value = centre + spread * ((bits >>> 8) * 2 ** -23 - 1);
    values[i] = signs && (bits & 7) === 0 ? -value : value;
  }
  return values;
}

/** Filters and units as He et al. initialise them (uniform, variance 2 / fan-in); a normalisation near the identity. */
export function seededParameter(key: string, name: string, shape: readonly number[]): RawParameter {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = (): Float32Array => {
    if (name === 'running_mean') return uniform(key, size, 0, 0.2);
    if (name === 'running_var') return uniform(key, size, 1, 0.5);
    if (name === 'bias') return uniform(key, size, 0, 0.1);
    if (shape.length === 1) return uniform(key, size, 1, 0.5, true);
    return uniform(key, size, 0, Math.sqrt(6 / (size / shape[0]!)));
  };
  return { shape, values: values() };
}

/** Every parameter of a network, by `${node}/${parameter}`. */
export function seededWeights(ref: string, graph: Graph): Map<string, RawParameter> {
  const raw = new Map<string, RawParameter>();
  for (const node of graph.nodes) {
    for (const parameter of nodeParameters(graph, node)) {
      const key = `${node.id}/${parameter.name}`;
      const made = seededParameter(`${ref}/${key}`, parameter.name, parameter.shape);
      if (made.values.length !== parameterSize(parameter)) throw new Error(`${key}: of another size`);
      raw.set(key, made);
    }
  }
  return raw;
}

/** Noise in [-amplitude, amplitude). */
export function seededInput(name: string, graph: Graph, amplitude: number): Volume {
  const { shape } = inputNode(graph);
  return { shape, values: uniform(`${name}/input`, shape[0] * shape[1] * shape[2], 0, amplitude) };
}

/** A sum over the bits of the first values of every tensor, in any order of tensors: equal where the generators agree. */
export function checksum(raw: ReadonlyMap<string, RawParameter>, input: Volume): number {
  let sum = 0;
  const add = (key: string, values: Float32Array): void => {
    const bits = new Uint32Array(values.buffer, values.byteOffset, Math.min(256, values.length));
    const salt = keyHash(key);
    bits.forEach((word, i) => (sum = (sum + mixed(word ^ i, salt)) >>> 0));
  };
  for (const [key, { values }] of raw) add(key, values);
  add('input', input.values);
  return sum;
}

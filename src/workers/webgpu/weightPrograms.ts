import { backend, engine } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { Program } from './program.ts';

/**
 * Numbers in half precision, two a word, as float32 in another order: number (i, j, k, l) of an array of `sizes` goes to
 * i * steps.x + j * steps.y + k * steps.z + l * steps.w. `words` begins at number `first`. One thread a number.
 */
export class Widen extends Program {
  constructor(output: number[], numbers: number) {
    const uniforms = 'sizes : vec4<i32>, steps : vec4<i32>, first : i32, count : i32,';
    super('widen', output, ['words'], {}, [64, 1, 1], 1, uniforms);
    this.threads(numbers);
  }

  protected body(): string {
    return `
// On the bits: a device may take the smallest halves for zero, which are no small numbers as float32.
fn widened(half : i32) -> f32 {
  let size = half & 0x7fff;
  let small = f32(size) * 5.9604644775390625e-8;
  let value = select(bitcast<f32>((size << 13u) + 0x38000000), small, size < 0x400);
  return select(value, -value, half >= 0x8000);
}
fn main(index : i32) {
  if (index >= uniforms.count) { return; }
  let half = (words[index / 2] >> u32(16 * (index % 2))) & 0xffff;
  let sizes = uniforms.sizes;
  var at = index + uniforms.first;
  let l = at % sizes.w;
  at /= sizes.w;
  let k = at % sizes.z;
  at /= sizes.z;
  let steps = uniforms.steps;
  result[(at / sizes.y) * steps.x + (at % sizes.y) * steps.y + k * steps.z + l * steps.w] = widened(half);
}`;
  }
}

type Four = readonly [number, number, number, number];

/** How the numbers of a file are laid out anew: see `Widen`. */
export interface Order {
  readonly sizes: Four;
  readonly steps: Four;
}

/** The inside of tfjs 4.22.0's backend: a tensor's buffer, and what is recorded but not submitted. */
interface Inside {
  uploadToGPU(id: object): void;
  readonly tensorMap: { get(id: object): { readonly resource: GPUBuffer } };
  readonly commandEncoder: GPUCommandEncoder | null;
}

/** After so many bytes what is recorded is submitted, so that the next piece finds the buffer of this one free. */
const submitBytes = 2 ** 20;

/** A tensor of the current device that has room for values, but none yet. */
export function emptyTensor<T extends Tensor>(shape: number[]): T {
  return engine().makeTensorFromTensorInfo(
    (backend() as WebGPUBackend).makeTensorInfo(shape, 'float32'),
  ) as T;
}

/** Uploads numbers `first` and following in half precision and widens them into `tensor`, to the places of `order`. */
export function uploadHalves(
  tensor: Tensor,
  halves: Uint16Array<ArrayBuffer>,
  first: number,
  { sizes, steps }: Order,
): void {
  const gpu = backend() as WebGPUBackend;
  const inside = gpu as unknown as Inside;
  const even =
    halves.length % 2 === 0
      ? halves
      : Uint16Array.from({ length: halves.length + 1 }, (_, i) => halves[i] ?? 0);
  // Few sizes, so that pieces share buffers: the pool frees none before the network is loaded.
  const words = gpu.makeTensorInfo([2 ** Math.ceil(Math.log2(even.length / 2))], 'int32');
  inside.uploadToGPU(words.dataId);
  gpu.queue.writeBuffer(inside.tensorMap.get(words.dataId).resource, 0, even);
  const { dataId, size } = tensor;
  const program = new Widen([size], halves.length);
  gpu.runWebGPUProgram(
    program,
    [words],
    'float32',
    [sizes, steps, [first], [halves.length]].map((data) => ({ type: 'int32', data: [...data] })),
    { dataId, shape: [size], dtype: 'float32' },
  );
  gpu.disposeData(words.dataId);
  if (even.byteLength < submitBytes || !inside.commandEncoder) return;
  gpu.endComputePassEncoder();
  gpu.submitQueue();
}

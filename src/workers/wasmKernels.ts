import { backend, engine } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { moduleOf } from './wasmCode.ts';
import { addRows, product } from './wasmDenseLoops.ts';
import { scaledTanh } from './wasmTanhLoop.ts';

/** Kernels of our own, where tfjs's module has none or slow ones. They compute in its memory, on its tensors. */

interface WasmBackend {
  readonly wasm?: { readonly asm?: { readonly memory?: unknown }; readonly wasmMemory?: unknown };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

const loops = { product, addRows, scaledTanh };

/** Takes addresses, sizes in bytes and factors, as the loop of its name says. */
type Run = (...values: number[]) => void;
type Kernels = Readonly<Record<keyof typeof loops, Run>>;

/** By memory: a backend that is opened again has another one. */
const opened = new WeakMap<WebAssembly.Memory, Kernels | null>();

/** The kernels in the memory of the current backend; null where that is not wasm, or has no SIMD. */
export function wasmKernels(): Kernels | null {
  const { wasm } = backend() as unknown as WasmBackend;
  // As the glue without threads calls it, and the one with threads.
  const memory = wasm?.asm?.memory ?? wasm?.wasmMemory;
  if (!(memory instanceof WebAssembly.Memory)) return null;
  const known = opened.get(memory);
  if (known !== undefined) return known;
  const kernels = compile(memory);
  opened.set(memory, kernels);
  return kernels;
}

function compile(memory: WebAssembly.Memory): Kernels | null {
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const made: [string, Run][] = [];
  for (const [name, loop] of Object.entries(loops)) {
    const binary = moduleOf(loop, shared);
    if (!WebAssembly.validate(binary)) return null;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
    made.push([name, exports.run as Run]);
  }
  return Object.fromEntries(made) as unknown as Kernels;
}

/** Where a tensor's values begin. */
export function addressOf({ dataId }: TensorInfo): number {
  return (backend() as unknown as WasmBackend).dataIdMap.get(dataId).memoryOffset;
}

/** A new tensor whose values are for the caller to write. */
export function emptyTensor<T extends Tensor<Rank>>(shape: readonly number[]): T {
  const made = (backend() as unknown as WasmBackend).makeOutput(shape, 'float32');
  return engine().makeTensorFromTensorInfo(made) as T;
}

/** A tensor's values in the memory itself, until that grows. */
export const valuesOf = (tensor: TensorInfo): Float32Array =>
  (backend() as unknown as WasmBackend).typedArrayFromHeap(tensor);

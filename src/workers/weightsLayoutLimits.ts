import { backend } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { expectHeapRoom, type WasmHeap } from './backend.heap.ts';
import type { ConvLayer } from './weightsLayoutLayers.ts';

/** The bytes that one tensor may have on this backend: WebGPU returns silent zeros past its binding limit. */
export function largestTensorBytes(): number {
  const { device } = backend() as { device?: GPUDevice };
  // wasm and cpu address typed arrays; webgl's limit is its texture, which it checks itself.
  return device
    ? Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize)
    : 2 ** 31 - 1;
}

/** Throws 'out-of-memory' before a tensor that the device cannot bind is made. */
export function checkTensorBytes(id: string, bytes: number, limit = largestTensorBytes()): void {
  if (bytes <= limit) return;
  throw new ConvScopeError(
    'out-of-memory',
    `${id}: needs one tensor of ${bytes} bytes, this device allows ${limit}. Choose another backend or a smaller network.`,
    { node: id, bytes, limit },
  );
}

const packed = new WeakSet<ConvLayer>();

/**
 * Throws a RangeError where wasm's heap has no room for what a convolution allocates when it runs for the first time:
 * its output, and XNNPACK's copy of the kernels with the transposed ones that it is packed from. The copy stays; later
 * runs allocate their output only, which the heap's own guard watches.
 */
export function expectRoomToRun(layer: ConvLayer, outputBytes: number): void {
  const { wasm } = backend() as { wasm?: WasmHeap };
  if (!wasm || packed.has(layer)) return;
  const kernels = layer.kernels.map((kernel) => kernel.size * 4);
  expectHeapRoom(wasm, [outputBytes, Math.max(...kernels), ...kernels]);
}

/** Says that a convolution has run: what it packs is packed. */
export function hasRun(layer: ConvLayer): void {
  packed.add(layer);
}

/** A failed allocation of the backend (wasm heap, typed array) as 'out-of-memory'; other errors pass unchanged. */
export function asMemoryError(error: unknown, what: string, bytes?: number): unknown {
  const text = error instanceof Error ? error.message : '';
  const exhausted =
    error instanceof RangeError || /out of memory|memory access out of bounds|allocation failed/i.test(text);
  if (!exhausted || error instanceof ConvScopeError) return error;
  const size = bytes === undefined ? '' : ` (${bytes} bytes)`;
  return new ConvScopeError(
    'out-of-memory',
    `${what}${size}: the backend has no memory left. Close other tabs, or choose a smaller network. (${text})`,
    { node: what, ...(bytes === undefined ? {} : { bytes }) },
  );
}

import { backend, getBackend, type Tensor } from '@tensorflow/tfjs-core';

/** The inside of tfjs's WebGPU backend: it keeps a tensor's values in script memory until its first use. */
interface DeferringBackend {
  readonly device?: GPUDevice;
  uploadToGPU?(dataId: object): void;
}

/**
 * Brings a new tensor's values to the device at once, so that a network's weights are never in memory twice. wasm and
 * cpu do so by themselves; webgl chooses the texture's form at the first use, which is the warm-up.
 */
export function bringToDevice(tensor: Tensor): void {
  const current = backend() as DeferringBackend;
  if (current.device) current.uploadToGPU?.(tensor.dataId);
}

/**
 * Frees values of our own that tensors have been made of, at once: the next garbage collection may come after many
 * more pieces. Only where tensors hold copies: wasm's heap, a GPU's buffer that was filled on making it.
 */
export function giveBack(values: Float32Array | Uint16Array): void {
  const copied = getBackend() === 'wasm' || getBackend() === 'webgpu';
  const buffer = values.buffer as ArrayBuffer & { transfer?: (newLength: number) => ArrayBuffer };
  // Browsers of before 2024 have no such method: there the collection frees them.
  if (copied) buffer.transfer?.(0);
}

/** The tensors of a layer in the making: given up together where it fails halfway. */
export class Made {
  private readonly tensors: Tensor[] = [];

  own<T extends Tensor>(tensor: T): T {
    this.tensors.push(tensor);
    bringToDevice(tensor);
    return tensor;
  }

  dispose(): void {
    this.tensors.forEach((tensor) => tensor.dispose());
  }
}

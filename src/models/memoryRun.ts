/** What running a network in float32 on one image needs, in bytes; the engine counts it (`workers/runBytes.ts`). */
export interface RunBytes {
  /** All tensors that the parameters become. */
  readonly weights: number;
  /** The kernels of convolutions among them: some backends pack a copy of their own when they first run. */
  readonly kernels: number;
  /** The outputs of nodes that are held at once, the input among them: all of them for the maps, few for an answer. */
  readonly activations: number;
  /** The largest array that cannot be cut: an activation, a convolution's kernels, one unit's row of a dense layer. */
  readonly largest: { readonly bytes: number; readonly node: string };
}

/** What a device has for a network, in bytes; null where it does not tell. */
export interface DeviceBytes {
  /** The backend's own bound on everything together: wasm's heap. */
  readonly heap: number | null;
  /** The memory of the device, of which other programs have their part. */
  readonly memory: number | null;
  /** The largest single array. */
  readonly largest: number;
  /** How many further copies of the kernels the backend makes when it runs. */
  readonly kernelCopies: number;
}

/** What loading takes beside the weights: pieces that are read, arranged and uploaded. Measured; see bench/memory.ts. */
export const loadingBytes = 64 * 2 ** 20;

/** Parts of a heap, and of a device's memory, from which on it gets tight: heaps fragment, other programs run too. */
const tightHeap = 0.75;
const tightMemory = 0.5;
/** What any device that shows this page is taken to have for it, where it does not tell. */
const usualBytes = 512 * 2 ** 20;

export type Fits = 'yes' | 'tight' | 'no' | 'unknown';

export interface RunFit {
  readonly neededBytes: number;
  readonly availableBytes: number | null;
  readonly fits: Fits;
  /** Set where one array alone is too large for the device, whatever memory it has. */
  readonly tooLarge?: RunBytes['largest'];
}

/** Whether a network can be loaded and run on a device. */
export function runFit(run: RunBytes, device: DeviceBytes): RunFit {
  const { heap, memory } = device;
  const neededBytes = run.weights + device.kernelCopies * run.kernels + run.activations + loadingBytes;
  const availableBytes = heap === null ? memory : Math.min(heap, memory ?? heap);
  const above = (limit: number | null, share: number) => limit !== null && neededBytes > share * limit;
  if (run.largest.bytes > device.largest) {
    return { neededBytes, availableBytes, fits: 'no', tooLarge: run.largest };
  }
  const fits: Fits =
    above(heap, 1) || above(memory, 1)
      ? 'no'
      : above(heap, tightHeap) || above(memory, tightMemory)
        ? 'tight'
        : memory === null && neededBytes > usualBytes
          ? 'unknown'
          : 'yes';
  return { neededBytes, availableBytes, fits };
}

/** Counts what a page asks of its graphics device, by standing in front of the calls of WebGPU itself. */

export interface GpuCounts {
  readonly dispatches: number;
  readonly submits: number;
  /** Programs that the action waits for, or would: those compiled in the background are counted as `ahead`. */
  readonly pipelines: number;
  readonly ahead: number;
  /** Small buffers of shapes and constants, one a dispatch; their bytes are not in `uploadedBytes`. */
  readonly uniforms: number;
  readonly uploads: number;
  readonly uploadedBytes: number;
  readonly reads: number;
  readonly readBytes: number;
}

type Counter = { -readonly [K in keyof GpuCounts]: number };

const zero = (): Counter => ({
  dispatches: 0,
  submits: 0,
  pipelines: 0,
  ahead: 0,
  uniforms: 0,
  uploads: 0,
  uploadedBytes: 0,
  reads: 0,
  readBytes: 0,
});

let counter = zero();

/** Bytes of the largest buffer that a shader can be given, since the page began. */
export let largestStorageBuffer = 0;

/** What was asked since the last call. */
export function takeCounts(): GpuCounts {
  const taken = counter;
  counter = zero();
  return taken;
}

/** Calls `seen` with the arguments of every call of a method, before the method itself. */
function before<T extends object, K extends keyof T>(
  prototype: T,
  method: K,
  seen: (self: T, ...args: T[K] extends (...args: infer A) => unknown ? A : never) => void,
): void {
  const original = prototype[method] as (...args: unknown[]) => unknown;
  prototype[method] = function (this: T, ...args: never[]) {
    (seen as (self: T, ...args: unknown[]) => void)(this, ...args);
    return original.apply(this, args);
  } as T[K];
}

/** Counts from now on; to be called once, before the device is asked for. */
export function countGpuCalls(): void {
  before(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => void counter.dispatches++);
  before(GPUQueue.prototype, 'submit', () => void counter.submits++);
  before(GPUDevice.prototype, 'createComputePipeline', () => void counter.pipelines++);
  before(GPUDevice.prototype, 'createComputePipelineAsync', () => void counter.ahead++);
  before(GPUDevice.prototype, 'createBuffer', (_, { mappedAtCreation, size, usage }) => {
    if (usage & GPUBufferUsage.STORAGE) largestStorageBuffer = Math.max(largestStorageBuffer, size);
    if (!mappedAtCreation) return;
    counter.uploads++;
    counter.uploadedBytes += size;
  });
  before(GPUQueue.prototype, 'writeBuffer', (_, buffer, _offset, data, start = 0, size) => {
    if (buffer.usage & GPUBufferUsage.UNIFORM) {
      counter.uniforms++;
      return;
    }
    counter.uploads++;
    counter.uploadedBytes += size ?? data.byteLength - start;
  });
  before(GPUBuffer.prototype, 'mapAsync', (buffer, mode) => {
    if (mode !== GPUMapMode.READ) return;
    counter.reads++;
    counter.readBytes += buffer.size;
  });
}

/** Says that the imitation of a GPU is a card, so that the engine treats it as one: warmed up, fifteen dispatches a submit. */
export function poseAsCard(): void {
  Object.defineProperty(GPUAdapter.prototype, 'info', {
    get: () => ({
      vendor: 'acme',
      architecture: 'one',
      device: '',
      description: '',
      isFallbackAdapter: false,
    }),
  });
}

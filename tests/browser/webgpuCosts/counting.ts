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

/** What one device has given and not taken back. */
interface DeviceBuffers {
  buffers: number;
  bytes: number;
  /** Buffers that the page's code can still reach, destroyed or not, as far as the collector has told. */
  reachable: number;
  destroyed: boolean;
}

const devices: DeviceBuffers[] = [];
const buffersOf = new WeakMap<GPUDevice, DeviceBuffers>();
const collected = new FinalizationRegistry<DeviceBuffers>((of) => of.reachable--);
let destroyLater: { readonly call: 'createBuffer' | 'submit'; after: number } | null = null;

/** What the devices that are not destroyed hold, and what is still reachable of the buffers of those that are. */
export function heldBuffers() {
  const alive = devices.filter(({ destroyed }) => !destroyed);
  const sum = (list: DeviceBuffers[], key: 'buffers' | 'bytes' | 'reachable') =>
    list.reduce((total, each) => total + each[key], 0);
  return {
    devices: alive.length,
    buffers: sum(alive, 'buffers'),
    bytes: sum(alive, 'bytes'),
    lostDevices: devices.length - alive.length,
    lostReachable: sum(
      devices.filter(({ destroyed }) => destroyed),
      'reachable',
    ),
  };
}
export type HeldBuffers = ReturnType<typeof heldBuffers>;

/** Destroys the device at a call of some kind, this many such calls from now. */
export function destroyDeviceAt(call: 'createBuffer' | 'submit', after: number): void {
  destroyLater = { call, after };
}
export const isDestroyed = (): boolean => destroyLater === null;

function watchBuffers(): void {
  const device = GPUDevice.prototype;
  const { createBuffer, destroy } = device;
  const { destroy: destroyBuffer } = GPUBuffer.prototype;
  const live = new WeakMap<GPUBuffer, DeviceBuffers>();
  const ofDevice = (self: GPUDevice): DeviceBuffers => {
    const known = buffersOf.get(self);
    if (known) return known;
    const fresh = { buffers: 0, bytes: 0, reachable: 0, destroyed: false };
    buffersOf.set(self, fresh);
    devices.push(fresh);
    return fresh;
  };
  device.createBuffer = function (descriptor) {
    const of = ofDevice(this);
    const buffer = createBuffer.call(this, descriptor);
    of.buffers++;
    of.bytes += descriptor.size;
    of.reachable++;
    live.set(buffer, of);
    collected.register(buffer, of);
    perhapsDestroy('createBuffer', this);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    const of = live.get(this);
    live.delete(this);
    if (of && !of.destroyed) {
      of.buffers--;
      of.bytes -= this.size;
    }
    return destroyBuffer.call(this);
  };
  device.destroy = function () {
    Object.assign(ofDevice(this), { destroyed: true, buffers: 0, bytes: 0 });
    return destroy.call(this);
  };
  const last = { device: null as WeakRef<GPUDevice> | null };
  const { createCommandEncoder } = device;
  device.createCommandEncoder = function (descriptor) {
    last.device = new WeakRef(this);
    return createCommandEncoder.call(this, descriptor);
  };
  before(GPUQueue.prototype, 'submit', () => {
    const of = last.device?.deref();
    if (of) perhapsDestroy('submit', of);
  });
}

function perhapsDestroy(call: 'createBuffer' | 'submit', device: GPUDevice): void {
  if (destroyLater?.call !== call || destroyLater.after-- > 0) return;
  destroyLater = null;
  device.destroy();
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
  watchBuffers();
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

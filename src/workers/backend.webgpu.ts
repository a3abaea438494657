import { env, findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { BackendRefusal, inTime, type GpuComplaint, type OpenBackend, type OpenOptions } from './backend.ts';
import { isSoftwareAdapter } from './backend.software.ts';

/** Opens WebGPU with the adapter's own limits; the defaults make large layers come out as zeros, silently. */

const wantedLimits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeInvocationsPerWorkgroup',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

interface OlderAdapter {
  readonly info?: Partial<GPUAdapterInfo>;
  readonly isFallbackAdapter?: boolean;
}

export async function openWebgpu({ chosen, onLost }: OpenOptions): Promise<OpenBackend> {
  const asked = navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  const adapter = await inTime(asked, 'no adapter came');
  if (!adapter) throw new BackendRefusal('no-adapter');
  // Chromium before 127 says nothing of its adapters, and tells imitations elsewhere.
  const { info = {}, isFallbackAdapter } = adapter as OlderAdapter;
  const description = [info.vendor, info.architecture, info.device, info.description]
    .filter(Boolean)
    .join(' ');
  const software = (info.isFallbackAdapter ?? isFallbackAdapter) === true || isSoftwareAdapter(description);
  if (software && !chosen) throw new BackendRefusal('software-gpu', description);

  // The adapter is asked before the package is fetched: where it is refused, nobody pays for the download.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]));
  // The GPU's own clock, for the time of each layer; computing needs none.
  const requiredFeatures: GPUFeatureName[] = adapter.features.has('timestamp-query')
    ? ['timestamp-query']
    : [];
  const promised = adapter.requestDevice({ requiredLimits, requiredFeatures });
  const device = await inTime(promised, 'no device came', (late) => late.destroy());
  const backend = new WebGPUBackend(device, info as GPUAdapterInfo);
  // A real GPU takes many dispatches a submit; an imitation would keep the device busy until the watchdog resets it.
  env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', software ? 1 : 15);
  if (findBackendFactory('webgpu')) removeBackend('webgpu');
  registerBackend('webgpu', () => backend, 3);

  const complaints: GpuComplaint[] = [];
  let closed = false;
  device.addEventListener('uncapturederror', ({ error }) => {
    const kind =
      error instanceof GPUOutOfMemoryError
        ? 'out-of-memory'
        : error instanceof GPUValidationError
          ? 'validation'
          : 'internal';
    complaints.push({ kind, message: error.message });
  });
  void device.lost.then(({ message }) => {
    if (!closed) onLost(message || 'the graphics device was lost');
  });
  return {
    threads: 0,
    adapter: description,
    software,
    exclusive: true,
    purge: () => purgeBuffers(backend),
    gpuBytes: () => backend.memory().numBytesAllocatedInGPU,
    takeComplaints: () => complaints.splice(0),
    close: () => {
      closed = true;
      device.destroy();
    },
  };
}

/** The inside of tfjs 4.22.0's BufferManager, which has no method to free what no tensor uses. */
interface FreeBuffers {
  freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
}

/** Destroys the pooled buffers. The lists stay as empty lists: tfjs takes an empty map for a disposed manager. */
function purgeBuffers(backend: WebGPUBackend): void {
  // Work that is recorded but not submitted would use a destroyed buffer.
  const pending = (backend as unknown as { commandEncoder: GPUCommandEncoder | null }).commandEncoder;
  if (pending) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  const manager = backend.bufferManager as unknown as FreeBuffers;
  for (const buffers of manager.freeBuffers.values()) {
    for (const buffer of buffers) {
      manager.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
    buffers.length = 0;
  }
  manager.numFreeBuffers = 0;
}

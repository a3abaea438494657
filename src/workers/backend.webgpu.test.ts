import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BackendRefusal, patienceMs } from './backend.ts';
import { openWebgpu } from './backend.webgpu.ts';

/** Adapters as no build machine has them: what is asked of them, and what is said where they give nothing. */

/** WebGPU's default limits: what every adapter has, and some have no more. */
const smallest = {
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxStorageBuffersPerShaderStage: 8,
  maxBufferSize: 256 * 2 ** 20,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeInvocationsPerWorkgroup: 256,
};

interface FakeAdapter {
  readonly info?: Partial<GPUAdapterInfo> | undefined;
  readonly isFallbackAdapter?: boolean;
  readonly limits: typeof smallest;
  readonly features: ReadonlySet<string>;
  requestDevice(asked: GPUDeviceDescriptor): Promise<unknown>;
}

const adapterOf = (more: Partial<FakeAdapter> = {}): FakeAdapter => ({
  info: { vendor: 'acme', architecture: 'one', device: '', description: '' },
  limits: smallest,
  features: new Set(),
  requestDevice: () => Promise.reject(new Error('no more of it')),
  ...more,
});

const offer = (requestAdapter: () => Promise<FakeAdapter | null>) =>
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
const never = <T>(): Promise<T> => new Promise(() => undefined);

async function refusal(): Promise<unknown> {
  let error: unknown;
  void openWebgpu({ chosen: false, onLost: () => undefined }).catch((caught: unknown) => (error = caught));
  // The package of the backend comes in its own time.
  while (error === undefined) await vi.advanceTimersByTimeAsync(patienceMs);
  return error;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an adapter', () => {
  it('that is none is refused as that', async () => {
    offer(async () => null);
    expect(await refusal()).toMatchObject({ reason: 'no-adapter' });
  });

  it('that never comes is not waited for', async () => {
    offer(never);
    const error = await refusal();
    expect(error).toBeInstanceOf(BackendRefusal);
    expect(error).toMatchObject({ reason: 'no-answer', detail: 'no adapter came within 20 s' });
  });

  it('that fails says why', async () => {
    offer(() => Promise.reject(new Error('the GPU process was blocked')));
    expect(await refusal()).toMatchObject({ message: 'the GPU process was blocked' });
  });

  it('of a browser that says nothing of it is taken for a card, unless it is said to be a fallback', async () => {
    const asked: GPUDeviceDescriptor[] = [];
    const requestDevice = (wanted: GPUDeviceDescriptor) => {
      asked.push(wanted);
      return Promise.reject(new Error('no more of it'));
    };
    const nameless = adapterOf({ requestDevice, info: undefined });
    offer(async () => nameless);
    expect(await refusal()).toMatchObject({ message: 'no more of it' });
    offer(async () => ({ ...nameless, isFallbackAdapter: true }));
    expect(await refusal()).toMatchObject({ reason: 'software-gpu' });
    expect(asked).toHaveLength(1);
  });
});

describe('a device', () => {
  /** What is asked of an adapter with these features and limits. */
  async function askedOf(more: Partial<FakeAdapter>): Promise<GPUDeviceDescriptor> {
    const asked: GPUDeviceDescriptor[] = [];
    const requestDevice = (wanted: GPUDeviceDescriptor) => {
      asked.push(wanted);
      return Promise.reject(new Error('no more of it'));
    };
    offer(async () => adapterOf({ ...more, requestDevice }));
    await refusal();
    expect(asked).toHaveLength(1);
    return asked[0]!;
  }

  it('is asked for nothing that its adapter has not', async () => {
    expect(await askedOf({})).toEqual({ requiredLimits: smallest, requiredFeatures: [] });
    const limits = { ...smallest, maxStorageBufferBindingSize: 2 ** 31 - 4 };
    expect((await askedOf({ limits })).requiredLimits).toEqual(limits);
  });

  it('computes in full precision, with shader-f16 and without; the clock is asked for where there is one', async () => {
    const features = new Set(['shader-f16', 'timestamp-query', 'subgroups']);
    expect((await askedOf({ features })).requiredFeatures).toEqual(['timestamp-query']);
  });

  it('that never comes is not waited for, and is given back where it comes after all', async () => {
    let come: (device: unknown) => void = () => undefined;
    const requestDevice = () => new Promise((resolve) => (come = resolve));
    offer(async () => adapterOf({ requestDevice }));
    expect(await refusal()).toMatchObject({
      reason: 'no-answer',
      detail: 'no device came within 20 s',
    });
    const destroy = vi.fn();
    come({ destroy });
    await vi.waitFor(() => expect(destroy).toHaveBeenCalledOnce());
  });

  it('that is refused says why', async () => {
    offer(async () => adapterOf());
    expect(await refusal()).toMatchObject({ message: 'no more of it' });
  });
});

import { describe, expect, it } from 'vitest';
import { loadingBytes, runFit, type DeviceBytes, type RunBytes } from './memoryRun.ts';

const GiB = 2 ** 30;
const roomy: DeviceBytes = { heap: null, memory: 64 * GiB, largest: 4 * GiB, kernelCopies: 0 };
/** About what VGG-16 and SqueezeNet need. */
const large: RunBytes = {
  weights: 553e6,
  kernels: 59e6,
  activations: 110e6,
  largest: { bytes: 12.8e6, node: 'conv1_1' },
};
const small: RunBytes = {
  weights: 5e6,
  kernels: 5e6,
  activations: 30e6,
  largest: { bytes: 3e6, node: 'conv1' },
};

describe('whether it fits', () => {
  it('needs weights, activations and room for loading; copies of the kernels where the backend makes them', () => {
    const plain = large.weights + large.activations + loadingBytes;
    expect(runFit(large, roomy)).toEqual({ neededBytes: plain, availableBytes: 64 * GiB, fits: 'yes' });
    expect(runFit(large, { ...roomy, kernelCopies: 2 }).neededBytes).toBe(plain + 2 * large.kernels);
  });

  it('is tight above half of the memory or three quarters of the heap, and not above either', () => {
    const { neededBytes } = runFit(large, roomy);
    const fits = (limits: Partial<DeviceBytes>) => runFit(large, { ...roomy, ...limits }).fits;
    expect(fits({ memory: 2.1 * neededBytes })).toBe('yes');
    expect(fits({ memory: 1.9 * neededBytes })).toBe('tight');
    expect(fits({ memory: 0.99 * neededBytes })).toBe('no');
    expect(fits({ heap: 1.4 * neededBytes })).toBe('yes');
    expect(fits({ heap: 1.3 * neededBytes })).toBe('tight');
    expect(fits({ heap: 0.99 * neededBytes })).toBe('no');
  });

  it('available is the smaller of heap and memory', () => {
    expect(runFit(large, { ...roomy, heap: 4 * GiB, memory: 2 * GiB }).availableBytes).toBe(2 * GiB);
    expect(runFit(large, { ...roomy, heap: 4 * GiB, memory: null }).availableBytes).toBe(4 * GiB);
    expect(runFit(large, { ...roomy, memory: null }).availableBytes).toBeNull();
  });

  it('is not known of a large network where the device does not tell its memory', () => {
    const silent = { ...roomy, heap: 4 * GiB, memory: null };
    expect(runFit(large, silent).fits).toBe('unknown');
    expect(runFit(small, silent).fits).toBe('yes');
  });

  it('does not where one array alone is too large: its node is named', () => {
    const fit = runFit(large, { ...roomy, largest: 10 * 2 ** 20 });
    expect(fit).toMatchObject({ fits: 'no', tooLarge: { node: large.largest.node } });
  });
});
